package org.intarsia.model.api;

/**
 * How the authors of a family sample.
 *
 * @param temperature       0 always takes the best token
 * @param topK              so many of the best tokens remain; 0 for all
 * @param topP              the best tokens that have this probability together remain; 1 for all
 * @param repetitionPenalty 1 for none
 * @param guidanceText      how much farther a picture follows the text than it would by itself; 1 for no farther
 * @param guidanceImage     the same for pictures that were handed in
 * @param maxTokens         most tokens of a text
 */
public record GenerationDefaults(double temperature, int topK, double topP, double repetitionPenalty, double guidanceText,
        double guidanceImage, int maxTokens) {

    /** Defaults for text of at most 128 tokens. */
    public static GenerationDefaults text(double temperature, double topP, double repetitionPenalty) {
        return new GenerationDefaults(temperature, 0, topP, repetitionPenalty, 1, 1, 128);
    }

    /** Defaults for pictures. */
    public static GenerationDefaults picture(double temperature, int topK, double topP, double guidanceText, double guidanceImage) {
        return new GenerationDefaults(temperature, topK, topP, 1, guidanceText, guidanceImage, 1);
    }
}
