package org.intarsia.backend.cpu.attention;

import org.intarsia.backend.cpu.host.Memory;
import org.intarsia.backend.cpu.kernel.RowKernels;

/**
 * Turns the scores of a query into weights. The order of summation depends on the number of scores alone.
 *
 * @param scale   factor on the products of queries and keys
 * @param softCap scores become softCap · tanh(score / softCap); 0 for as they are
 */
record ScoreSoftmax(RowKernels rows, double scale, double softCap) {

    /** Replaces {@code n} products of a query with keys, at least one, by weights whose sum is 1. */
    void apply(long scores, int n) {
        float factor = (float) scale;
        if (softCap > 0) {
            rows.affine(scores, (float) (scale / softCap), 0, scores, n);
            rows.unary(RowKernels.Unary.TANH, scores, scores, n);
            factor = (float) softCap;
        }
        float sum = rows.expSum(scores, factor, max(rows, scores, factor, n), scores, n);
        rows.affine(scores, 1 / sum, 0, scores, n);
    }

    /** Returns the largest of {@code n} values times a factor, which may be negative. */
    static float max(RowKernels rows, long values, float factor, int n) {
        if (factor >= 0) {
            return rows.max(values, n) * factor;
        }
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            max = Math.max(max, Memory.getFloat(values + 4L * i) * factor);
        }
        return max;
    }
}
