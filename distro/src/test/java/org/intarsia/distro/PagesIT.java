package org.intarsia.distro;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.example.palette.command.Palette;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs the commands of the README and of the pages in {@code docs}, in a folder of their own for each page, and compares what
 * they print with what the page shows.
 *
 * <p>A block {@code sh} holds commands, {@code console} commands behind {@code $} with their output, where {@code …} stands
 * for anything, and {@code gogo} a script. A block {@code no-test} is not run; a comment above it says why. {@code mvn} is not
 * run, since this test is a part of it.
 *
 * <p>The README's commands run as they are written. Commands of other pages that need nothing of the system's shell run one after
 * the other in one process, as a Gogo script, since most of the time goes into starting the platform. After {@code serve} the
 * server runs to the end of the page, on a free port. {@code -Dpage=http} runs the pages alone whose names have that in them.
 */
class PagesIT extends Launched {
    private static final long SECONDS = 300;
    /** The status of a process that ended at SIGTERM. */
    private static final int TERMINATED = 143;
    private static final String INTARSIA = "distro/intarsia ";
    private static final String ANYTHING = "…";
    private static final Path LLAMA = Path.of("../bundles/transformer.core/src/test/resources/fixtures/llama");
    private static final Pattern SHELL = Pattern.compile("[<>|&;$`]");
    private static final Pattern MARK = Pattern.compile("(?m)^line (\\d+)$\\n?");
    private static final Pattern ADDRESS = Pattern.compile("(localhost|127\\.0\\.0\\.1):8080");
    /** Bytes of pictures, which no page shows whole. */
    private static final Pattern LONG = Pattern.compile("([\\w+/]{16})[\\w+/=]{200,}");
    private static final Pattern MAVEN_TEST = Pattern.compile("-D(?:it\\.)?test=(\\w+)");
    private static final Set<String> NOT_TESTED = new TreeSet<>();

    private final List<Page.Command> script = new ArrayList<>();
    private Path deploy;

    static Stream<Page> pages() throws IOException {
        return Page.all().filter(page -> page.name().contains(System.getProperty("page", "")));
    }

