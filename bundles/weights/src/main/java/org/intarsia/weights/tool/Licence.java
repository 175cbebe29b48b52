package org.intarsia.weights.tool;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.intarsia.weights.Metadata;
import org.intarsia.weights.WeightsException;

/** Where checkpoints say what one may do with them. */
final class Licence {
    /** The field at the head of a model card, or in {@code config.json}. */
    private static final Pattern FIELD = Pattern.compile("(?m)^[\\s{,]*\"?licen[sc]e\"?\\s*:\\s*\"?([^\"\\s,}]+)");
    private static final int LONGEST = 1 << 20;

    private Licence() {
    }

    /** The licence, and where it is stated. */
    static String of(Path path, Metadata metadata) {
        return Stream.of("general.license", "license", "licence")
                .filter(metadata.keys()::contains)
                .map(key -> metadata.asTexts().get(key) + " (metadata)").findFirst()
                .or(() -> beside(Files.isDirectory(path) ? path : path.toAbsolutePath().getParent()))
                .orElse(Inspection.UNSTATED);
    }

    private static Optional<String> beside(Path folder) {
        for (String name : List.of("README.md", "config.json")) {
            Optional<String> found = field(folder.resolve(name)).map(licence -> licence + " (" + name + ")");
            if (found.isPresent()) {
                return found;
            }
        }
        return Stream.of("LICENSE", "LICENSE.txt", "LICENSE.md", "LICENCE").filter(name -> Files.exists(folder.resolve(name)))
                .findFirst().map(name -> "see " + name);
    }

    private static Optional<String> field(Path file) {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > LONGEST) {
                return Optional.empty();
            }
            Matcher field = FIELD.matcher(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
            return field.find() ? Optional.of(field.group(1)) : Optional.empty();
        } catch (IOException e) {
            throw new WeightsException("'" + file + "' cannot be read (" + e.getMessage() + ")", e);
        }
    }
}
