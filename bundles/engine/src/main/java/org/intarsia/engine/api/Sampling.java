package org.intarsia.engine.api;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.intarsia.model.api.ModelException;

/**
 * How the next token is chosen:
 * {@snippet :
 * Sampling.builder().temperature(0.7).topP(0.9).build()
 * }
 * Guidance mixes the scores of up to three streams; scores of tokens that do not belong there are masked; then follow logit
 * bias, repetition, frequency and presence penalty, temperature, top-k, top-p and min-p, as in Hugging Face's processors; then a draw
 * with a random number of our own, so that equal requests give equal tokens. What a builder is not told changes nothing.
 * Immutable; two are equal when all their values are.
 */
public final class Sampling {
    /** As many tokens as {@code max_length} of the model's {@code generation_config.json}, or its context, leaves. */
    public static final int UNLIMITED = Integer.MAX_VALUE;
    /** The most entries of {@link #logitBias}. */
    public static final int MOST_BIASES = 1024;
    /** The most that {@link #logitBias} adds or takes away. */
    public static final double MOST_BIAS = 100;
    /** The most that {@link #presencePenalty} and {@link #frequencyPenalty} are, positive or negative. */
    public static final double MOST_PENALTY = 2;

    /** Always the best token, no guidance, up to 128 tokens of text. */
    public static final Sampling GREEDY = builder().build();

    private final double temperature;
    private final int topK;
    private final double topP;
    private final double minP;
    private final double repetitionPenalty;
    private final double presencePenalty;
    private final double frequencyPenalty;
    private final SortedMap<Integer, Double> logitBias;
    private final double guidanceText;
    private final double guidanceImage;
    private final long seed;
    private final int maxTokens;

    private Sampling(Builder builder) {
        temperature = builder.temperature;
        topK = builder.topK;
        topP = builder.topP;
        minP = builder.minP;
        repetitionPenalty = builder.repetitionPenalty;
        presencePenalty = builder.presencePenalty;
        frequencyPenalty = builder.frequencyPenalty;
        logitBias = Collections.unmodifiableSortedMap(new TreeMap<>(builder.logitBias));
        guidanceText = builder.guidanceText;
        guidanceImage = builder.guidanceImage;
        seed = builder.seed;
        maxTokens = builder.maxTokens;
        check(temperature >= 0 && temperature < 1e6, "temperature must be 0 or more", temperature);
        check(topK >= 0, "top-k must be 0 or more", topK);
        check(topP > 0 && topP <= 1, "top-p must be above 0 and at most 1", topP);
        check(minP >= 0 && minP <= 1, "min-p must be from 0 to 1", minP);
        check(repetitionPenalty > 0 && repetitionPenalty < 1e6, "the repetition penalty must be above 0", repetitionPenalty);
        check(Math.abs(presencePenalty) <= MOST_PENALTY, "the presence penalty must be from -2 to 2", presencePenalty);
        check(Math.abs(frequencyPenalty) <= MOST_PENALTY, "the frequency penalty must be from -2 to 2", frequencyPenalty);
        check(logitBias.size() <= MOST_BIASES, "logit bias must name " + MOST_BIASES + " tokens at most", logitBias.size());
        logitBias.forEach((id, bias) -> {
            check(id >= 0, "the tokens of logit bias must be 0 or more", id);
            check(Math.abs(bias) <= MOST_BIAS, "the logit bias of token " + id + " must be from -100 to 100", bias);
        });
        check(Double.isFinite(guidanceText), "guidance for text must be a number", guidanceText);
        check(Double.isFinite(guidanceImage), "guidance for pictures must be a number", guidanceImage);
        check(maxTokens >= 1, "the number of tokens must be 1 or more", maxTokens);
    }

    private static void check(boolean right, String rule, Number given) {
        if (!right) {
            throw new ModelException(rule + ", not " + given);
        }
    }

    /** Returns a builder that begins with {@link #GREEDY}. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns a builder that begins with these values. */
    public Builder toBuilder() {
        return new Builder().temperature(temperature).topK(topK).topP(topP).minP(minP).repetitionPenalty(repetitionPenalty)
                .presencePenalty(presencePenalty).frequencyPenalty(frequencyPenalty).logitBias(logitBias)
                .guidance(guidanceText, guidanceImage).seed(seed).maxTokens(maxTokens);
    }

    /** The same with another seed, as for several answers to one request. */
    public Sampling withSeed(long changed) {
        return toBuilder().seed(changed).build();
    }

    /** The same for another length of text. */
    public Sampling withMaxTokens(int changed) {
        return toBuilder().maxTokens(changed).build();
    }

