package org.intarsia.engine;

import java.util.Arrays;
import java.util.BitSet;
import org.intarsia.engine.api.Sampling;
import org.intarsia.model.api.ModelException;

/**
 * Chooses the next token. The order is that of Hugging Face's processors: repetition penalty, temperature, top-k, top-p,
 * min-p; then one random number u in [0, 1) picks the first token, in the order of the ids, at which the summed probability
 * exceeds u. Not safe for use by several threads.
 */
final class Sampler {
    private final Sampling sampling;
    private final SplitMix random;

    Sampler(Sampling sampling) {
        this.sampling = sampling;
        this.random = new SplitMix(sampling.seed());
    }

    /**
     * Chooses one of the allowed tokens.
     *
     * @param logits  the scores of all tokens
     * @param allowed the ids that may be chosen, at least one, ascending
     * @param seen    the ids that were there before
     */
    int next(float[] logits, int[] allowed, BitSet seen) {
        double[] scores = penalized(logits, allowed, seen);
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

    private double[] penalized(float[] logits, int[] allowed, BitSet seen) {
        double[] scores = new double[allowed.length];
        double penalty = sampling.repetitionPenalty();
        for (int i = 0; i < allowed.length; i++) {
            double score = logits[allowed[i]];
            if (penalty != 1 && seen.get(allowed[i])) {
                score = score < 0 ? score * penalty : score / penalty;
            }
            if (Double.isNaN(score)) {
                throw new ModelException("the model's scores are no numbers: its weights are broken");
            }
            scores[i] = score;
        }
        return scores;
    }

    /** The probability of each token, after temperature, top-k, top-p and min-p. Temperature must be above 0. */
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
        double sum = Arrays.stream(weights).sum();
        for (int i = 0; i < weights.length; i++) {
            weights[i] /= sum;
        }
        return weights;
    }

    /** The probabilities that {@link #next} draws from. */
    double[] probabilities(float[] logits, int[] allowed, BitSet seen) {
        return probabilities(penalized(logits, allowed, seen));
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
