package org.intarsia.distro;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** The shell on a real terminal: Ctrl-C, mistakes, quotes, files and completion. */
class TerminalIT extends Launched {
    private static final String CONFIG = """
            {"model_type": "llama", "hidden_size": 384, "intermediate_size": 1024, "num_hidden_layers": 1,
             "num_attention_heads": 4, "vocab_size": 128256, "max_position_embeddings": 64}""";

    private static final Pattern WRITTEN = Pattern.compile("interrupted; ([0-9]+) of 100 were written");

    /**
     * A line that works for a long time.
     *
     * @param shown what it shows while it works
     * @param told  the one line that it ends with
     */
    private record Long(String line, String shown, String told) {
    }

    @Test
    void ctrlCEndsEveryLongCommandAndTheShellGoesOn() throws Exception {
        Files.writeString(folder.resolve("config.json"), CONFIG);
        Files.writeString(folder.resolve("night.gosh"), "version\nimagine 'a red star' --count 100 --out night.png\nversion\n");
        Files.writeString(folder.resolve("prompts.txt"), "a red star\n".repeat(100));
        List<Long> all = List.of(
                new Long("imagine 'a red star' --count 100 --out a.png", "picture 9 of", "interrupted; [0-9]+ of 100 were written: .*a-1.png to .*a-[0-9]+.png"),
                new Long("complete 'a red star' --max 5000", "picture 1: ", "interrupted; nothing was written"),
                new Long("evaluate", "[0-9]+ %", "the (generation|evaluation) was interrupted"),
                new Long("bench", "[a-z]", "interrupted"),
                new Long("verify backend cpu", "case [0-9]+ of", "verify was interrupted"),
                new Long("soak --generations 2", "making|swaps", "interrupted"),
                new Long("compare picturebook picturebook --prompts prompts.txt", "[0-9]", "interrupted; nothing was written"),
                new Long("train picturebook --out mine", "learning the text tokenizer", "stopped; go on with: train picturebook"),
                new Long("weights random config.json --out in", "[a-z]", "interrupted; the same command goes on"),
                new Long("run night.gosh", "picture 9 of", "night.gosh:2: interrupted; [0-9]+ of 100 were written"),
                new Long("each [1 2] { imagine 'a red star' --count 100 --out b.png }", "picture 9 of", "interrupted; [0-9]+ of 100"),
                new Long("imagine 'a red star' --count 100 --out c.png > c.txt", "picture 9 of", "interrupted; [0-9]+ of 100"),
                new Long("echo begun; sleep 1000", "begun", "interrupted"),
                new Long("echo begun; events --follow", "begun", "interrupted"),
                new Long("echo begun; tokenize", "begun", "interrupted"));
        int written = 0;
        try (Typed shell = shell(Map.of())) {
            shell.await(Typed.PROMPT);
            for (Long one : all) {
                shell.begin(one.line()).await(one.shown());
                String told = shell.type(Typed.CTRL_C).await(Typed.PROMPT);
                assertThat(told).as(one.line()).containsPattern(one.told()).doesNotContain("Exception", "\tat ");
                written += written(told);
                assertThat(shell.line("version")).as("after " + one.line()).contains("Intarsia 0", "on org.apache.felix.framework");
            }
            shell.type("exit\r");
            assertThat(shell.end()).isZero();
        }
        assertThat(files(".png")).hasSize(written).hasSizeGreaterThanOrEqualTo(8 * 4);
        for (Path picture : files(".png")) {
            assertThat(ImageIO.read(picture.toFile())).isNotNull();
        }
    }

    @Test
    void ctrlCEndsASingleCommandWithNothingHalfWritten() throws Exception {
        try (Typed command = shell(Map.of(), "imagine", "there's a red star", "--count", "100", "--out", "a.png")) {
            command.await("picture 9 of");
            String told = command.type(Typed.CTRL_C).await("intarsia: interrupted; [0-9]+ of 100 were written: a-1.png to a-[0-9]+.png");
            assertThat(command.end()).isEqualTo(130);
            assertThat(files("")).hasSize(written(told)).hasSizeGreaterThanOrEqualTo(8).allMatch(file -> file.toString().endsWith(".png"));
        }
        try (Typed command = shell(Map.of(), "tokenize")) {
            // Reading from the terminal; what was typed is answered.
            command.type("\"a red star\"\n").await("\\[[0-9, ]+\\]");
            command.type(Typed.CTRL_C);
            assertThat(command.end()).isEqualTo(130);
        }
    }

