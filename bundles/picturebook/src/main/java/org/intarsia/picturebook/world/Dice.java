package org.intarsia.picturebook.world;

import java.util.ArrayList;
import java.util.List;
import org.intarsia.io.SplitMix;

/** Random choices from a seed, the same on every release of the JDK. For one thread at a time. */
public final class Dice {
    private final SplitMix random;

    /** @param seeds one stream for each different sequence of numbers */
    public Dice(long... seeds) {
        random = SplitMix.of(seeds);
    }

    /** The next 64 random bits. */
    public long next() {
        return random.next();
    }

    /** From 0 to {@code bound - 1}. */
    public int below(int bound) {
        return (int) Long.remainderUnsigned(next() >>> 1, bound);
    }

    /** True as often as the probability says, from 0 to 1. */
    public boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** One of the choices, each as likely; there is at least one. */
    public <T> T pick(List<T> choices) {
        return choices.get(below(choices.size()));
    }

    /** One of the choices, each as likely; there is at least one. */
    public <T> T pick(T[] choices) {
        return choices[below(choices.length)];
    }

    /** An index, each as often as its weight says. */
    public int weighted(double... weights) {
        double total = 0;
        for (double weight : weights) {
            total += weight;
        }
        double left = random.nextDouble() * total;
        for (int i = 0; i < weights.length - 1; i++) {
            left -= weights[i];
            if (left < 0) {
                return i;
            }
        }
        return weights.length - 1;
    }

    /** A new list of the same elements in a random order. */
    public <T> List<T> shuffled(List<T> list) {
        List<T> shuffled = new ArrayList<>(list);
        for (int i = shuffled.size() - 1; i > 0; i--) {
            int j = below(i + 1);
            T swapped = shuffled.set(i, shuffled.get(j));
            shuffled.set(j, swapped);
        }
        return shuffled;
    }
}
