package org.intarsia.engine.sampling;

import java.util.function.IntPredicate;
import org.intarsia.engine.api.Sampling;
import org.intarsia.io.SplitMix;

/**
 * Chooses the next token: the {@link ProcessorChain} changes the model's scores; then the best is taken, or one random number u
 * in [0, 1) picks the first token, in the order of the ids, at which the summed probability exceeds u. Not safe for use by
 * several threads.
 */
public final class Sampler {
    private final boolean greedy;
    private final ProcessorChain chain;
    private final SplitMix random;

    /** Follows the sampling alone. */
    public Sampler(Sampling sampling) {
        this(sampling, GenerationRules.NONE, id -> false);
    }

    /**
     * Follows a model's rules, too.
     *
     * @param ends tells the tokens that end a text
     */
    public Sampler(Sampling sampling, GenerationRules rules, IntPredicate ends) {
        this.greedy = sampling.temperature() == 0;
        this.chain = ProcessorChain.of(sampling, rules, ends);
        this.random = new SplitMix(sampling.seed());
    }

    /**
     * Chooses one of the allowed tokens.
     *
     * @param logits  the scores of all tokens
     * @param allowed the ids that may be chosen, at least one, ascending
     * @param history the tokens so far
     */
    public int next(float[] logits, int[] allowed, TokenHistory history) {
        Candidates candidates = candidates(logits, allowed, history);
        if (greedy) {
            return allowed[candidates.best()];
        }
        candidates.normalize();
        double[] probabilities = candidates.weights();
        double left = random.nextDouble();
        for (int i = 0; i < probabilities.length; i++) {
            left -= probabilities[i];
            if (left < 0) {
                return allowed[i];
            }
        }
        // Rounding let the sum fall short of 1 by less than the random number could tell.
        return allowed[candidates.heaviest()];
    }

    private Candidates candidates(float[] logits, int[] allowed, TokenHistory history) {
        Candidates candidates = new Candidates(logits, allowed);
        chain.process(candidates, history);
        return candidates;
    }

    /** The probabilities that {@link #next} draws from. Temperature must be above 0. */
    public double[] probabilities(float[] logits, int[] allowed, TokenHistory history) {
        Candidates candidates = candidates(logits, allowed, history);
        candidates.normalize();
        return candidates.weights();
    }
}