    /** Makes what the pages name: a checkpoint DIR (a tiny Llama with a chat template), pictures, prompts, a recipe, a bundle. */
    @BeforeEach
    void makeStandIns() throws IOException, URISyntaxException {
        // What has left does not come back on a page.
        options = " -Dintarsia.engine.patience=1";
        deploy = Files.createDirectories(folder.resolve("distro/deploy"));
        Path script = Files.writeString(folder.resolve(INTARSIA.strip()), "#!/bin/sh\nexec '" + Path.of("intarsia").toAbsolutePath() + "' \"$@\"\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        copyAll(Path.of("scripts"), Files.createDirectory(folder.resolve("distro/scripts")));
        Files.copy(Path.of("doc/star.png"), folder.resolve("star.png"));
        Path model = Files.createDirectory(folder.resolve("DIR"));
        copyAll(LLAMA, model);
        for (String reference : List.of("golden.safetensors", "golden.json")) {
            Files.move(model.resolve(reference), folder.resolve(reference));
        }
        Files.writeString(model.resolve("chat_template.jinja"), "{% for message in messages %}{{ message['content'] }}{% endfor %}");
        Files.writeString(folder.resolve("lines.jsonl"), "\"a red star\"\n");
        Files.writeString(folder.resolve("prompts.txt"), "The house is red\n");
        Files.copy(Path.of("itest/src/main/resources/tiny-recipe.json"), folder.resolve("recipe.json"));
        Files.copy(Path.of(Palette.class.getProtectionDomain().getCodeSource().getLocation().toURI()), folder.resolve("FILE.jar"));
    }

    private static void copyAll(Path source, Path target) throws IOException {
        try (Stream<Path> files = Files.list(source)) {
            for (Path file : files.toList()) {
                Files.copy(file, target.resolve(file.getFileName()));
            }
        }
    }

    @Override
    ProcessBuilder prepared(List<String> command) throws IOException {
        ProcessBuilder builder = super.prepared(command);
        builder.environment().put("INTARSIA_DEPLOY", deploy.toString());
        return builder;
    }

    @AfterAll
    static void tellWhatIsNotTested() {
        System.out.println("Not tested on the pages:");
        NOT_TESTED.forEach(place -> System.out.println("  " + place));
    }

    @ParameterizedTest
    @MethodSource("pages")
    void theCommandsOfAPageDoWhatItSays(Page page) throws Exception {
        Serving[] server = new Serving[1];
        try {
            for (Page.Block block : page.blocks()) {
                String place = page + ":" + block.line();
                switch (block.language()) {
                    case "sh", "console" -> {
                        if (isTested(block, place)) {
                            runAll(page, block, server);
                        }
                    }
                    case "gogo" -> {
                        if (isTested(block, place)) {
                            script.add(new Page.Command(block.line(), block.text(), Optional.empty()));
                        }
                    }
                    default -> assertThat(block.lines()).as(place + " looks like commands; call it sh or console")
                            .noneMatch(line -> line.startsWith("$ ") || line.startsWith(INTARSIA));
                }
            }
            flush(page);
            if (server[0] != null) {
                assertThat(server[0].isHealthy()).as(page + ": the server is healthy").isTrue();
                assertThat(server[0].terminate()).as(server[0].errors()).isEqualTo(TERMINATED);
            }
        } finally {
            if (server[0] != null) {
                server[0].close();
            }
        }
    }

    private static boolean isTested(Page.Block block, String place) {
        if (!block.isTested()) {
            assertThat(block.reason()).as(place + " is not tested; say why in a comment above it: <!-- not tested: … -->").isPresent();
            NOT_TESTED.add(place + " " + block.reason().orElseThrow());
        }
        return block.isTested();
    }

    private void runAll(Page page, Page.Block block, Serving[] server) throws Exception {
        for (Page.Command command : block.commands()) {
            String place = page + ":" + command.line() + " " + command.text();
            if (command.text().startsWith("mvn ")) {
                checkMaven(command, place);
            } else if (command.text().startsWith(INTARSIA + "serve")) {
                flush(page);
                server[0] = serve(command);
            } else if (page.name().startsWith("docs") && command.text().startsWith(INTARSIA) && !SHELL.matcher(command.text()).find()) {
                script.add(new Page.Command(command.line(), command.text().substring(INTARSIA.length()), command.output()));
            } else {
                flush(page);
                runInShell(command, place, server[0]);
            }
        }
    }

    /** What Maven is asked for must be there. */
    private static void checkMaven(Page.Command command, String place) throws IOException {
        NOT_TESTED.add(place + " – Maven runs this test");
        for (Matcher test = MAVEN_TEST.matcher(command.text()); test.find();) {
            String file = test.group(1) + ".java";
            try (Stream<Path> files = Files.walk(Page.ROOT)) {
                assertThat(files.anyMatch(found -> found.endsWith(file))).as(place).isTrue();
            }
        }
    }

    private Serving serve(Page.Command command) throws IOException {
        String[] words = (command.text().substring(INTARSIA.length()).replaceAll(" --port \\d+", "") + " --port 0").split(" ");
        return new Serving(prepared(words), folder.resolve("serve.log"));
    }

    private void runInShell(Page.Command command, String place, Serving server) throws Exception {
        String text = server == null ? command.text() : ADDRESS.matcher(command.text()).replaceAll("$1:" + server.port());
        String out = run(prepared(List.of("sh", "-c", text)), place);
        command.output().ifPresent(expected -> compare(place, expected, out));
    }

    /** Runs the commands that were gathered. */
    private void flush(Page page) throws Exception {
        if (script.isEmpty()) {
            return;
        }
        Path file = folder.resolve("page.gogo");
        Files.writeString(file, script.stream().map(command -> "echo 'line " + command.line() + "'\n" + command.text() + "\n")
                .collect(Collectors.joining()));
        String out = run(prepared("run", file.getFileName().toString()), page.name());
        for (Page.Command command : script) {
            Matcher begin = MARK.matcher(out);
            assertThat(begin.results().filter(mark -> mark.group(1).equals(Integer.toString(command.line()))).findFirst())
                    .as(page + ":" + command.line()).hasValueSatisfying(mark -> command.output().ifPresent(expected -> {
                        Matcher end = MARK.matcher(out);
                        int last = end.find(mark.end()) ? end.start() : out.length();
                        compare(page + ":" + command.line() + " " + command.text(), expected, out.substring(mark.end(), last));
                    }));
        }
        script.clear();
    }

    /** Runs a process in the folder, and gives what it printed. */
    private String run(ProcessBuilder builder, String place) throws IOException, InterruptedException {
        Path out = folder.resolve("out.txt");
        Process process = builder.redirectErrorStream(true).redirectOutput(out.toFile()).redirectInput(Path.of("/dev/null").toFile()).start();
        try {
            assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).as(place + " ends").isTrue();
        } finally {
            process.destroyForcibly();
        }
        // Commands of a script name files by their whole path.
        String text = Files.readString(out).replace(folder.toRealPath() + "/", "");
        text = LONG.matcher(text).replaceAll("$1" + ANYTHING);
        assertThat(process.exitValue()).as(place + " printed\n" + text).isZero();
        return text;
    }

    /** Compares without white space, since pages break long lines. */
    private static void compare(String place, String expected, String actual) {
        String[] pieces = expected.replaceAll("\\s+", "").split(ANYTHING, -1);
        String found = actual.replaceAll("\\s+", "");
        assertThat(found).as(place).startsWith(pieces[0]).endsWith(pieces[pieces.length - 1]);
        int at = 0;
        for (String piece : pieces) {
            int next = found.indexOf(piece, at);
            assertThat(next).as("%s printed%n%s%nwithout%n%s", place, actual, piece).isNotNegative();
            at = next + piece.length();
        }
    }
}
