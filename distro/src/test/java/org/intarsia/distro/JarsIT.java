package org.intarsia.distro;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Manifest headers, licences and notices of the jars of the box. */
class JarsIT {
    private static final Path BOX = Path.of("target/intarsia");
    private static final String OURS = "org/intarsia/";
    /** Folders of data that is our own. */
    private static final Set<String> DATA = Set.of("META-INF", "OSGI-INF", "dialects", "grammar", "kernels", "model", "phrasings",
            "recipes", "spirv");

    /** Services that bundles register, and their capabilities in the manifest. */
    private static final Map<String, String> KINDS = Map.of(
            "org.intarsia.model.api.ComponentFactory$OfTokenizer", "kind=tokenizer",
            "org.intarsia.model.api.ComponentFactory$OfPreprocessor", "kind=preprocessor",
            "org.intarsia.model.api.ComponentFactory$OfVisionEncoder", "kind=vision-encoder",
            "org.intarsia.model.api.ComponentFactory$OfTransformerCore", "kind=transformer-core",
            "org.intarsia.model.api.ComponentFactory$OfImageDecoder", "kind=image-decoder",
            "org.intarsia.backend.api.Backend", "org.intarsia.backend;name=");

    @Test
    void eachJarOfOursSaysWhatItIs() throws IOException {
        List<String> faults = new ArrayList<>();
        for (Path file : jars(true)) {
            try (JarFile jar = new JarFile(file.toFile())) {
                Attributes headers = jar.getManifest().getMainAttributes();
                for (String header : List.of("Bundle-Name", "Bundle-Description", "Bundle-Vendor", "Bundle-License")) {
                    if (headers.getValue(header) == null) {
                        faults.add(file.getFileName() + " has no " + header);
                    }
                }
                if (String.valueOf(headers.getValue("Bundle-Name")).equals(headers.getValue("Bundle-SymbolicName"))) {
                    faults.add(file.getFileName() + " has its symbolic name for a name");
                }
            }
        }
        assertThat(faults).isEmpty();
    }

    @Test
    void eachJarOfOursBringsItsLicence() throws IOException {
        List<String> faults = new ArrayList<>();
        String license = Files.readString(Path.of("../LICENSE"));
        for (Path file : jars(true)) {
            try (JarFile jar = new JarFile(file.toFile())) {
                if (!text(jar, "META-INF/LICENSE").equals(Optional.of(license))) {
                    faults.add(file.getFileName() + " has not the project's LICENSE");
                }
                if (!text(jar, "META-INF/NOTICE").orElse("").startsWith("Intarsia\nCopyright ")) {
                    faults.add(file.getFileName() + " has no NOTICE of the project");
                }
            }
        }
        assertThat(faults).isEmpty();
    }

    @Test
    void whatIsPackedInOfOthersIsNamedWithItsLicence() throws IOException {
        List<String> faults = new ArrayList<>();
        for (Path file : jars(true)) {
            try (JarFile jar = new JarFile(file.toFile())) {
                String notice = text(jar, "META-INF/NOTICE").orElse("");
                List<String> named = notice.lines().filter(line -> line.startsWith("Path: "))
                        .map(line -> line.substring("Path: ".length())).toList();
                List<String> foreign = jar.stream().filter(entry -> !entry.isDirectory()).map(JarEntry::getName)
                        .filter(JarsIT::isForeign).toList();
                foreign.stream().filter(name -> named.stream().noneMatch(name::startsWith))
                        .map(name -> file.getFileName() + ": the NOTICE does not name " + name).limit(5).forEach(faults::add);
                named.stream().filter(path -> foreign.stream().noneMatch(name -> name.startsWith(path)))
                        .map(path -> file.getFileName() + ": nothing of the jar is in " + path).forEach(faults::add);
                Stream.of(notice.split("[\\s,]+")).filter(word -> word.startsWith("META-INF/licenses/"))
                        .filter(text -> jar.getEntry(text) == null)
                        .map(text -> file.getFileName() + ": the NOTICE names " + text + ", which is not there").forEach(faults::add);
                if (notice.contains("${")) {
                    faults.add(file.getFileName() + ": the NOTICE has a macro that was not replaced");
                }
            }
        }
        assertThat(faults).isEmpty();
    }

