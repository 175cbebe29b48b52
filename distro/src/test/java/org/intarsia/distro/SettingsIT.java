package org.intarsia.distro;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The page of settings says what the bundles and the sources say, and nothing else. */
class SettingsIT {
    private static final Path PAGE = Path.of("../docs/settings.md");
    private static final Path BOX = Path.of("target/intarsia/bundles");
    private static final Pattern SECTION = Pattern.compile("### .*: `([\\w.]+)`");
    private static final Pattern PROPERTY = Pattern.compile("\"(intarsia(?:\\.\\w+)+)\"");
    /** Names that begin alike, but belong to services and to events of HTTP streams. */
    private static final Set<String> SERVICE_PROPERTIES = Set.of("intarsia.command", "intarsia.progress", "intarsia.partial_image",
            "intarsia.grpc", "intarsia.grpc.host", "intarsia.grpc.port");
    private static final Pattern READ_VARIABLE = Pattern.compile("getenv\\((.*)");
    private static final Pattern VARIABLE = Pattern.compile("\"([A-Z_]+)\"");
    private static final Pattern OWN_VARIABLE = Pattern.compile("\\b(?:INTARSIA|XDG)_[A-Z_]+\\b");

    /**
     * A setting that is configured.
     *
     * @param value the default; empty where the page says it in words
     */
    private record Setting(String pid, String key, String value) {
        String property() {
            return "intarsia" + pid.substring(pid.lastIndexOf('.')) + "." + key;
        }
    }

    @Test
    void thePageHoldsTheSettingsThatTheBundlesDescribe() throws Exception {
        List<Setting> page = new ArrayList<>();
        String pid = "";
        for (String line : Files.readAllLines(PAGE)) {
            String before = line.startsWith("## ") ? "" : pid;
            pid = SECTION.matcher(line).results().map(found -> found.group(1)).findFirst().orElse(before);
            List<String> cells = cells(line);
            if (!pid.isEmpty() && !cells.isEmpty()) {
                String value = cells.get(3).matches("`[\\w.]+`") ? plain(cells.get(3)) : "";
                Setting setting = new Setting(pid, plain(cells.get(0)), value);
                assertThat(plain(cells.get(1))).isEqualTo(setting.property());
                page.add(setting);
            }
        }
        assertThat(page).isNotEmpty().containsExactlyInAnyOrderElementsOf(described());
    }

    @Test
    void thePageHoldsTheSystemPropertiesOfTheSources() throws IOException {
        Set<String> page = Files.readAllLines(PAGE).stream().flatMap(line -> cells(line).stream()).map(SettingsIT::plain)
                .filter(cell -> cell.startsWith("intarsia.")).collect(Collectors.toCollection(TreeSet::new));
        Set<String> sources = new TreeSet<>();
        for (Path file : sources()) {
            sources.addAll(found(PROPERTY, Files.readString(file)));
        }
        sources.removeAll(SERVICE_PROPERTIES);

        // Where settings are configured, the sources hold what their system properties begin with.
        assertThat(sources).isNotEmpty().allSatisfy(name ->
                assertThat(page).as(name).anyMatch(listed -> listed.equals(name) || listed.startsWith(name + ".")));
        assertThat(page).allSatisfy(listed -> assertThat(sources).as(listed)
                .contains(listed.split("\\.").length == 3 ? listed.substring(0, listed.lastIndexOf('.')) : listed));
    }

    @Test
    void thePageHoldsTheEnvironmentVariablesOfTheSources() throws IOException {
        Set<String> page = Files.readAllLines(PAGE).stream().map(SettingsIT::cells).filter(cells -> !cells.isEmpty())
                .map(cells -> plain(cells.getFirst())).filter(cell -> cell.matches("[A-Z_]+"))
                .collect(Collectors.toCollection(TreeSet::new));
        String script = Files.readString(Path.of("intarsia"));
        Set<String> sources = new TreeSet<>(Set.of("JAVA_HOME"));
        OWN_VARIABLE.matcher(script).results().map(MatchResult::group).forEach(sources::add);
        for (Path file : sources()) {
            found(READ_VARIABLE, Files.readString(file)).forEach(rest -> sources.addAll(found(VARIABLE, rest)));
        }

        assertThat(script).contains("$JAVA_HOME");
        assertThat(page).isEqualTo(sources);
    }

    /** The settings that the bundles of the box describe by metatype. */
    private static List<Setting> described() throws Exception {
        List<Setting> described = new ArrayList<>();
        try (Stream<Path> jars = Files.list(BOX)) {
            for (Path path : jars.filter(jar -> jar.getFileName().toString().startsWith("org.intarsia.")).toList()) {
                try (JarFile jar = new JarFile(path.toFile())) {
                    for (JarEntry entry : jar.stream().filter(SettingsIT::isMetatype).toList()) {
                        described.addAll(described(DocumentBuilderFactory.newInstance().newDocumentBuilder()
                                .parse(jar.getInputStream(entry))));
                    }
                }
            }
        }
        return described;
    }

    private static boolean isMetatype(JarEntry entry) {
        return entry.getName().matches("OSGI-INF/metatype/.*\\.xml");
    }

    private static List<Setting> described(Document metatype) {
        List<Setting> described = new ArrayList<>();
        String pid = ((Element) metatype.getElementsByTagName("Designate").item(0)).getAttribute("pid");
        NodeList attributes = metatype.getElementsByTagName("AD");
        for (int i = 0; i < attributes.getLength(); i++) {
            Element attribute = (Element) attributes.item(i);
            described.add(new Setting(pid, attribute.getAttribute("id"), attribute.getAttribute("default")));
        }
        return described;
    }

    /** The sources of everything that runs. */
    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (Path root : List.of(Path.of("../bundles"), Path.of("../backends"), Path.of("src/main"))) {
            try (Stream<Path> files = Files.walk(root)) {
                files.filter(file -> file.toString().endsWith(".java") && file.toString().contains("src/main/"))
                        .forEach(sources::add);
            }
        }
        return sources;
    }

    private static List<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(match -> match.group(1)).toList();
    }

    /** The cells of a line of a table, if it is one that begins with code. */
    private static List<String> cells(String line) {
        return line.startsWith("| `") ? Arrays.stream(line.split("\\|")).skip(1).map(String::strip).toList() : List.of();
    }

    private static String plain(String cell) {
        return cell.replace("`", "");
    }
}
