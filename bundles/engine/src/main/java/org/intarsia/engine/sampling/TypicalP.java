package org.intarsia.engine.sampling;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Keeps the tokens whose information is nearest to the entropy, until they have a share of the probability: {@code typical_p}
 * (Meister et al., "Locally typical sampling", 2022).
 *
 * @param mass the share, above 0 and below 1
 */
record TypicalP(double mass) implements LogitsProcessor {

    @Override
    public void process(Candidates candidates, TokenHistory history) {
        candidates.normalize();
        double[] probabilities = candidates.weights();
        double entropy = candidates.entropy();
        double[] distances = new double[probabilities.length];
        for (int i = 0; i < distances.length; i++) {
            distances[i] = Math.abs(-Math.log(probabilities[i]) - entropy);
        }
        int[] nearest = IntStream.range(0, distances.length).boxed()
                .sorted(Comparator.comparingDouble(i -> distances[i])).mapToInt(i -> i).toArray();
        int last = 0;
        double sum = probabilities[nearest[0]];
        while (sum < mass && last < nearest.length - 1) {
            last++;
            sum += probabilities[nearest[last]];
        }
        double farthest = distances[nearest[last]];
        for (int i = 0; i < distances.length; i++) {
            if (distances[i] > farthest) {
                candidates.remove(i);
            }
        }
    }
}
