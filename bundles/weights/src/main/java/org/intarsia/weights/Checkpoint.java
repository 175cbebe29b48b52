package org.intarsia.weights;

import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Opens checkpoints in the safetensors format: one file, or several shards with an index, in the layout of Hugging Face.
 *
 * <p>Files are mapped, not read: opening costs the reading of the headers, tensors come from the disk when they are
 * touched, and there is no limit of 2 GiB. Dtypes that can be used are F32, F16, BF16, I32 and I64; a file may hold others,
 * and asking for such a tensor is an error that names it.
 *
 * <p>Every file is treated as one that somebody made to do harm: whatever its header claims, opening it ends in
 * {@link Weights} that lie wholly inside the file or in a {@link WeightsException}, and allocates little.
 */
public final class Checkpoint {
    /** The file of a checkpoint that is not sharded. */
    public static final String SINGLE = "model.safetensors";

    /** The index of one that is. */
    public static final String INDEX = "model.safetensors.index.json";

    private Checkpoint() {
    }

    /**
     * The weights of a model directory, of a safetensors file, or of the shards of an index file. The index decides which
     * shard a tensor is taken from; what a shard holds beyond that is left alone. The caller closes the weights; only then
     * the files are unmapped.
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
            throw new WeightsException("the directory '" + path + "' has neither " + SINGLE + " nor " + INDEX);
        }
        if (!Files.exists(path)) {
            throw new WeightsException("there is no file or directory '" + path + "'");
        }
        return path.getFileName().toString().endsWith(".json") ? openShards(path) : openSingle(path);
    }

    static Weights openSingle(Path path) {
        return inArena(arena -> {
            MappedFile file = MappedFile.open(path, arena);
            Map<String, MappedFile> files = new HashMap<>();
            file.header().entries().forEach(entry -> files.put(entry.name(), file));
            return new MappedWeights(path.toString(), arena, files);
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
            return new MappedWeights(index.toString(), arena, files);
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
