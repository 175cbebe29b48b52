package org.intarsia.weights;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.intarsia.text.Quoted;

/**
 * Opens checkpoints: a safetensors file, or several with an index, in the layout of Hugging Face; or a GGUF file, or the
 * several that one was split into.
 *
 * <p>Files are mapped, not read: opening costs the reading of the headers, tensors come from the disk when they are
 * touched, and there is no limit of 2 GiB. Types that can be used are those of {@link org.intarsia.graph.Encoding}; a file
 * may hold others, and asking for such a tensor is an error that names it.
 *
 * <p>Every file is treated as one that somebody made to do harm: whatever its header claims, opening it ends in
 * {@link Weights} that lie wholly inside the file or in a {@link WeightsException}, and allocates little.
 */
public final class Checkpoint {
    /** The file of a checkpoint that is not sharded. */
    public static final String SINGLE = "model.safetensors";

    /** The index of one that is. */
    public static final String INDEX = "model.safetensors.index.json";

    /** How the names of GGUF files end. */
    public static final String GGUF = ".gguf";

    /** The GGUF file of a directory that may hold others. */
    public static final String SINGLE_GGUF = "model.gguf";

    private Checkpoint() {
    }

    /**
     * The weights of a model directory, of a safetensors or GGUF file, or of the shards of an index file. The index decides
     * which shard a tensor is taken from; what a shard holds beyond that is left alone. A directory that has safetensors
     * files is read from these; else from {@link #SINGLE_GGUF}, or from its only GGUF file. The caller closes the weights;
     * only then the files are unmapped.
     *
     * @throws WeightsException when there is no checkpoint, or it is broken; the sentence says which file and what is wrong
     */
    public static Weights open(Path path) {
        if (Files.isDirectory(path)) {
            Path single = path.resolve(SINGLE);
            Path index = path.resolve(INDEX);
            if (Files.exists(single)) {
                return openSingle(single);
            }
            if (Files.exists(index)) {
                return openShards(index);
            }
            return openSingle(onlyGguf(path));
        }
        if (!Files.exists(path)) {
            throw new WeightsException("there is no file or directory '" + path + "'");
        }
        return path.getFileName().toString().endsWith(".json") ? openShards(path) : openSingle(path);
    }

    /**
     * The files that {@link #open} maps, without opening them but for an index.
     *
     * @throws WeightsException when there is no checkpoint
     */
    public static List<Path> files(Path path) {
        if (Files.isDirectory(path)) {
            Path single = path.resolve(SINGLE);
            Path index = path.resolve(INDEX);
            return files(Files.exists(single) ? single : Files.exists(index) ? index : onlyGguf(path));
        }
        if (!Files.exists(path)) {
            throw new WeightsException("there is no file or directory '" + path + "'");
        }
        if (path.getFileName().toString().endsWith(".json")) {
            return Stream.concat(Stream.of(path), new TreeSet<>(ShardIndex.read(path).values()).stream()
                    .map(path::resolveSibling)).toList();
        }
        return GgufParts.of(path).stream().allMatch(Files::exists) ? GgufParts.of(path) : List.of(path);
    }

    /**
     * The GGUF file that a path stands for: itself, recognised by how it begins or is named, or that of a directory which
     * has no safetensors files; the first where it was split into several.
     *
     * @throws WeightsException when a directory has several that do not belong together; the sentence names them
     */
    public static Optional<Path> gguf(Path path) {
        if (Files.isDirectory(path)) {
            return Files.exists(path.resolve(SINGLE)) || Files.exists(path.resolve(INDEX)) || !holdsGguf(path)
                    ? Optional.empty() : Optional.of(onlyGguf(path));
        }
        return Files.isRegularFile(path) && (isNamedGguf(path) || beginsAsGguf(path)) ? Optional.of(path) : Optional.empty();
    }

