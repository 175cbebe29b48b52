package org.intarsia.engine;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import org.intarsia.engine.api.Sampling;
import org.intarsia.engine.logits.GenerationRules;
import org.intarsia.engine.logits.LogitsProcessor;
import org.intarsia.engine.logits.LogitsWarper;
import org.intarsia.engine.logits.TokenHistory;
import org.intarsia.model.api.ModelException;

/**
 * Chooses the next token. The order is that of Hugging Face's processors: those of the model's rules and the repetition
 * penalty, temperature, top-k, top-p, min-p, the rules' warpers; then one random number u in [0, 1) picks the first token, in the order of the ids, at which the summed probability
 * exceeds u. Not safe for use by several threads.
 */
final class Sampler {
    private final Sampling sampling;
    private final List<LogitsProcessor> processors;
    private final List<LogitsWarper> warpers;
    private final SplitMix random;

    /** Follows the sampling alone. */
    Sampler(Sampling sampling) {
        this(sampling, GenerationRules.NONE, id -> false);
    }

    /**
     * Follows a model's rules, too.
     *
     * @param ends tells the tokens that end a text
     */
    Sampler(Sampling sampling, GenerationRules rules, IntPredicate ends) {
        this.sampling = sampling;
        this.processors = rules.processors(sampling.repetitionPenalty(), ends);
        this.warpers = rules.warpers();
        this.random = new SplitMix(sampling.seed());
    }

    /**
     * Chooses one of the allowed tokens.
     *
     * @param logits  the scores of all tokens
     * @param allowed the ids that may be chosen, at least one, ascending
     * @param history the tokens so far
     */
    int next(float[] logits, int[] allowed, TokenHistory history) {
        double[] scores = processed(logits, allowed, history);
        if (sampling.temperature() == 0) {
            return allowed[best(scores)];
        }
        double[] probabilities = probabilities(scores);
        double left = random.next();
        for (int i = 0; i < probabilities.length; i++) {
            left -= probabilities[i];
            if (left < 0) {
                return allowed[i];
            }
        }
        // Rounding let the sum fall short of 1 by less than the random number could tell.
        return allowed[best(probabilities)];
    }

    private double[] processed(float[] logits, int[] allowed, TokenHistory history) {
        double[] scores = new double[allowed.length];
        for (int i = 0; i < allowed.length; i++) {
            scores[i] = logits[allowed[i]];
            if (Double.isNaN(scores[i])) {
                throw new ModelException("the model's scores are no numbers: its weights are broken");
            }
        }
        processors.forEach(processor -> processor.process(scores, allowed, history));
        if (scores[best(scores)] == Double.NEGATIVE_INFINITY) {
            throw new ModelException("no token is left that could follow: generation_config.json of the model forbids them all"
                    + " (suppress_tokens, bad_words_ids, no_repeat_ngram_size and the like)");
        }
        return scores;
    }

    /** The probability of each token, after temperature and everything that follows. Temperature must be above 0. */
    double[] probabilities(double[] scores) {
        double[] weights = new double[scores.length];
        double top = scores[best(scores)];
        for (int i = 0; i < scores.length; i++) {
            weights[i] = Math.exp((scores[i] - top) / sampling.temperature());
        }
        if (sampling.topK() > 0 && sampling.topK() < weights.length) {
            double[] ascending = weights.clone();
            Arrays.sort(ascending);
            keep(weights, ascending[weights.length - sampling.topK()]);
        }
        if (sampling.topP() < 1) {
            keep(weights, nucleus(weights));
        }
        // The best token weighs 1.
        keep(weights, sampling.minP());
        normalize(weights);
        for (LogitsWarper warper : warpers) {
            warper.warp(weights);
            normalize(weights);
        }
        return weights;
    }

    private static void normalize(double[] weights) {
        double sum = Arrays.stream(weights).sum();
        for (int i = 0; i < weights.length; i++) {
            weights[i] /= sum;
        }
    }

    /** The probabilities that {@link #next} draws from. */
    double[] probabilities(float[] logits, int[] allowed, TokenHistory history) {
        return probabilities(processed(logits, allowed, history));
    }

    /** The least weight that stays when the lightest tokens that make up 1 − top-p together are dropped. */
    private double nucleus(double[] weights) {
        double[] ascending = weights.clone();
        Arrays.sort(ascending);
        double drop = (1 - sampling.topP()) * Arrays.stream(ascending).sum();
        double sum = 0;
        for (double weight : ascending) {
            sum += weight;
            if (sum > drop) {
                return weight;
            }
        }
        return ascending[ascending.length - 1];
    }

    private static void keep(double[] weights, double least) {
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] < least) {
                weights[i] = 0;
            }
        }
    }

    private static int best(double[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            if (values[i] > values[best]) {
                best = i;
            }
        }
        return best;
    }
}
