package org.intarsia.distro;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Constants;

/** What the pages name is there: other pages, files, classes, commands, the code that they show, and the imports of bundles. */
class PagesTextIT {
    private static final int LONGEST_README = 100;
    private static final Path BOX = Path.of("target/intarsia/bundles");
    private static final String OURS = "org.intarsia.";
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.*)$");
    private static final Pattern FENCED = Pattern.compile("(?ms)^ *```.*?^ *```$");
    private static final Pattern CLASS = Pattern.compile("`([A-Z][a-z]+(?:[A-Z][a-z]+)+)(?:\\.\\w+)?`");
    private static final Pattern CALL = Pattern.compile("distro/intarsia ([a-z]+)");
    private static final Pattern COMMAND = Pattern.compile("@IntarsiaCommand\\(\"(\\w+)");
    private static final Pattern PACKAGE = Pattern.compile("([\\w.]+)(?:;[^,\"]*(?:\"[^\"]*\"[^,\"]*)*)?(?:,|$)");

    @Test
    void theReadmeIsShortAndLeadsToEveryPage() throws IOException {
        assertThat(Files.readAllLines(Page.ROOT.resolve("README.md"))).hasSizeLessThanOrEqualTo(LONGEST_README);
        Set<String> linked = new TreeSet<>(found(LINK, Files.readString(Page.ROOT.resolve("README.md"))));
        assertThat(linked).containsAll(Page.all().map(Page::name).filter(name -> name.startsWith("docs")).toList());
    }

    @Test
    void everyLinkLeadsToAFileAndToAHeadingInIt() throws IOException {
        for (Path page : files(".md")) {
            for (String link : found(LINK, FENCED.matcher(Files.readString(page)).replaceAll(""))) {
                String[] parts = link.split("#", 2);
                if (!link.matches("[a-z]+:.*")) {
                    Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
                    assertThat(target).as("%s links to %s", page, link).exists();
                    if (parts.length > 1) {
                        assertThat(anchors(target)).as("%s links to %s", page, link).contains(parts[1]);
                    }
                }
            }
        }
    }

    @Test
    void javaOnAPageIsThatOfASource() throws IOException {
        List<String> sources = new ArrayList<>();
        for (Path file : files(".java")) {
            sources.add(plain(Files.readString(file)));
        }
        for (Page page : Page.all().toList()) {
            for (Page.Block block : page.blocks().stream().filter(block -> block.language().equals("java")).toList()) {
                assertThat(sources.stream().anyMatch(source -> source.contains(plain(block.text())))).as("%s:%d is a part of a source", page, block.line()).isTrue();
            }
        }
    }

    @Test
    void classesThatAPageNamesAreThere() throws IOException {
        Set<String> classes = files(".java").stream().map(file -> file.getFileName().toString().replace(".java", ""))
                .collect(Collectors.toSet());
        for (Path page : files(".md")) {
            assertThat(classes).as(page.toString()).containsAll(found(CLASS, Files.readString(page)).stream().filter(PagesTextIT::isOurs).toList());
        }
    }

    @Test
    void commandsThatAPageNamesAreThereAndOnePageNamesAll() throws IOException {
        Set<String> commands = new TreeSet<>();
        for (Path file : files(".java")) {
            commands.addAll(file.toString().contains("src/main") ? found(COMMAND, Files.readString(file)) : List.of());
        }
        for (Path page : files(".md")) {
            assertThat(commands).as(page.toString()).containsAll(found(CALL, Files.readString(page)));
        }
        commands.remove("palette");
        String all = Files.readString(Page.ROOT.resolve("docs/commands.md"));
        assertThat(commands).allSatisfy(command -> assertThat(all).containsPattern("`" + command + "[ `]"));
    }

    @Test
    void theArchitectureHasTheImportsOfTheBundles() throws IOException {
        Map<String, Attributes> bundles = new TreeMap<>();
        try (Stream<Path> jars = Files.list(BOX)) {
            for (Path jar : jars.filter(file -> file.getFileName().toString().startsWith(OURS)).toList()) {
                try (JarFile file = new JarFile(jar.toFile())) {
                    Attributes manifest = file.getManifest().getMainAttributes();
                    bundles.put(manifest.getValue(Constants.BUNDLE_SYMBOLICNAME).replaceFirst(";.*", "").substring(OURS.length()), manifest);
                }
            }
        }
        Map<String, String> exporters = new HashMap<>();
        bundles.forEach((name, manifest) -> packages(manifest, Constants.EXPORT_PACKAGE).forEach(exported -> exporters.put(exported, name)));
        Map<String, Set<String>> actual = new TreeMap<>();
        bundles.forEach((name, manifest) -> actual.put(name, packages(manifest, Constants.IMPORT_PACKAGE).stream()
                .filter(exporters::containsKey).map(exporters::get).filter(exporter -> !exporter.equals(name))
                .collect(Collectors.toCollection(TreeSet::new))));

        Map<String, Set<String>> page = new TreeMap<>();
        Files.readAllLines(Page.ROOT.resolve("docs/architecture.md")).stream().dropWhile(line -> !line.startsWith("| Bundle |")).skip(2)
                .takeWhile(line -> line.startsWith("|")).map(line -> line.split("\\|")).forEach(cells ->
                        names(cells[1]).forEach(name -> page.put(name, names(cells[2]))));
        assertThat(page).isEqualTo(actual);
    }

    private static Set<String> names(String cell) {
        return found(Pattern.compile("`([\\w.]+)`"), cell).stream().collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<String> packages(Attributes manifest, String header) {
        String value = manifest.getValue(header);
        return value == null ? List.of() : found(PACKAGE, value);
    }

    /** Anchors as Git hosts make them of headings. */
    private static Set<String> anchors(Path page) throws IOException {
        return found(HEADING, FENCED.matcher(Files.readString(page)).replaceAll("")).stream()
                .map(heading -> heading.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    /** Libraries' classes and names of services are no files of this tree. */
    private static boolean isOurs(String name) {
        return !Set.of("ServiceTracker", "AutoCloseable").contains(name);
    }

    /** Without the white space at the begin of lines, since a page may show a part of a class. */
    private static String plain(String code) {
        return Arrays.stream(code.split("\n")).map(String::strip).filter(line -> !line.isEmpty()).collect(Collectors.joining("\n"));
    }

    /** The files of the tree with this ending, without what was built. */
    private static List<Path> files(String ending) throws IOException {
        try (Stream<Path> files = Files.walk(Page.ROOT)) {
            return files.filter(file -> file.toString().endsWith(ending)).filter(file -> {
                String name = Page.ROOT.relativize(file).toString();
                return !name.contains("target/") && !name.contains("node_modules/") && !name.startsWith(".") && !name.startsWith("shared/");
            }).sorted().toList();
        }
    }

    private static List<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map((MatchResult match) -> match.group(1)).toList();
    }
}
