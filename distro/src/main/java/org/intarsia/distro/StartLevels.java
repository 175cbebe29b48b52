package org.intarsia.distro;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/**
 * The start level of each bundle, from a properties file with lines {@code LEVEL=symbolic.name symbolic.name …}.
 *
 * @param named the bundles that the file names
 */
record StartLevels(Map<String, Integer> named) {
    /** Of a bundle that no line names. */
    static final int DEFAULT = 5;

    static StartLevels read(Path file) throws IOException {
        Properties lines = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            lines.load(reader);
        }
        Map<String, Integer> named = new HashMap<>();
        lines.forEach((level, names) -> {
            for (String name : names.toString().split("\\s+")) {
                named.put(name, Integer.valueOf(level.toString()));
            }
        });
        return new StartLevels(Map.copyOf(named));
    }

    /** The same levels, with another one for a bundle. */
    StartLevels with(String symbolicName, int level) {
        Map<String, Integer> changed = new HashMap<>(named);
        changed.put(symbolicName, level);
        return new StartLevels(Map.copyOf(changed));
    }

    int of(String symbolicName) {
        return named.getOrDefault(symbolicName, DEFAULT);
    }
}
