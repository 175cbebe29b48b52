package org.intarsia.model.adapters;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.intarsia.graph.Encoding;
import org.intarsia.io.Sha256;
import org.intarsia.model.api.ModelException;
import org.intarsia.weights.Checkpoint;
import org.intarsia.weights.LowRank;
import org.intarsia.weights.Safetensors;
import org.intarsia.weights.Tensor;
import org.intarsia.weights.Weights;

/**
 * A low-rank adapter in the layout of PEFT, mapped until it is closed. All that PEFT writes for a plain LoRA is followed; what
 * it asks for beyond is refused when it is opened. Safe for use by several threads.
 */
public final class Adapter implements AutoCloseable {
    /** The file that describes an adapter. */
    public static final String CONFIG = "adapter_config.json";
    /** The file of its tensors. */
    public static final String FILE = "adapter_model.safetensors";

    /** The prefix that PEFT puts before the path of a module. */
    private static final String PREFIX = "base_model.model.";
    private static final Pattern PAIR = Pattern.compile("(.+)\\.lora_([AB])\\.weight");
    private static final Pattern WHOLE = Pattern.compile("(.+)\\.(weight|bias)");

    private final Path folder;
    private final AdapterConfig config;
    private final Weights weights;
    private final SortedMap<String, LowRank> pairs = new TreeMap<>();
    private final SortedMap<String, Tensor> replaced = new TreeMap<>();
    private String hash;

    private Adapter(Path folder, AdapterConfig config, Weights weights) {
        this.folder = folder;
        this.config = config;
        this.weights = weights;
    }

    /**
     * Opens a folder.
     *
     * @throws ModelException                        when it is no adapter, or asks for what is not supported; the sentence says
     *                                               what
     * @throws org.intarsia.weights.WeightsException when its tensors are missing or broken
     */
    public static Adapter open(Path folder) {
        AdapterConfig config = new AdapterConfig(folder);
        if (!Files.exists(folder.resolve(FILE))) {
            throw new ModelException("the adapter in " + folder + " has no " + FILE + (Files.exists(folder.resolve("adapter_model.bin"))
                    ? "; pickles are not read: save it as safetensors" : "; get the file from where the adapter comes from"));
        }
        Adapter adapter = new Adapter(folder, config, Checkpoint.open(folder.resolve(FILE)));
        boolean sound = false;
        try {
            adapter.sort();
            sound = true;
            return adapter;
        } finally {
            if (!sound) {
                adapter.close();
            }
        }
    }

    /** Tells whether a folder holds an adapter, and no model beside it. */
    public static boolean isIn(Path folder) {
        return Files.exists(folder.resolve(CONFIG)) && !Files.exists(folder.resolve("config.json"));
    }

    /**
     * The base model that an adapter says it was trained for, without opening its tensors; empty where it does not say.
     *
     * @throws ModelException when it is no adapter, or asks for what is not supported
     */
    public static Optional<String> base(Path folder) {
        return new AdapterConfig(folder).base();
    }

    /**
     * Writes an adapter, in F32, into a folder that is there.
     *
     * @param config the text of {@code adapter_config.json}, for example of {@link AdapterSettings}
     * @param pairs  by the paths of the modules in the reference's model
     */
    public static void write(Path folder, String config, Map<String, LowRank> pairs) {
        List<Tensor> tensors = new ArrayList<>();
        pairs.forEach((module, pair) -> {
            tensors.add(pair.a().to(Encoding.F32).named(PREFIX + module + ".lora_A.weight"));
            tensors.add(pair.b().to(Encoding.F32).named(PREFIX + module + ".lora_B.weight"));
        });
        try {
            Files.writeString(folder.resolve(CONFIG), config);
        } catch (IOException e) {
            throw new ModelException("the adapter in " + folder + " cannot be written (" + e.getMessage() + ")", e);
        }
        Safetensors.write(folder.resolve(FILE), tensors, Map.of("format", "pt"));
    }

