package org.intarsia.engine.api;

import org.intarsia.model.api.ModelException;

/**
 * How the next token is chosen, in the order in which it is applied: guidance mixes the scores of up to three streams;
 * scores of tokens that do not belong here are masked; then repetition penalty, temperature, top-k, top-p and min-p as
 * in Hugging Face's processors; then a draw with a random number of our own, so that equal requests give equal tokens.
 *
 * @param temperature       what scores are divided by; 0 always takes the best
 * @param topK              how many of the best tokens stay; 0 for all
 * @param topP              the share of probability that the best tokens which stay must reach, above 0 to 1
 * @param minP              the share of the best token's probability that others must reach to stay, 0 to 1; 0 for none
 * @param repetitionPenalty what scores of tokens that were there before are divided by (multiplied where negative); 1 for
 *                          none
 * @param guidanceText      how much farther a picture follows the text than it would by itself; 1 for no farther
 * @param guidanceImage     the same for source pictures
 * @param seed              begins the random numbers
 * @param maxTokens         most tokens of text; {@link #UNLIMITED} for as many as the model allows
 */
public record Sampling(double temperature, int topK, double topP, double minP, double repetitionPenalty,
        double guidanceText, double guidanceImage, long seed, int maxTokens) {

    /** As many tokens as {@code max_length} of the model's {@code generation_config.json}, or its context, leaves. */
    public static final int UNLIMITED = Integer.MAX_VALUE;

    /** Always the best token, no guidance, up to 128 tokens of text. */
    public static final Sampling GREEDY = new Sampling(0, 0, 1, 0, 1, 1, 1, 0, 128);

    public Sampling {
        check(temperature >= 0 && temperature < 1e6, "temperature must be 0 or more", temperature);
        check(topK >= 0, "top-k must be 0 or more", topK);
        check(topP > 0 && topP <= 1, "top-p must be above 0 and at most 1", topP);
        check(minP >= 0 && minP <= 1, "min-p must be from 0 to 1", minP);
        check(repetitionPenalty > 0 && repetitionPenalty < 1e6, "the repetition penalty must be above 0",
                repetitionPenalty);
        check(Double.isFinite(guidanceText), "guidance for text must be a number", guidanceText);
        check(Double.isFinite(guidanceImage), "guidance for pictures must be a number", guidanceImage);
        check(maxTokens >= 1, "the number of tokens must be 1 or more", maxTokens);
    }

    private static void check(boolean right, String rule, Number given) {
        if (!right) {
            throw new ModelException(rule + ", not " + given);
        }
    }

    public Sampling withTemperature(double changed) {
        return new Sampling(changed, topK, topP, minP, repetitionPenalty, guidanceText, guidanceImage, seed, maxTokens);
    }

    public Sampling withTopK(int changed) {
        return new Sampling(temperature, changed, topP, minP, repetitionPenalty, guidanceText, guidanceImage, seed, maxTokens);
    }

    public Sampling withTopP(double changed) {
        return new Sampling(temperature, topK, changed, minP, repetitionPenalty, guidanceText, guidanceImage, seed, maxTokens);
    }

    public Sampling withMinP(double changed) {
        return new Sampling(temperature, topK, topP, changed, repetitionPenalty, guidanceText, guidanceImage, seed, maxTokens);
    }

    public Sampling withRepetitionPenalty(double changed) {
        return new Sampling(temperature, topK, topP, minP, changed, guidanceText, guidanceImage, seed, maxTokens);
    }

    public Sampling withGuidance(double text, double image) {
        return new Sampling(temperature, topK, topP, minP, repetitionPenalty, text, image, seed, maxTokens);
    }

    public Sampling withSeed(long changed) {
        return new Sampling(temperature, topK, topP, minP, repetitionPenalty, guidanceText, guidanceImage, changed, maxTokens);
    }

    public Sampling withMaxTokens(int changed) {
        return new Sampling(temperature, topK, topP, minP, repetitionPenalty, guidanceText, guidanceImage, seed, changed);
    }
}
