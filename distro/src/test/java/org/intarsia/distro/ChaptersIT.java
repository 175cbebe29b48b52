package org.intarsia.distro;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A package is a chapter: small, and none needs another that needs it. The arrows between bundles: {@link PagesTextIT}. */
class ChaptersIT {
    /** With its {@code package-info}. */
    private static final int MOST_FILES = 25;
    /** Packages that are still larger, with the most files that they may have. */
    private static final Map<String, Integer> LARGER = Map.of(
            "org.intarsia.engine.api", 36,
            "org.intarsia.weights", 33);

    private static JavaClasses classes;

    @BeforeAll
    static void read() throws IOException {
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
        List<JarFile> ours = new ArrayList<>();
        try (Stream<Path> jars = Files.list(Path.of("target/intarsia/bundles"))) {
            for (Path jar : jars.filter(file -> file.getFileName().toString().startsWith("org.intarsia.")).sorted().toList()) {
                ours.add(new JarFile(jar.toFile()));
            }
            // Some bundles have libraries inside.
            classes = new ClassFileImporter().withImportOption(location -> location.contains("/org/intarsia/")).importJars(ours);
        } finally {
            for (JarFile jar : ours) {
                jar.close();
            }
        }
    }

    @Test
    void noPackageNeedsItself() {
        slices().matching("org.intarsia.(**)").should().beFreeOfCycles()
                // An op infers shapes, which are of the graph, and a graph is built of ops.
                .ignoreDependency(resideInAPackage("org.intarsia.graph.op"), resideInAPackage("org.intarsia.graph"))
                // The package that drivers see makes devices of the one that they do not see.
                .ignoreDependency(resideInAPackage("org.intarsia.backend.gpu"), resideInAPackage("org.intarsia.backend.gpu.plan"))
                .check(classes);
    }

    @Test
    void noPackageHasTooManyFiles() throws IOException {
        Map<String, Integer> files = new TreeMap<>();
        for (String group : List.of("bundles", "backends")) {
            try (Stream<Path> bundles = Files.list(Page.ROOT.resolve(group))) {
                for (Path sources : bundles.map(bundle -> bundle.resolve("src/main/java")).filter(Files::isDirectory).toList()) {
                    try (Stream<Path> all = Files.walk(sources)) {
                        all.filter(file -> file.toString().endsWith(".java")).forEach(file -> files.merge(
                                sources.relativize(file.getParent()).toString().replace(File.separatorChar, '.'), 1, Integer::sum));
                    }
                }
            }
        }
        assertThat(files).as("packages").hasSizeGreaterThan(80);
        assertThat(files).allSatisfy((name, count) -> assertThat(count).as(name)
                .isLessThanOrEqualTo(LARGER.getOrDefault(name, MOST_FILES)));
    }
}
