package org.intarsia.engine.sampling;

import java.util.Arrays;
import org.intarsia.model.api.ModelException;

/**
 * The tokens that may come next, with their scores; and their weights, which are in proportion to their probabilities. Weights are
 * computed once, when they are first asked for after a score has changed. Not safe for use by several threads.
 */
public final class Candidates {
    private final int[] ids;
    private final double[] scores;
    /** Null where a score has changed since they were computed. */
    private double[] weights;

    /**
     * Begins with the model's scores.
     *
     * @param logits  the scores of all tokens
     * @param allowed the ids that may be chosen, at least one, ascending
     */
    Candidates(float[] logits, int[] allowed) {
        ids = allowed;
        scores = new double[allowed.length];
        for (int i = 0; i < allowed.length; i++) {
            scores[i] = logits[allowed[i]];
            if (Double.isNaN(scores[i])) {
                throw new ModelException("the model's scores are no numbers: its weights are broken");
            }
        }
    }

    int size() {
        return ids.length;
    }

    int id(int candidate) {
        return ids[candidate];
    }

    double score(int candidate) {
        return scores[candidate];
    }

    /** Changes a score; negative infinity forbids a token. */
    void score(int candidate, double changed) {
        scores[candidate] = changed;
        weights = null;
    }

    /** Adds to the score of a token, where it is a candidate. */
    void add(double bias, int id) {
        int candidate = Arrays.binarySearch(ids, id);
        if (candidate >= 0) {
            score(candidate, scores[candidate] + bias);
        }
    }

    /** Forbids a token. */
    void forbid(int id) {
        add(Double.NEGATIVE_INFINITY, id);
    }

    /** The candidate with the highest score, the first of equal ones. */
    int best() {
        return best(scores);
    }

    /** The candidate with the highest weight, the first of equal ones. */
    int heaviest() {
        return best(weights());
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

    /** The weights; 0 for a token that is forbidden. The heaviest is 1 until {@link #normalize}. */
    double[] weights() {
        if (weights == null) {
            weights = new double[scores.length];
            double top = scores[best()];
            for (int i = 0; i < scores.length; i++) {
                weights[i] = Math.exp(scores[i] - top);
            }
        }
        return weights;
    }

    /** Makes probabilities of the weights: together they are 1 then. */
    void normalize() {
        double sum = Arrays.stream(weights()).sum();
        for (int i = 0; i < weights.length; i++) {
            weights[i] /= sum;
        }
    }

    /** Removes those that weigh less. */
    void keep(double least) {
        for (int i = 0; i < scores.length; i++) {
            if (weights()[i] < least) {
                remove(i);
            }
        }
    }

    /** Removes a token; the weights of the others stay as they are. */
    void remove(int candidate) {
        weights()[candidate] = 0;
        scores[candidate] = Double.NEGATIVE_INFINITY;
    }

    /** The Shannon entropy in nats of weights that are normalized; what is removed adds nothing. */
    double entropy() {
        return -Arrays.stream(weights()).filter(p -> p > 0).map(p -> p * Math.log(p)).sum();
    }
}
