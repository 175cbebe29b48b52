package org.intarsia.weights;

import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** The files that a GGUF file was split into, by their names: {@code NAME-00001-of-00003.gguf} and so on. */
final class GgufParts {
    private static final Pattern NAME = Pattern.compile("(.*)-(\\d{5})-of-(\\d{5})(\\.gguf)",
            Pattern.DOTALL | Pattern.CASE_INSENSITIVE);

    private static final String COUNT = "split.count";

    private GgufParts() {
    }

    /** All parts by the name of one; only that one where it is not named like a part. */
    static List<Path> of(Path part) {
        Matcher name = NAME.matcher(part.getFileName().toString());
        if (!name.matches()) {
            return List.of(part);
        }
        return IntStream.rangeClosed(1, Integer.parseInt(name.group(3)))
                .mapToObj(i -> part.resolveSibling(String.format(Locale.ROOT, "%s-%05d-of-%s%s", name.group(1), i,
                        name.group(3), name.group(4)))).toList();
    }

    /** Opens the parts beside the one that is open, where it says that there are any; gives them in their order. */
    static List<MappedFile> open(Path path, MappedFile opened, Arena arena) {
        long count = opened.header().metadata().integer(COUNT).orElse(1L);
        if (count <= 1) {
            return List.of(opened);
        }
        List<Path> parts = of(path);
        if (parts.size() != count) {
            throw new WeightsException("'" + path + "' is one of " + count + " parts, but is not named like one, as in"
                    + String.format(Locale.ROOT, " NAME-00001-of-%05d.gguf; name them all so", count));
        }
        List<String> missing = parts.stream().filter(part -> !Files.exists(part))
                .map(part -> part.getFileName().toString()).toList();
        if (!missing.isEmpty()) {
            throw new WeightsException("'" + path + "' is one of " + count + " parts, of which these are not beside it: "
                    + String.join(", ", missing));
        }
        List<MappedFile> files = new ArrayList<>();
        for (Path part : parts) {
            MappedFile file = part.equals(path) ? opened : MappedFile.open(part, arena);
            checkPlace(part, file.header().metadata(), files.size(), count);
            files.add(file);
        }
        checkTensors(path, files);
        return files;
    }

    /** Refuses a part that was renamed, or that belongs to another model: its tensors would stand for those of a third. */
    private static void checkPlace(Path part, Metadata metadata, long number, long count) {
        long itsNumber = metadata.integer("split.no").orElse(number);
        long itsCount = metadata.integer(COUNT).orElse(count);
        if (itsNumber != number || itsCount != count) {
            throw new WeightsException("'" + part + "' is part " + (number + 1) + " of " + count + " by its name, but part "
                    + (itsNumber + 1) + " of " + itsCount + " by its content; get the parts of one model, under their own names");
        }
    }

    private static void checkTensors(Path path, List<MappedFile> files) {
        long found = files.stream().mapToLong(file -> file.header().entries().size()).sum();
        for (MappedFile file : files) {
            long promised = file.header().metadata().integer("split.tensors.count").orElse(found);
            if (promised != found) {
                throw new WeightsException("the parts of '" + path + "' hold " + found + " tensors, but should hold " + promised
                        + "; get them again");
            }
        }
    }
}