    @Test
    void linesAreReadAsAPersonMeansThem() throws Exception {
        Files.writeString(folder.resolve("one.txt"), "first\n");
        Files.writeString(folder.resolve("two.txt"), "second\n");
        try (Typed shell = shell(Map.of("NO_COLOR", "1"))) {
            shell.await(Typed.PROMPT);
            assertThat(shell.line("versoin")).contains("there is no command versoin; did you mean version? (`help` lists them)")
                    .doesNotContain("Exception");
            assertThat(shell.line("version --jsno")).contains("version: unknown option --jsno; did you mean --json?");
            assertThat(shell.line("version --jsno --json")).contains(
                    "{\"error\":\"version: unknown option --jsno; did you mean --json?\",\"status\":2}");
            assertThat(shell.line("versoin --json")).contains(
                    "{\"error\":\"there is no command versoin; did you mean version? (`help` lists them)\",\"status\":2}");
            assertThat(shell.line("version --jsno --verbose")).contains("at org.intarsia.shell.api.");
            assertThat(shell.line("inspect nofile")).doesNotContain("Exception");
            assertThat(shell.line("echo \"there's a 50% {red} star!\" 'say \"hi\"'")).contains("there's a 50% {red} star! say \"hi\"");
            assertThat(shell.line("echo a dog's life")).contains("the quote that opens at column 11 is not closed");
            assertThat(shell.line("models; version")).contains(", default", "Intarsia 0");

            shell.line("models > m.txt");
            shell.line("version >> m.txt");
            shell.line("models | grep picturebook >> m.txt");
            assertThat(Files.readAllLines(folder.resolve("m.txt"))).hasSize(3)
                    .satisfiesExactly(line -> assertThat(line).startsWith("picturebook: "),
                            line -> assertThat(line).startsWith("Intarsia 0"), line -> assertThat(line).startsWith("picturebook: "));
            assertThat(shell.line("ls o*.txt t*.txt")).contains("one.txt", "two.txt");
            assertThat(shell.line("cat *o*e.txt none.txt")).contains("none.txt: there is no such file or folder");
            assertThat(shell.line("help")).contains("exit ", "history ");

            assertThat(shell.type(Typed.TAB).await("weights +\\(")).contains("imagine", "makes a new picture", "exit");
            shell.type(Typed.CTRL_C).await(Typed.PROMPT);
            shell.type("use backend " + Typed.TAB).await("backend cpu|cpu .*gpu|cpu +");
            assertThat(shell.type(Typed.CTRL_C).await(Typed.PROMPT)).doesNotContain("chameleon");
            shell.type("version > on" + Typed.TAB).await("one\\.txt");
            shell.type(Typed.CTRL_C).await(Typed.PROMPT);
            shell.type("exit\r");
            assertThat(shell.end()).isZero();
            assertThat(shell.all()).doesNotContainPattern("\033\\[[0-9;]*(3[0-7]|9[0-7])[0-9;]*m[a-z]");
        }
    }

    private Typed shell(Map<String, String> more, String... words) throws IOException {
        ProcessBuilder builder = prepared(words);
        Map<String, String> environment = new HashMap<>(builder.environment());
        environment.put("TERM", "xterm-256color");
        environment.put("HOME", Files.createDirectories(temporary()).toString());
        environment.putAll(more);
        return new Typed(builder.command(), folder, environment);
    }

    /** Returns how many pictures an interrupted command says that it has written: whole batches of eight, or none where it says nothing. */
    private static int written(String told) {
        Matcher number = WRITTEN.matcher(told);
        int written = number.find() ? Integer.parseInt(number.group(1)) : 0;
        assertThat(written % 8).as(told).isZero();
        return written;
    }

    private List<Path> files(String end) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).filter(file -> file.toString().endsWith(end)).sorted().toList();
        }
    }
}