    @Test
    void eachJarOfOthersComesWithItsLicence() throws IOException {
        assertThat(BOX.resolve("LICENSE")).hasSameBinaryContentAs(Path.of("../LICENSE"));
        assertThat(BOX.resolve("NOTICE")).isNotEmptyFile();
        List<String> faults = new ArrayList<>();
        List<String> texts;
        try (Stream<Path> files = Files.list(BOX.resolve("licenses"))) {
            texts = files.map(text -> text.getFileName().toString().replace(".txt", "")).toList();
        }
        for (Path file : jars(false)) {
            try (JarFile jar = new JarFile(file.toFile())) {
                if (jar.getManifest().getMainAttributes().getValue("Bundle-License") == null) {
                    faults.add(file.getFileName() + " has no Bundle-License");
                }
                boolean inside = jar.stream().anyMatch(entry -> entry.getName().matches("(META-INF/)?LICENSE[^/]*"));
                if (!inside && texts.stream().noneMatch(file.getFileName().toString()::startsWith)) {
                    faults.add(file.getFileName() + " brings no text of its licence; put it into src/main/legal/licenses");
                }
            }
        }
        assertThat(faults).isEmpty();
    }

    @Test
    void whoRegistersAComponentOrABackendSaysSoToResolvers() throws IOException {
        List<String> faults = new ArrayList<>();
        int components = 0;
        for (Path file : jars(true)) {
            try (JarFile jar = new JarFile(file.toFile())) {
                List<String> services = jar.stream().map(JarEntry::getName)
                        .filter(name -> name.startsWith("OSGI-INF/") && name.endsWith(".xml"))
                        .map(name -> unchecked(() -> text(jar, name).orElseThrow())).toList();
                String provided = String.valueOf(jar.getManifest().getMainAttributes().getValue("Provide-Capability"));
                for (Map.Entry<String, String> kind : KINDS.entrySet()) {
                    long registered = services.stream().filter(text -> text.contains("<provide interface=\"" + kind.getKey())).count();
                    long declared = Pattern.compile(Pattern.quote(kind.getValue())).matcher(provided).results().count();
                    components += (int) registered;
                    if (registered != declared) {
                        faults.add("%s registers %d of %s and declares %d of %s".formatted(file.getFileName(), registered,
                                kind.getKey(), declared, kind.getValue()));
                    }
                }
            }
        }
        assertThat(faults).isEmpty();
        assertThat(components).isPositive();
    }

    /** With a wire from the model, a component that is uninstalled would stop the model at the next refresh. */
    @Test
    void noRequirementOfAComponentOrAServiceMakesAWire() throws IOException {
        List<String> faults = new ArrayList<>();
        int found = 0;
        for (Path file : jars(true)) {
            try (JarFile jar = new JarFile(file.toFile())) {
                String required = String.valueOf(jar.getManifest().getMainAttributes().getValue("Require-Capability"));
                for (String clause : required.split(",(?=[a-z.]+;)")) {
                    if (clause.matches("(org\\.intarsia\\.|osgi\\.service;).*")) {
                        found++;
                        if (!clause.contains("effective:=active")) {
                            faults.add(file.getFileName() + " requires " + clause);
                        }
                    }
                }
            }
        }
        assertThat(faults).isEmpty();
        assertThat(found).isPositive();
    }

    private static <T> T unchecked(Callable<T> call) {
        try {
            return call.call();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Classes and native libraries of others; and folders that are not known. */
    private static boolean isForeign(String name) {
        if (name.endsWith(".class") || name.matches(".*\\.(so|dylib|dll)")) {
            return !name.startsWith(OURS);
        }
        if (name.startsWith("page/")) {
            return name.startsWith("page/lib/");
        }
        return name.contains("/") && !name.startsWith(OURS) && !DATA.contains(name.substring(0, name.indexOf('/')));
    }

    private static Optional<String> text(JarFile jar, String name) throws IOException {
        JarEntry entry = jar.getJarEntry(name);
        return entry == null ? Optional.empty()
                : Optional.of(new String(jar.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8));
    }

    private static List<Path> jars(boolean ours) throws IOException {
        try (Stream<Path> bundles = Files.list(BOX.resolve("bundles")); Stream<Path> lib = Files.list(BOX.resolve("lib"))) {
            List<Path> jars = Stream.concat(bundles, lib).filter(file -> ours == isOurs(file.getFileName().toString()))
                    .sorted().toList();
            assertThat(jars).isNotEmpty();
            return jars;
        }
    }

    private static boolean isOurs(String name) {
        return name.startsWith("org.intarsia.") || name.equals("launcher.jar");
    }
}
