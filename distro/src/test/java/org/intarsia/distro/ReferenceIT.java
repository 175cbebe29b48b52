package org.intarsia.distro;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Completion scripts and manual page of the box hold every command and option, and the shells that are here take them. */
class ReferenceIT extends Launched {
    private static final Pattern COMMAND = Pattern.compile("name=\"intarsia\\.command\"[^>]*value=\"([^\"]+)\"");
    private static final List<String> SHELLS = List.of("bash", "zsh", "fish");
    /** The page explains these once. */
    private static final Set<String> COMMON = Set.of("--json", "--verbose", "--help");
    /** Prints, for each line of words, what the script offers behind them where an option begins. */
    private static final String ASK = """
            source ./bash
            compopt() { :; }
            while read -ra words; do
                COMP_WORDS=(intarsia "${words[@]}" --)
                COMP_CWORD=$((${#words[@]} + 1))
                _intarsia
                echo "${COMPREPLY[@]}"
            done <commands
            """;

    @Test
    void theyHoldEveryCommandAndOption() throws Exception {
        Set<String> commands = declared();
        Files.writeString(folder.resolve("ask.gogo"), Stream.concat(
                Stream.concat(SHELLS.stream().map(shell -> "completion " + shell + " --json"), Stream.of("man --json")),
                commands.stream().map(command -> "help " + command + " --json")).collect(Collectors.joining("\n")));
        Call call = call("run", "ask.gogo");
        assertThat(call.err()).isEmpty();
        List<JsonNode> lines = new ArrayList<>();
        for (String line : call.out().lines().toList()) {
            lines.add(new ObjectMapper().readTree(line));
        }
        Map<String, String> scripts = new TreeMap<>();
        for (int i = 0; i < SHELLS.size(); i++) {
            scripts.put(SHELLS.get(i), lines.get(i).get("script").textValue());
            Files.writeString(folder.resolve(SHELLS.get(i)), scripts.get(SHELLS.get(i)) + "\n");
        }
        String page = lines.get(SHELLS.size()).get("page").textValue();
        Map<String, List<String>> options = new TreeMap<>();
        for (JsonNode syntax : lines.subList(SHELLS.size() + 1, lines.size())) {
            List<String> names = new ArrayList<>();
            syntax.get("options").forEach(option -> names.add(option.get("name").textValue()));
            options.put(syntax.get("command").textValue(), names);
        }

        assertThat(options.keySet()).isEqualTo(commands);
        assertThat(options.values()).allSatisfy(names -> assertThat(names).contains("--json", "--help"));
        options.forEach((command, names) -> {
            assertThat(part(scripts.get("zsh"), "        ('" + command + "')\n", ";;")).as("zsh: " + command)
                    .contains(names);
            assertThat(scripts.get("fish")).as("fish: " + command)
                    .contains(names.stream().map(name -> "'__intarsia_calls " + command + "' -l " + name.substring(2) + " ").toList());
            assertThat(names.stream().filter(name -> !COMMON.contains(name)).map(ReferenceIT::inRoff)).allSatisfy(name ->
                    assertThat(part(page, ".SS \"" + command + " ", "\n.S")).as("manual page: " + command).contains(name));
        });
        assertThat(page).contains(COMMON.stream().map(ReferenceIT::inRoff).toList()).doesNotContain("waits for a service");
        takeEachScript();
        assertThat(offeredByBash(options.keySet())).isEqualTo(options);
    }

    private static String inRoff(String option) {
        return ".B \"" + option.replace("-", "\\-");
    }

    private static String part(String text, String begin, String end) {
        assertThat(text).contains(begin);
        String rest = text.substring(text.indexOf(begin));
        return rest.substring(0, rest.indexOf(end, begin.length()));
    }

    /** Commands and tasks as the descriptions of the components in the box name them. */
    private static Set<String> declared() throws IOException {
        Set<String> commands = new TreeSet<>();
        try (Stream<Path> jars = Files.list(Path.of("target/intarsia/bundles"))) {
            for (Path path : jars.filter(jar -> jar.getFileName().toString().startsWith("org.intarsia.")).toList()) {
                try (JarFile jar = new JarFile(path.toFile())) {
                    for (JarEntry entry : jar.stream().filter(found -> found.getName().matches("OSGI-INF/[^/]*\\.xml")).toList()) {
                        String component = new String(jar.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
                        COMMAND.matcher(component).results().forEach(found -> commands.add(found.group(1)));
                    }
                }
            }
        }
        assertThat(commands).contains("imagine", "weights convert", "train lora");
        return commands;
    }

    private void takeEachScript() throws Exception {
        for (String shell : SHELLS) {
            if (isThere(shell)) {
                assertThat(run(shell, "-n", shell)).as(shell).isEmpty();
            }
        }
    }

    private Map<String, List<String>> offeredByBash(Set<String> commands) throws Exception {
        Files.write(folder.resolve("commands"), commands);
        assertThat(isThere("bash")).isTrue();
        List<String> offered = run("bash", "--norc", "-c", ASK).lines().toList();
        Map<String, List<String>> options = new TreeMap<>();
        int line = 0;
        for (String command : commands) {
            options.put(command, Arrays.asList(offered.get(line++).split(" ")));
        }
        return options;
    }

    private static boolean isThere(String program) {
        return Stream.of(System.getenv("PATH").split(":")).anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
        process.getOutputStream().close();
        Call call = end(process);
        assertThat(call.status()).as(call.out()).isZero();
        return call.out();
    }
}
