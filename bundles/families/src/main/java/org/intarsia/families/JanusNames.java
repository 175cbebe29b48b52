package org.intarsia.families;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.model.blocks.NameRules.Rule;
import org.intarsia.model.blocks.NameRules;
import org.intarsia.weights.Metadata;
import org.intarsia.weights.Tensor;
import org.intarsia.weights.Weights;
import org.intarsia.weights.WeightsException;

/**
 * The tensors of Janus under the names of transformers, of a checkpoint that has those of the authors. Nothing is copied:
 * queries, keys and values, which the authors keep in one tensor, are thirds of its rows.
 */
final class JanusNames implements Weights {
    private static final String MARK = "gen_embed.weight";
    private static final String FUSED = ".self_attn.qkv.";
    private static final List<String> PARTS = List.of("q_proj", "k_proj", "v_proj");
    /** Does nothing in either implementation. */
    private static final Pattern UNUSED = Pattern.compile("vision_model\\.vision_tower\\.attn_pool\\..*|.*\\.codebook_used");
    private static final NameRules RULES = NameRules.of(
            new Rule("^vision_model\\.vision_tower\\.patch_embed\\.proj\\.", "model.vision_model.embeddings.patch_embedding."),
            new Rule("^vision_model\\.vision_tower\\.pos_embed$", "model.vision_model.embeddings.position_embedding.weight"),
            new Rule("^vision_model\\.vision_tower\\.norm\\.", "model.vision_model.post_layernorm."),
            new Rule("^vision_model\\.vision_tower\\.blocks\\.(\\d+)\\.", "model.vision_model.encoder.layers.$1."),
            new Rule("^(model\\.vision_model\\..*)\\.norm([12])\\.", "$1.layer_norm$2."),
            new Rule("^(model\\.vision_model\\..*)\\.attn\\.proj\\.", "$1.self_attn.projection_layer."),
            new Rule("^(model\\.vision_model\\..*)\\.attn\\.qkv\\.", "$1" + FUSED),
            new Rule("^gen_vision_model\\.", "model.vqmodel."),
            new Rule("^(model\\.vqmodel\\.encoder)\\.conv_blocks\\.", "$1.down."),
            new Rule("^(model\\.vqmodel\\.decoder)\\.conv_blocks\\.", "$1.up."),
            new Rule("^(model\\.vqmodel\\..*)\\.res\\.", "$1.block."),
            new Rule("^(model\\.vqmodel\\..*)\\.mid\\.0\\.", "$1.mid.block_1."),
            new Rule("^(model\\.vqmodel\\..*)\\.mid\\.1\\.", "$1.mid.attn_1."),
            new Rule("^(model\\.vqmodel\\..*)\\.mid\\.2\\.", "$1.mid.block_2."),
            new Rule("^aligner\\.", "model.aligner."),
            new Rule("^gen_aligner\\.", "model.generation_aligner."),
            new Rule("^gen_embed\\.", "model.generation_embeddings."),
            new Rule("^gen_head\\.", "model.generation_head."),
            new Rule("^(model\\.generation_head)\\.output_mlp_projector\\.", "$1.proj_out."),
            new Rule("^language_model\\.model\\.", "model.language_model."),
            new Rule("^language_model\\.lm_head\\.", "lm_head."));
    /** Of a row of linear layers with activations between them the authors count both. */
    private static final Pattern ALIGNER = Pattern.compile("^(model\\.(?:generation_)?aligner)\\.layers\\.(\\d+)\\.(.*)$");

    private final Weights weights;
    private final Map<String, Place> places = new TreeMap<>();
    private final SortedSet<String> names;

    /** Where a tensor is: which part of how many parts of the rows of which. */
    private record Place(String name, int part, int parts) {
    }

    JanusNames(Weights weights) {
        this.weights = weights;
        for (String name : weights.names()) {
            if (!UNUSED.matcher(name).matches()) {
                add(name, translate(name));
            }
        }
        this.names = Collections.unmodifiableSortedSet(new TreeSet<>(places.keySet()));
    }

    /** Whether a checkpoint has the authors' names. */
    static boolean areIn(Weights weights) {
        return weights.names().contains(MARK);
    }

    private void add(String name, String translated) {
        if (!translated.contains(FUSED)) {
            places.put(translated, new Place(name, 0, 1));
            return;
        }
        for (int part = 0; part < PARTS.size(); part++) {
            places.put(translated.replace(FUSED, ".self_attn." + PARTS.get(part) + "."), new Place(name, part, PARTS.size()));
        }
    }

    /** Returns the name of transformers, whose own names stay as they are. */
    static String translate(String name) {
        return ALIGNER.matcher(RULES.translate(name)).replaceFirst(match -> {
            int layer = Integer.parseInt(match.group(2)) / 2;
            return match.group(1) + (layer == 0 ? ".fc1." : ".hidden_layers." + (layer - 1) + ".") + match.group(3);
        });
    }

    @Override
    public SortedSet<String> names() {
        return names;
    }

    @Override
    public Optional<Tensor> find(String name) {
        return Optional.ofNullable(places.get(name)).map(place -> part(name, place));
    }

    private Tensor part(String name, Place place) {
        Tensor whole = weights.get(place.name);
        Shape shape = whole.shape();
        if (shape.rank() == 3 && shape.size(0) == 1) {
            // The authors keep positions as one picture of a batch.
            shape = Shape.of(shape.size(1), shape.size(2));
        }
        if (place.parts > 1) {
            if (shape.rank() == 0 || shape.size(0) % place.parts != 0) {
                throw new WeightsException("the tensor '" + place.name + "' is " + shape + ", which cannot be queries, keys and"
                        + " values of one size");
            }
            long[] sizes = shape.sizes();
            sizes[0] /= place.parts;
            shape = Shape.of(sizes);
        }
        TensorType type = new TensorType(shape, whole.type().encoding());
        return new Tensor(name, type, whole.content().asSlice(place.part * type.bytes(), type.bytes()));
    }

    @Override
    public Metadata metadata() {
        return weights.metadata();
    }

    @Override
    public void close() {
        weights.close();
    }

    @Override
    public String toString() {
        return weights.toString();
    }
}
