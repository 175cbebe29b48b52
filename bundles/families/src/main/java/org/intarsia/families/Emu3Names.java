package org.intarsia.families;

import java.util.Optional;
import java.util.SortedSet;
import java.util.regex.Pattern;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.model.blocks.NameRules.Rule;
import org.intarsia.model.blocks.NameRules;
import org.intarsia.weights.Metadata;
import org.intarsia.weights.Tensor;
import org.intarsia.weights.Weights;

/**
 * The tensors of Emu3's picture tokenizer under the names of transformers, of the checkpoint in which its authors publish it.
 * Nothing is copied: its attention has convolutions of one pixel, which are matrices.
 */
final class Emu3Names implements Weights {
    private static final NameRules RULES = NameRules.of(
            new Rule("^", "vqmodel."),
            new Rule("\\.mid\\.attn_1\\.norm\\.", ".mid.attn_norm."),
            new Rule("\\.attn\\.(\\d+)\\.norm\\.", ".attn_norms.$1."),
            new Rule("\\.(attn_1|attn\\.\\d+)\\.([qkv])\\.", ".$1.$2_proj."),
            new Rule("\\.(attn_1|attn\\.\\d+)\\.proj_out\\.", ".$1.out_proj."),
            new Rule("^vqmodel\\.encoder\\.down\\.", "vqmodel.encoder.down_block.down."),
            new Rule("^vqmodel\\.decoder\\.up\\.", "vqmodel.decoder.up_block.up."),
            new Rule("^vqmodel\\.(encoder|decoder)\\.mid\\.", "vqmodel.$1.middle_block."));
    private static final Pattern MATRIX = Pattern.compile(".*\\.(q|k|v|out)_proj\\.weight");

    private final Weights vision;

    Emu3Names(Weights vision) {
        this.vision = vision.renamed(RULES::translate);
    }

    @Override
    public SortedSet<String> names() {
        return vision.names();
    }

    @Override
    public Optional<Tensor> find(String name) {
        return vision.find(name).map(Emu3Names::withoutPixel);
    }

    private static Tensor withoutPixel(Tensor tensor) {
        Shape shape = tensor.shape();
        if (!MATRIX.matcher(tensor.name()).matches() || shape.rank() != 4 || shape.size(2) != 1 || shape.size(3) != 1) {
            return tensor;
        }
        return new Tensor(tensor.name(), new TensorType(Shape.of(shape.size(0), shape.size(1)), tensor.type().encoding()),
                tensor.content());
    }

    @Override
    public Metadata metadata() {
        return vision.metadata();
    }

    @Override
    public void close() {
        vision.close();
    }

    @Override
    public String toString() {
        return vision.toString();
    }
}
