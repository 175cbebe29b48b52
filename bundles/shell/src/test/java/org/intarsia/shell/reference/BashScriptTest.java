package org.intarsia.shell.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** Asks bash, as its line editor does, for the words that it offers with the script. */
@EnabledIf("bashIsThere")
class BashScriptTest {
    /** Calls the completion function with the words that follow, the last of them unfinished, and prints what it offers. */
    private static final String ASK = """
            source ./script
            COMP_WORDS=(intarsia "$@")
            COMP_CWORD=$#
            compopt() { :; }
            _intarsia
            ((${#COMPREPLY[@]})) && printf '%s\\n' "${COMPREPLY[@]}"
            true
            """;

    @TempDir
    private Path folder;

    static boolean bashIsThere() {
        return Files.isExecutable(Path.of("/bin/bash"));
    }

    @BeforeEach
    void write() throws IOException {
        Files.writeString(folder.resolve("script"), BashScript.of(Sample.REFERENCE));
        Files.writeString(folder.resolve("a star.png"), "");
    }

    private List<String> offered(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("/bin/bash", "--norc", "-uc", ASK, "bash"));
        command.addAll(Arrays.asList(words));
        Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(out).isZero();
        return out.lines().toList();
    }

    @Test
    void theFirstWordIsACommand() throws Exception {
        assertThat(offered("")).containsExactly("copy", "paint", "weights");
        assertThat(offered("p")).containsExactly("paint");
    }

    @Test
    void optionsAreOfferedOnceUnlessTheyRepeat() throws Exception {
        assertThat(offered("paint", "--")).contains("--model", "--image", "--quick", "--json");
        assertThat(offered("paint", "--quick", "--image", "a.png", "--")).contains("--model", "--image").doesNotContain("--quick");
        assertThat(offered("paint", "a star", "")).contains("--model");
    }

    @Test
    void anOptionHasItsValues() throws Exception {
        assertThat(offered("paint", "--precision", "")).containsExactly("exact", "fast");
        assertThat(offered("paint", "--precision", "=", "f")).containsExactly("fast");
        assertThat(offered("paint", "--precision", "=")).containsExactly("exact", "fast");
        assertThat(offered("paint", "--device", "")).isEmpty();
        assertThat(offered("paint", "--image", "a")).containsExactly("a star.png");
        assertThat(offered("paint", "--model", "")).containsExactly("picturebook", "a star.png", "script");
    }

    @Test
    void positionalsComeInTheirOrderAndTheLastRepeats() throws Exception {
        assertThat(offered("copy", "")).containsExactly("all", "some");
        assertThat(offered("copy", "all", "--json", "a")).containsExactly("a star.png");
        assertThat(offered("copy", "all", "x", "y", "a")).containsExactly("a star.png");
        assertThat(offered("copy", "--", "--json", "s")).containsExactly("script");
    }

    @Test
    void aTaskHasItsOwnArguments() throws Exception {
        assertThat(offered("weights", "")).containsExactly("convert");
        assertThat(offered("weights", "convert", "--encoding", "Q")).containsExactly("Q8_0");
        assertThat(offered("weights", "convert", "--e")).containsExactly("--encoding");
    }

    @Test
    void whatIsTypedIsNotRun() throws Exception {
        assertThat(offered("paint", "$(touch ran)", "--$(touch ran)", "`touch ran`")).isEmpty();
        assertThat(folder.resolve("ran")).doesNotExist();
    }
}
