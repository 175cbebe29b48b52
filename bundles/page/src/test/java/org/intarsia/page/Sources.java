package org.intarsia.page;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The files of the page as they lie in the sources. */
final class Sources {
    private static final Path FOLDER = Path.of("src/main/resources/page");

    private Sources() {
    }

    /** Returns the content of each file by its name, such as {@code elements/app.js}. */
    static SortedMap<String, byte[]> files() {
        SortedMap<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> found = Files.walk(FOLDER)) {
            for (Path file : found.filter(Files::isRegularFile).toList()) {
                files.put(FOLDER.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    /** Returns the modules, each as one text. */
    static SortedMap<String, String> modules() {
        SortedMap<String, String> modules = new TreeMap<>();
        files().forEach((name, bytes) -> {
            if (name.endsWith(".js")) {
                modules.put(name, new String(bytes, StandardCharsets.UTF_8));
            }
        });
        return modules;
    }
}
