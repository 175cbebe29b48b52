package org.intarsia.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Lets Jazzer break files, in a JVM of its own: it may come to an end. */
class FuzzTest {
    private static final Path FOLDER = Path.of(System.getProperty("fuzz.folder"));
    private static final Pattern COUNT = Pattern.compile("fuzzed (\\w+): (\\d+) inputs");

    @Test
    void brokenFilesEndInOneTypedException() throws Exception {
        Path corpus = Files.createDirectories(FOLDER.resolve("corpus"));
        Path seeds = Files.createDirectories(FOLDER.resolve("seeds"));
        Path findings = Files.createDirectories(FOLDER.resolve("findings"));
        List<Target> targets = Driver.targets(System.getProperty("fuzz.targets", ""));
        new Seeds(seeds, targets).write();
        Path log = FOLDER.resolve("log.txt");
        Process jazzer = new ProcessBuilder(command(corpus, seeds, findings)).redirectErrorStream(true)
                .redirectOutput(log.toFile()).start();

        assertThat(jazzer.waitFor()).as(() -> "finding: " + read(log)).isZero();

        List<String> tried = new ArrayList<>();
        long inputs = 0;
        Matcher counts = COUNT.matcher(read(log));
        while (counts.find()) {
            tried.add(counts.group(1));
            inputs += Long.parseLong(counts.group(2));
            System.out.println(counts.group());
        }
        assertThat(tried).containsExactlyInAnyOrderElementsOf(targets.stream().map(Target::name).toList());
        assertThat(inputs).isGreaterThan(1000);
    }

    private static List<String> command(Path corpus, Path seeds, Path findings) {
        return List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-Djava.awt.headless=true",
                "-Dfuzz.tree=" + System.getProperty("fuzz.tree"), "-Dfuzz.targets=" + System.getProperty("fuzz.targets", ""),
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=off", "-cp", System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer", "--target_class=" + Driver.class.getName(),
                "--instrumentation_includes=org.intarsia.**", "--custom_hook_includes=org.intarsia.**",
                // Adapters hold regular expressions, as PEFT has it: they are meant to be compiled, and are bounded when they match.
                "--disabled_hooks=com.code_intelligence.jazzer.sanitizers.RegexInjection", "--reproducer_path=" + findings,
                "-artifact_prefix=" + findings + "/", "-seed=" + System.getProperty("fuzz.seed"),
                "-runs=" + System.getProperty("fuzz.runs"), "-max_total_time=" + System.getProperty("fuzz.seconds"),
                "-timeout=10", "-max_len=4096", "-print_final_stats=1", corpus.toString(), seeds.toString());
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