    private void sort() {
        SortedMap<String, Tensor> first = new TreeMap<>();
        SortedMap<String, Tensor> second = new TreeMap<>();
        SortedMap<String, Tensor> whole = new TreeMap<>();
        List<String> strange = new ArrayList<>();
        for (String name : weights.names()) {
            String path = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : "";
            Matcher pair = PAIR.matcher(path);
            Matcher all = WHOLE.matcher(path);
            if (pair.matches()) {
                (pair.group(2).equals("A") ? first : second).put(pair.group(1), floating(name));
            } else if (all.matches() && config.saves(all.group(1))) {
                replaced.put(path, floating(name));
                whole.put(all.group(1), replaced.get(path));
            } else {
                strange.add(name);
            }
        }
        if (!strange.isEmpty()) {
            throw new ModelException(where() + " holds tensors that are neither pairs lora_A and lora_B of linear layers nor of"
                    + " modules_to_save: " + AdapterConfig.shown(strange) + "; such an adapter is not supported");
        }
        join(first, second);
        config.check(pairs.keySet(), whole.keySet());
        if (pairs.isEmpty() && replaced.isEmpty()) {
            throw new ModelException(where() + " holds no tensors; get the file again");
        }
    }

    private void join(SortedMap<String, Tensor> first, SortedMap<String, Tensor> second) {
        List<String> single = new ArrayList<>();
        first.keySet().stream().filter(module -> !second.containsKey(module)).forEach(module -> single.add(module + ".lora_A"));
        second.keySet().stream().filter(module -> !first.containsKey(module)).forEach(module -> single.add(module + ".lora_B"));
        if (!single.isEmpty()) {
            throw new ModelException(where() + " lacks the other half of " + AdapterConfig.shown(single) + "; get the file again");
        }
        first.forEach((module, a) -> {
            Tensor b = second.get(module);
            if (a.shape().rank() != 2 || b.shape().rank() != 2) {
                throw new ModelException(where() + ": the pair of " + AdapterConfig.shown(List.of(module)) + " is " + a.shape() + " and "
                        + b.shape() + ", and only pairs of matrices are supported");
            }
            int rank = config.rank(module);
            if (a.shape().size(0) != rank || b.shape().size(1) != rank) {
                throw new ModelException(where() + ": the pair of " + AdapterConfig.shown(List.of(module)) + " is " + a.shape() + " and "
                        + b.shape() + ", and should be (" + rank + ", in) and (out, " + rank + "), since " + CONFIG + " says rank " + rank);
            }
            pairs.put(module, new LowRank(a, b, config.scale(module)));
        });
    }

    private Tensor floating(String name) {
        Tensor tensor = weights.get(name);
        if (tensor.type().encoding().isInteger()) {
            throw new ModelException(where() + ": the tensor " + AdapterConfig.shown(List.of(name)) + " is stored as "
                    + tensor.type().encoding() + ", and whole numbers are not supported");
        }
        return tensor;
    }

    private String where() {
        return FILE + " of the adapter in " + folder;
    }

    /** The folder. */
    public Path folder() {
        return folder;
    }

    /** The name of the folder. */
    public String name() {
        return folder.getFileName().toString();
    }

    /** The pairs, by the paths of the modules in the reference's model, such as {@code model.layers.0.self_attn.q_proj}. */
    public SortedMap<String, LowRank> pairs() {
        return Collections.unmodifiableSortedMap(pairs);
    }

    /** Tensors that take the place of the base model's, by the reference's names. */
    public SortedMap<String, Tensor> replaced() {
        return Collections.unmodifiableSortedMap(replaced);
    }

    /** A clause about what the configuration asks for and nothing here follows; empty where all is followed. */
    public Optional<String> notFollowed() {
        return config.notFollowed();
    }

    /** {@code sha256:} and a hash over all that decides what the adapter computes: tensors and scales. Reads everything, once. */
    public synchronized String hash() {
        if (hash == null) {
            MessageDigest digest = Sha256.digest();
            digest.update(weights.hash().getBytes(StandardCharsets.US_ASCII));
            for (Map.Entry<String, LowRank> pair : pairs.entrySet()) {
                digest.update(("\n" + pair.getKey() + "\0" + pair.getValue().scale()).getBytes(StandardCharsets.UTF_8));
            }
            hash = "sha256:" + Sha256.hexadecimal(digest);
        }
        return hash;
    }

    @Override
    public void close() {
        weights.close();
    }
}
