package org.intarsia.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a process holds at a moment: threads by name, and mapped files of bundles and models by name. Numbers in names of
 * threads do not count; nor do files that a driver keeps for itself, such as kernels in its cache.
 *
 * @param threads how many there are of each name
 * @param files   how many different files of each name are mapped
 * @param told    whether the system tells of mapped files
 */
record Census(Map<String, Integer> threads, Map<String, Integer> files, boolean told) {
    private static final Path MAPS = Path.of("/proc/self/maps");
    private static final int PATH_FIELD = 5;
    private static final Pattern WEIGHTS = Pattern.compile("\\.(safetensors|gguf)\\b");
    private static final String CARRIER = "jdk.internal.misc.CarrierThread";
    private static final List<String> HELPERS = List.of("VirtualThread-", "-delayScheduler", "FelixResolver-");

    /** @param storage the framework's folder, where bundles have what they unpack */
    static Census take(Path storage) {
        Map<String, Integer> threads = new HashMap<>();
        Thread.getAllStackTraces().keySet().stream().filter(thread -> !isOfPlatform(thread))
                .forEach(thread -> threads.merge(thread.getName().replaceAll("\\d+", "#"), 1, Integer::sum));
        Map<String, Integer> files = new HashMap<>();
        boolean told = Files.isReadable(MAPS);
        if (told) {
            mapped().stream().filter(path -> path.startsWith(storage.toString()) || WEIGHTS.matcher(path).find())
                    .forEach(path -> files.merge(path.replace(" (deleted)", "").replaceAll(".*/", ""), 1, Integer::sum));
        }
        return new Census(threads, files, told);
    }

    /**
     * Whether virtual threads run on it, or wait with its help, or the framework resolves bundles on it: the JDK and Felix make
     * and end such threads as they like.
     */
    private static boolean isOfPlatform(Thread thread) {
        return thread.getClass().getName().equals(CARRIER) || HELPERS.stream().anyMatch(thread.getName()::contains);
    }

    private static Set<String> mapped() {
        Set<String> paths = new HashSet<>();
        try {
            for (String line : Files.readAllLines(MAPS)) {
                String[] fields = line.split("\\s+", PATH_FIELD + 1);
                if (fields.length > PATH_FIELD && fields[PATH_FIELD].startsWith("/")) {
                    paths.add(fields[PATH_FIELD]);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return paths;
    }

    /** The threads that are here and were not there before. */
    List<String> threadsMoreThan(Census before) {
        return more(threads, before.threads);
    }

    /** The files that are mapped here and were not before. */
    List<String> filesMoreThan(Census before) {
        return more(files, before.files);
    }

    private static List<String> more(Map<String, Integer> now, Map<String, Integer> before) {
        return now.entrySet().stream().sorted(Map.Entry.comparingByKey()).flatMap(entry -> Collections
                .nCopies(Math.max(0, entry.getValue() - before.getOrDefault(entry.getKey(), 0)), entry.getKey()).stream()).toList();
    }
}
