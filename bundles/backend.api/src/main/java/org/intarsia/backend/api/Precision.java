package org.intarsia.backend.api;

import java.util.Locale;
import java.util.stream.Stream;

/** The exactness of a plan. Weights keep the values that are stored, but for those of {@link #MIXED}. */
public enum Precision {
    /** Activations are F32 throughout. */
    EXACT,

    /**
     * Activations may be rounded to what the device multiplies fastest, as inference engines round them for weights of few
     * bits. The rounding of a row depends on that row alone, and so do the bits of its result beside up to 7 others; with more rows
     * they may depend on how many there are.
     */
    FAST,

    /**
     * As {@link #FAST}, and both sides of a product may be rounded to BF16, weights too, sums staying in F32: what trainings
     * call mixed precision (Micikevicius et al., 2018).
     */
    MIXED;

    /**
     * Returns the precision of a name.
     *
     * @param name {@code exact}, {@code fast} or {@code mixed}
     * @throws IllegalArgumentException for any other, with a sentence that names them
     */
    public static Precision of(String name) {
        return Stream.of(values()).filter(precision -> precision.toString().equals(name)).findFirst().orElseThrow(() ->
                new IllegalArgumentException("there is no precision '" + name + "', only exact, fast and mixed"));
    }

    /** Returns the name as users write it: {@code exact}, {@code fast} or {@code mixed}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
