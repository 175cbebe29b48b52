package org.intarsia.backend.testkit.suite;

/**
 * How far a float32 result may lie from the float64 one.
 *
 * <p>An error is measured against |expected| plus the root mean square of all expected values of that tensor, so that a
 * sum that happens to cancel is not held to digits that its summands never had. It is counted in roundings: one is 2⁻²⁴,
 * half the distance between neighbouring float32 values near 1.
 *
 * @param roundings how many roundings are allowed; 0 asks for the very value, rounded once to the output's encoding
 * @param magnitude taken instead of a smaller root mean square: the size of the values that the result was computed from,
 *                  where all of the result may cancel
 */
public record Tolerance(double roundings, double magnitude) {
    private static final double ROUNDING = 0x1p-24;
    /** Below the smallest normal float32 a device may round to zero. */
    private static final double SMALLEST = 0x1p-126;

    /** The very value: for ops that move, compare, count or convert. */
    public static Tolerance exact() {
        return new Tolerance(0, 0);
    }

    public static Tolerance of(double roundings) {
        return new Tolerance(roundings, 0);
    }

    /**
     * For sums of {@code length} products in any order. The errors of a sum in float32 behave like a random walk, of
     * about √length / √2 roundings; the factor leaves room for the worst of some thousand elements.
     */
    public static Tolerance reduction(double length) {
        return of(8 + 4 * Math.sqrt(length));
    }

    /** This many times as much, for what is computed from such results. */
    public Tolerance times(double factor) {
        return new Tolerance(roundings * factor, magnitude);
    }

    /** The error of one value, in roundings; infinite where only one of both is finite. */
    public double error(double expected, double actual, double rootMeanSquare) {
        double rounded = (float) expected;
        if (Double.isNaN(rounded) || Double.isInfinite(rounded)) {
            return Double.compare(rounded, actual) == 0 ? 0 : Double.POSITIVE_INFINITY;
        }
        if (Double.isNaN(actual) || Double.isInfinite(actual)) {
            return Double.POSITIVE_INFINITY;
        }
        if (roundings == 0) {
            return rounded == actual ? 0 : Math.max(1, Math.abs(expected - actual) / ROUNDING);
        }
        double distance = Math.abs(expected - actual);
        return distance <= SMALLEST ? 0 : distance / (Math.abs(expected) + Math.max(rootMeanSquare, magnitude)) / ROUNDING;
    }

    /** Returns whether an error, in roundings, is small enough. */
    public boolean allows(double error) {
        return error <= roundings;
    }
}
