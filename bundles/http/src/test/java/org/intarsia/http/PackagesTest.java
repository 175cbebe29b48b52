package org.intarsia.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The packages of this bundle stay small, and none needs another that needs it. */
class PackagesTest {
    private static final Path SOURCES = Path.of("src/main/java");
    private static final int MOST_FILES = 20;
    private static final Pattern IMPORT = Pattern.compile("^import (?:static )?(org\\.intarsia\\.http(?:\\.[a-z]+)*)\\.[A-Z]",
            Pattern.MULTILINE);

    @Test
    void noPackageHasTooManyFiles() {
        packages().forEach((name, files) -> assertThat(files).as(name).hasSizeLessThanOrEqualTo(MOST_FILES));
    }

    @Test
    void noPackageNeedsItself() {
        Map<String, Set<String>> needs = new TreeMap<>();
        packages().forEach((name, files) -> files.forEach(file -> needs.computeIfAbsent(name, _ -> new TreeSet<>()).addAll(imports(file))));
        // What needs nothing more that is left is taken out, until only cycles are left.
        boolean less = true;
        while (less) {
            less = needs.entrySet().removeIf(entry -> entry.getValue().stream().noneMatch(needs::containsKey));
        }
        assertThat(needs).isEmpty();
    }

    private static Map<String, List<Path>> packages() {
        Map<String, List<Path>> packages = new TreeMap<>();
        try (Stream<Path> folders = Files.walk(SOURCES)) {
            for (Path folder : folders.filter(Files::isDirectory).toList()) {
                try (Stream<Path> files = Files.list(folder)) {
                    packages.put(SOURCES.relativize(folder).toString().replace('/', '.').replace('\\', '.'),
                            files.filter(file -> file.toString().endsWith(".java")).toList());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packages;
    }

    private static List<String> imports(Path file) {
        try {
            return IMPORT.matcher(Files.readString(file)).results().map((MatchResult match) -> match.group(1)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
