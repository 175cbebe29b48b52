package org.intarsia.weights.llamacpp;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.intarsia.graph.Shape;
import org.intarsia.text.Quoted;
import org.intarsia.weights.Tensor;
import org.intarsia.weights.Weights;
import org.intarsia.weights.WeightsException;

/** Finds llama.cpp's name and order of rows for each tensor of a checkpoint, and what is missing or left over. */
final class TensorNames {
    private static final String EMBEDDING = "model.embed_tokens.weight";
    private static final String HEAD = "lm_head.weight";
    private static final Map<String, String> OUTSIDE = Map.of(
            EMBEDDING, "token_embd.weight",
            "model.norm.weight", "output_norm.weight",
            HEAD, "output.weight");
    private static final Pattern LAYER = Pattern.compile("model\\.layers\\.(\\d+)\\.(.+)\\.(weight|bias)");
    /** Of old checkpoints; they follow from config.json. */
    private static final String FREQUENCIES = ".rotary_emb.inv_freq";
    private static final int MOST_NAMED = 10;

    private final ConfigFile config;
    private final TextFamily family;
    private final Weights weights;

    TensorNames(ConfigFile config, TextFamily family, Weights weights) {
        this.config = config;
        this.family = family;
        this.weights = weights;
    }

    /**
     * Returns the tensors of the file: the table, the layers one by one, and what stands behind them.
     *
     * @throws WeightsException naming all that are missing, or that llama.cpp has no name for
     */
    List<WrittenTensor> tensors() {
        TreeSet<String> left = new TreeSet<>(weights.names());
        if (config.layers() > left.size()) {
            throw new WeightsException("'" + config.file() + "' has " + config.layers() + " layers, but the checkpoint only "
                    + left.size() + " tensors");
        }
        left.removeIf(name -> name.endsWith(FREQUENCIES));
        List<String> missing = new ArrayList<>();
        List<WrittenTensor> tensors = new ArrayList<>();
        take(EMBEDDING, left, missing, tensors);
        for (int layer = 0; layer < config.layers(); layer++) {
            for (String part : new TreeSet<>(family.layerTensors().keySet())) {
                String name = "model.layers." + layer + "." + part;
                take(name + ".weight", left, missing, tensors);
                if (family.biases().contains(family.layerTensors().get(part)) && left.contains(name + ".bias")) {
                    take(name + ".bias", left, missing, tensors);
                }
            }
        }
        take("model.norm.weight", left, missing, tensors);
        if (family.alwaysTied() && left.remove(HEAD)) {
            requireTied();
        } else if (left.contains(HEAD)) {
            take(HEAD, left, missing, tensors);
        } else if (!family.alwaysTied() && !Boolean.TRUE.equals(config.fields().get("tie_word_embeddings"))) {
            missing.add(HEAD);
        }
        refuse("lacks", missing);
        refuse("has, beyond what llama.cpp's " + family.architecture() + " knows,", List.copyOf(left));
        requireBiases();
        return tensors;
    }

    private void take(String name, TreeSet<String> left, List<String> missing, List<WrittenTensor> tensors) {
        if (!left.remove(name)) {
            missing.add(name);
            return;
        }
        Tensor tensor = weights.get(name);
        if (tensor.type().encoding().isInteger()) {
            throw new WeightsException("the tensor " + Quoted.of(name) + " is stored as " + tensor.type().encoding()
                    + ", and weights that are whole numbers cannot be converted");
        }
        tensors.add(written(name, tensor));
    }

    private WrittenTensor written(String name, Tensor tensor) {
        String renamed = renamed(name);
        if (family.shiftedNorms() && name.endsWith("norm.weight")) {
            return WrittenTensor.larger(renamed, tensor);
        }
        if (family.neighbours() && renamed.matches(".*\\.attn_[qk]\\..*")) {
            int heads = renamed.contains("attn_q") ? config.heads() : config.keyHeads();
            long rows = (long) heads * config.headSize();
            if (tensor.shape().rank() == 0 || tensor.shape().size(0) != rows || config.headSize() % 2 != 0) {
                throw misshapen(name, tensor.shape(), heads + " heads of " + config.headSize() + " rows");
            }
            return WrittenTensor.interleaved(renamed, tensor, heads);
        }
        return WrittenTensor.of(renamed, tensor);
    }

    private String renamed(String name) {
        Matcher layer = LAYER.matcher(name);
        return layer.matches()
                ? "blk." + layer.group(1) + "." + family.layerTensors().get(layer.group(2)) + "." + layer.group(3)
                : OUTSIDE.get(name);
    }

    /** Refuses a head of its own, which llama.cpp would not use. */
    private void requireTied() {
        Tensor head = weights.get(HEAD);
        boolean same = weights.find(EMBEDDING).filter(table -> table.type().equals(head.type())
                && table.content().mismatch(head.content()) < 0).isPresent();
        if (!same) {
            throw new WeightsException("the checkpoint has an " + HEAD + " that is not its embedding table, which llama.cpp's "
                    + family.architecture() + " scores tokens by");
        }
    }

    private void requireBiases() {
        for (String flag : List.of("attention_bias", "mlp_bias")) {
            String of = flag.equals("mlp_bias") ? "mlp.up_proj" : "self_attn.q_proj";
            if (Boolean.TRUE.equals(config.fields().get(flag)) && !weights.names().contains("model.layers.0." + of + ".bias")) {
                throw new WeightsException("'" + config.file() + "' has " + Quoted.of(flag) + ", but the checkpoint has no tensor "
                        + Quoted.of("model.layers.0." + of + ".bias"));
            }
        }
    }

    /** Returns the rows of the embedding table: so many tokens the file has to name. */
    int vocabulary() {
        Shape shape = weights.get(EMBEDDING).shape();
        int stated = config.size("vocab_size");
        if (shape.rank() != 2 || shape.size(0) != stated) {
            throw misshapen(EMBEDDING, shape, stated + " rows, as vocab_size says");
        }
        return stated;
    }

    private WeightsException misshapen(String name, Shape shape, String expected) {
        return new WeightsException("the tensor " + Quoted.of(name) + " is " + shape + ", but '" + config.file()
                + "' makes it " + expected);
    }

    private void refuse(String what, List<String> names) {
        if (!names.isEmpty()) {
            throw new WeightsException("the checkpoint of '" + config.file().getParent() + "' " + what + " "
                    + names.stream().limit(MOST_NAMED).map(Quoted::of).collect(Collectors.joining(", "))
                    + (names.size() > MOST_NAMED ? " and " + (names.size() - MOST_NAMED) + " more tensors" : ""));
        }
    }
}
