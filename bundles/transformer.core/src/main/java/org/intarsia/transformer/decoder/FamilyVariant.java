package org.intarsia.transformer.decoder;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.intarsia.model.blocks.ConfigFile;

/** By what the decoder of a family differs from Llama's. What is wrong with a field is left with the file. */
public interface FamilyVariant {
    /** Llama's own. */
    FamilyVariant LLAMA = new FamilyVariant() {
    };

    /**
     * Changes what all layers have alike.
     *
     * @param read as Llama's fields say
     */
    default Block block(ConfigFile file, DecoderConfig.Sizes sizes, Block read) {
        return read;
    }

    /**
     * Returns what each layer has of its own.
     *
     * @param theta base of the rotary frequencies where the file names none
     */
    default List<LayerVariant> layers(ConfigFile file, DecoderConfig.Sizes sizes, double theta) {
        Rotary rotary = Rotary.read(file, sizes.headDim(), sizes.context(), theta);
        return Collections.nCopies(sizes.layers(), LayerVariant.full(rotary));
    }

    /** Changes what stands before the first layer and behind the last one. */
    default Ends ends(ConfigFile file, DecoderConfig.Sizes sizes, Ends read) {
        return read;
    }

    /** Reads the function of the gate. */
    default Block.Gate gate(ConfigFile file) {
        String activation = file.text("hidden_act", "silu");
        // Two names of one function.
        if (!activation.equals("silu") && !activation.equals("swish")) {
            file.wrong("hidden_act", "should be \"silu\", not \"" + activation + "\"");
        }
        return Block.Gate.SILU;
    }

    /** The fields that this family follows and {@link Variants} refuses for all others. */
    default Set<String> follows() {
        return Set.of();
    }
}