    /** The divisor of scores; 0 always takes the best. */
    public double temperature() {
        return temperature;
    }

    /** The number of best tokens that stay; 0 for all. */
    public int topK() {
        return topK;
    }

    /** The share of probability that the best tokens which stay must reach, above 0 to 1. */
    public double topP() {
        return topP;
    }

    /** The share of the best token's probability that others must reach to stay, 0 to 1; 0 for none. */
    public double minP() {
        return minP;
    }

    /**
     * What scores of tokens that were there before, in the prompt or the answer, are divided by (multiplied where negative),
     * above 0; 1 for none.
     */
    public double repetitionPenalty() {
        return repetitionPenalty;
    }

    /** The number subtracted from scores of tokens that the answer has already, −2 to 2, as OpenAI defines it; 0 for none. */
    public double presencePenalty() {
        return presencePenalty;
    }

    /** The number subtracted from a token's score for each time that the answer has it, −2 to 2, as OpenAI defines it; 0 for none. */
    public double frequencyPenalty() {
        return frequencyPenalty;
    }

    /** The numbers added to scores of tokens, by id, −100 to 100 each, for {@value #MOST_BIASES} tokens at most; ascending. */
    public SortedMap<Integer, Double> logitBias() {
        return logitBias;
    }

    /** The guidance scale for text: how much farther a picture follows the text than it would by itself; 1 for no farther. */
    public double guidanceText() {
        return guidanceText;
    }

    /** The same for source pictures. */
    public double guidanceImage() {
        return guidanceImage;
    }

    /** Begins the random numbers. */
    public long seed() {
        return seed;
    }

    /** The most tokens of text, 1 or more; {@link #UNLIMITED} for as many as the model allows. */
    public int maxTokens() {
        return maxTokens;
    }

    private List<Object> values() {
        return List.of(temperature, topK, topP, minP, repetitionPenalty, presencePenalty, frequencyPenalty, logitBias, guidanceText,
                guidanceImage, seed, maxTokens);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Sampling sampling && values().equals(sampling.values());
    }

    @Override
    public int hashCode() {
        return values().hashCode();
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "Sampling[temperature=%s, topK=%s, topP=%s, minP=%s, repetitionPenalty=%s, presencePenalty=%s,"
                + " frequencyPenalty=%s, logitBias=%s, guidanceText=%s, guidanceImage=%s, seed=%s, maxTokens=%s]", values().toArray());
    }

    /** Collects values; {@link #build} checks their ranges, which stand at the methods of {@link Sampling}. */
    public static final class Builder {
        private double temperature;
        private int topK;
        private double topP = 1;
        private double minP;
        private double repetitionPenalty = 1;
        private double presencePenalty;
        private double frequencyPenalty;
        private Map<Integer, Double> logitBias = Map.of();
        private double guidanceText = 1;
        private double guidanceImage = 1;
        private long seed;
        private int maxTokens = 128;

        private Builder() {
        }

        /** Sets {@link Sampling#temperature}. */
        public Builder temperature(double value) {
            temperature = value;
            return this;
        }

        /** Sets {@link Sampling#topK}. */
        public Builder topK(int value) {
            topK = value;
            return this;
        }

        /** Sets {@link Sampling#topP}. */
        public Builder topP(double value) {
            topP = value;
            return this;
        }

        /** Sets {@link Sampling#minP}. */
        public Builder minP(double value) {
            minP = value;
            return this;
        }

        /** Sets {@link Sampling#repetitionPenalty}. */
        public Builder repetitionPenalty(double value) {
            repetitionPenalty = value;
            return this;
        }

        /** Sets {@link Sampling#presencePenalty}. */
        public Builder presencePenalty(double value) {
            presencePenalty = value;
            return this;
        }

        /** Sets {@link Sampling#frequencyPenalty}. */
        public Builder frequencyPenalty(double value) {
            frequencyPenalty = value;
            return this;
        }

        /** Sets {@link Sampling#logitBias}. */
        public Builder logitBias(Map<Integer, Double> value) {
            logitBias = Map.copyOf(value);
            return this;
        }

        /** Sets {@link Sampling#guidanceText} and {@link Sampling#guidanceImage}. */
        public Builder guidance(double text, double image) {
            guidanceText = text;
            guidanceImage = image;
            return this;
        }

        /** Sets {@link Sampling#seed}. */
        public Builder seed(long value) {
            seed = value;
            return this;
        }

        /** Sets {@link Sampling#maxTokens}. */
        public Builder maxTokens(int value) {
            maxTokens = value;
            return this;
        }

        /** @throws ModelException when one of the values is out of its range */
        public Sampling build() {
            return new Sampling(this);
        }
    }
}
