package org.intarsia.transformer.decoder;

/**
 * What all layers of a decoder have alike.
 *
 * @param norms      where the norms stand
 * @param unitOffset whether norms multiply by 1 + weight instead of by the weight
 * @param headNorm   how queries and keys are normalised, head by head
 * @param bias       which projections of attention have biases
 * @param innerBias  whether those of the feed-forward layer have
 * @param gate       the function of the feed-forward layer's gate
 * @param scale      factor on the products of queries and keys
 * @param softCap    what the scores of attention approach but never reach; 0 for none
 * @param interleaved whether the pairs that are rotated are neighbours, as llama.cpp's converter lays heads out, instead of
 *                    halves
 */
public record Block(Norms norms, boolean unitOffset, HeadNorm headNorm, Bias bias, boolean innerBias, Gate gate, double scale,
        double softCap, boolean interleaved) {

    /** Where the norms of attention and feed-forward layer stand. */
    public enum Norms {
        /** In front of each. */
        BEFORE,
        /** Behind each, in front of the sum: Chameleon's {@code swin_norm}. */
        BEHIND,
        /** Both: Gemma 2 and 3. */
        AROUND
    }

    /** How queries and keys are normalised. */
    public enum HeadNorm {
        NONE,
        /** Layer normalisation with a weight and a bias for each head: Chameleon. */
        LAYER,
        /** RMSNorm with one weight for all heads: Qwen3, Gemma 3. */
        RMS
    }

    /** Which projections of attention have biases. */
    public enum Bias {
        NONE,
        /** Those of queries, keys and values: Qwen2. */
        INPUTS,
        /** That of the output, too. */
        ALL
    }

    /** The function of the gate (Shazeer, "GLU variants improve transformer", 2020). */
    public enum Gate {
        SILU,
        /** In its form with tanh. */
        GELU
    }

    public Block withNorms(Norms changed) {
        return new Block(changed, unitOffset, headNorm, bias, innerBias, gate, scale, softCap, interleaved);
    }

    public Block withUnitOffset(boolean changed) {
        return new Block(norms, changed, headNorm, bias, innerBias, gate, scale, softCap, interleaved);
    }

    public Block withHeadNorm(HeadNorm changed) {
        return new Block(norms, unitOffset, changed, bias, innerBias, gate, scale, softCap, interleaved);
    }

    public Block withBias(Bias changed) {
        return new Block(norms, unitOffset, headNorm, changed, innerBias, gate, scale, softCap, interleaved);
    }

    public Block withGate(Gate changed) {
        return new Block(norms, unitOffset, headNorm, bias, innerBias, changed, scale, softCap, interleaved);
    }

    public Block withScale(double changed) {
        return new Block(norms, unitOffset, headNorm, bias, innerBias, gate, changed, softCap, interleaved);
    }

    public Block withSoftCap(double changed) {
        return new Block(norms, unitOffset, headNorm, bias, innerBias, gate, scale, changed, interleaved);
    }

}