    private static boolean holdsGguf(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.anyMatch(Checkpoint::isNamedGguf);
        } catch (IOException e) {
            throw new WeightsException("the directory '" + directory + "' cannot be read (" + e.getMessage() + ")", e);
        }
    }

    /** Returns whether a file's name ends in .gguf, in small letters or capitals. */
    public static boolean isNamedGguf(Path file) {
        return file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(GGUF);
    }

    private static boolean beginsAsGguf(Path file) {
        try (InputStream stream = Files.newInputStream(file)) {
            return GgufReader.recognises(MemorySegment.ofArray(stream.readNBytes(Integer.BYTES)));
        } catch (IOException e) {
            throw new WeightsException("'" + file + "' cannot be read (" + e.getMessage() + ")", e);
        }
    }

    private static Path onlyGguf(Path directory) {
        Path usual = directory.resolve(SINGLE_GGUF);
        if (Files.exists(usual)) {
            return usual;
        }
        List<Path> found;
        try (Stream<Path> files = Files.list(directory)) {
            found = files.filter(Checkpoint::isNamedGguf).sorted().toList();
        } catch (IOException e) {
            throw new WeightsException("the directory '" + directory + "' cannot be read (" + e.getMessage() + ")", e);
        }
        if (found.isEmpty()) {
            throw new WeightsException("the directory '" + directory + "' has neither " + SINGLE + " nor " + INDEX
                    + " nor a GGUF file");
        }
        if (!GgufParts.of(found.getFirst()).containsAll(found)) {
            throw new WeightsException("the directory '" + directory + "' has several GGUF files: name one of "
                    + found.stream().map(file -> Quoted.line(file.getFileName().toString())).collect(Collectors.joining(", ")));
        }
        return found.getFirst();
    }

    static Weights openSingle(Path path) {
        return inArena(arena -> {
            MappedFile first = MappedFile.open(path, arena);
            Map<String, MappedFile> files = new HashMap<>();
            List<MappedFile> parts = GgufParts.open(path, first, arena);
            for (MappedFile file : parts) {
                file.header().entries().forEach(entry -> {
                    if (files.put(entry.name(), file) != null) {
                        throw new WeightsException("the parts of '" + path + "' hold the tensor " + Quoted.of(entry.name())
                                + " twice");
                    }
                });
            }
            // Only the first part describes the model, whichever was named.
            return new MappedWeights(path.toString(), arena, files, parts.getFirst().header().metadata());
        });
    }

    private static Weights openShards(Path index) {
        SortedMap<String, String> shards = ShardIndex.read(index);
        List<String> missing = new TreeSet<>(shards.values()).stream()
                .filter(shard -> !Files.exists(index.resolveSibling(shard))).toList();
        if (!missing.isEmpty()) {
            throw new WeightsException("the index '" + index + "' names files that are not beside it: "
                    + String.join(", ", missing));
        }
        return inArena(arena -> {
            Map<String, MappedFile> opened = new TreeMap<>();
            Map<String, MappedFile> files = new HashMap<>();
            List<String> absent = new ArrayList<>();
            shards.forEach((name, shard) -> {
                MappedFile file = opened.computeIfAbsent(shard, s -> MappedFile.open(index.resolveSibling(s), arena));
                files.put(name, file);
                if (file.entry(name).isEmpty()) {
                    absent.add(Quoted.of(name) + " in " + shard);
                }
            });
            if (!absent.isEmpty()) {
                throw new WeightsException("the index '" + index + "' names tensors that are not there: "
                        + String.join(", ", absent));
            }
            return new MappedWeights(index.toString(), arena, files, opened.values().stream()
                    .map(file -> file.header().metadata()).reduce(Metadata.of(Map.of()), Metadata::with));
        });
    }

    private interface Opening {
        Weights in(Arena arena);
    }

    /** One arena for all files; what fails halfway leaves nothing mapped. */
    private static Weights inArena(Opening opening) {
        // Shared, because the threads of a backend read what another thread has opened.
        Arena arena = Arena.ofShared();
        boolean opened = false;
        try {
            Weights weights = opening.in(arena);
            opened = true;
            return weights;
        } finally {
            if (!opened) {
                arena.close();
            }
        }
    }
}
