package org.intarsia.distro;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code distro/intarsia} as a user calls it: words in; a status, output and error lines out. */
class ScriptIT extends Launched {
    @Test
    void aResultGoesToStandardOutputAndNothingElseIsSaid() throws Exception {
        Call call = call("version");

        assertThat(call.err()).isEmpty();
        assertThat(call.out()).startsWith("Intarsia ").hasLineCount(1);
        assertThat(call.status()).isZero();
    }

    @Test
    void jsonIsOneLine() throws Exception {
        Call call = call("backends", "--json");

        assertThat(call.err()).isEmpty();
        assertThat(call.out()).startsWith("[{\"name\":\"cpu\"").hasLineCount(1);
    }

    @Test
    void aWrongCallIsOneLineAndStatusTwo() throws Exception {
        assertThat(call("versoin")).isEqualTo(new Call(2, "",
                "intarsia: there is no command versoin; did you mean version? (`intarsia help` lists them)\n"));
        assertThat(call("version", "--jsno")).isEqualTo(new Call(2, "",
                "intarsia: version: unknown option --jsno; did you mean --json?\n"));
    }

    @Test
    void everyLetterArrivesAsItIs() throws Exception {
        String name = "ein \"grüner\" Stern; $HOME {x} [y] 'z' *.gosh";

        assertThat(call("run", name)).isEqualTo(new Call(1, "",
                "intarsia: " + name + ": there is no such file or folder\n"));
    }

    @Test
    void aScriptRunsInTheCallersFolderAndEndsAtItsFirstFailure() throws Exception {
        Files.writeString(folder.resolve("good.gosh"), "version\nversion --json\n");
        Files.writeString(folder.resolve("bad.gosh"), "version\nversion --jsno\nversion\n");

        Call good = call("run", "good.gosh");
        assertThat(good.out()).hasLineCount(2);
        assertThat(good.status()).isZero();
        Call bad = call("run", "bad.gosh");
        assertThat(bad.out()).hasLineCount(1);
        assertThat(bad.err()).hasLineCount(1);
        assertThat(bad.status()).isEqualTo(2);
    }

    /** All but the one that {@link #aPictureWhoseBackendIsSwappedHalfwayIsTheSame} runs. */
    static Stream<Path> examples() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("scripts"))) {
            return files.map(Path::toAbsolutePath).filter(file -> !file.endsWith("swap-halfway.gogo")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void everyExampleScriptRunsToItsEnd(Path script) throws Exception {
        Call call = call("run", script.toString());

        assertThat(call.err()).isEmpty();
        assertThat(call.out()).isNotBlank();
        assertThat(call.status()).isZero();
    }

    @Test
    void aPictureWhoseBackendIsSwappedHalfwayIsTheSame() throws Exception {
        Call call = call("run", Path.of("scripts/swap-halfway.gogo").toAbsolutePath().toString());

        assertThat(call.out()).contains("halves.png: identical ");
        String record = Files.readString(folder.resolve("halves.png"), StandardCharsets.ISO_8859_1);
        String other = call.out().lines().findFirst().orElseThrow().replace("the second half is made by ", "");
        assertThat(record).contains("cpu/cpu org.intarsia.backend.cpu").contains("org.intarsia.backend." + other);
    }

    @Test
    void aStackTraceAppearsOnlyWhereAsked() throws Exception {
        assertThat(call("run", "none").err()).hasLineCount(1);
        assertThat(call("run", "none", "--verbose").err()).contains("NoSuchFileException", "\tat ");
    }

    @Test
    void processesSideBySideKeepOutOfEachOthersWayAndTidyUp() throws Exception {
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            processes.add(start("version"));
        }
        for (Process process : processes) {
            assertThat(end(process).status()).isZero();
        }
        try (var left = Files.list(temporary())) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void whatAKilledProcessLeavesTheNextOneRemoves() throws Exception {
        Process process = open();
        assertThat(process.inputReader().readLine()).isNotNull();
        process.destroyForcibly().waitFor();
        assertThat(storages()).hasSize(1);

        assertThat(call("version").status()).isZero();
        assertThat(storages()).isEmpty();
    }

    private List<Path> storages() throws IOException {
        try (Stream<Path> files = Files.list(temporary())) {
            return files.filter(file -> file.getFileName().toString().startsWith("intarsia-")).toList();
        }
    }

    @Test
    void loopsAndVariablesWorkInScripts() throws Exception {
        Files.writeString(folder.resolve("loop.gosh"), """
                found = (models)
                each $found { echo "model $(($it name))" }
                components | grep 'chameleon .org.intarsia.transformer'
                """);

        Call call = call("run", "loop.gosh");
        assertThat(call.err()).isEmpty();
        assertThat(call.out().lines()).hasSize(2).startsWith("model picturebook");
    }
}
