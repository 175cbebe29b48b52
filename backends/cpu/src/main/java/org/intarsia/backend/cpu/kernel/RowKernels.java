package org.intarsia.backend.cpu.kernel;

import org.intarsia.graph.Encoding;

/**
 * Loops over consecutive F32 elements. All addresses are in bytes, {@code n} in elements; a result may be written over
 * an operand, element by element. Sums have an order of their own that depends on {@code n} alone.
 *
 * <p>To add one: a method here, in {@link ScalarRowKernels} and in {@code VectorRowKernels}. Implementations are
 * stateless and safe for use by several threads.
 */
public interface RowKernels {

    /** One operand, element by element. */
    enum Unary { NEG, EXP, SQRT, TANH, SILU, GELU, LOG, SIN, COS }

    /** Two operands, element by element; {@code LESS} and {@code EQUAL} give I32, {@code SILU_GRADIENT} is of (x, gradient). */
    enum Binary { ADD, SUB, MUL, DIV, MAX, LESS, EQUAL, SWIGLU, SILU_GRADIENT }

    /** y = op(x). */
    void unary(Unary op, long x, long y, int n);

    /** y = op(a, b). */
    void binary(Binary op, long a, long b, long y, int n);

    /** y = condition != 0 ? a : b, condition in I32. */
    void select(long condition, long a, long b, long y, int n);

    /** y = x. */
    void copy(long x, long y, int n);

    /** y = value. */
    void fill(float value, long y, int n);

    /** y = x · factor + offset. */
    void affine(long x, float factor, float offset, long y, int n);

    /** y += Σ x[i] · factors[i], in this order, for up to 4 rows of x that lie {@code xRow} bytes apart. */
    void addScaled(int rows, long x, long xRow, long factors, long y, int n);

    /**
     * y[j] += Σ x[i] · factors[j, i], one chain of fused multiply-adds in the order of i for each element, for up to 4 rows of y and
     * {@code count} rows of x. Rows lie {@code xRow}, {@code factorRow} and {@code yRow} bytes apart.
     */
    void addMixed(int rows, int count, long x, long xRow, long factors, long factorRow, long y, long yRow, int n);

    /** y = (x + offset) · factor · weight. */
    void scale(long x, float offset, float factor, long weight, long y, int n);

    /** y = (x + offset) · factor · weight + bias. */
    void scale(long x, float offset, float factor, long weight, long bias, long y, int n);

    /** Σ x. */
    float sum(long x, int n);

    /** Σ (x + offset)². */
    float sumSquares(long x, float offset, int n);

    /** Σ a · (b + offset). */
    float dot(long a, long b, float offset, int n);

    /** The largest element; negative infinity when there is none. */
    float max(long x, int n);

    /** y = exp(x · factor − max), and the sum of y. */
    float expSum(long x, float factor, float max, long y, int n);

    /** y = a · (b − c). */
    void productOfDifference(long a, long b, float c, long y, int n);

    /** y = a · aFactor + b · bFactor + offset. */
    void combine(long a, float aFactor, long b, float bFactor, float offset, long y, int n);

    /** Turns pairs: y[i] = x[i] · cos[i] − x[n + i] · sin[i], y[n + i] = x[n + i] · cos[i] + x[i] · sin[i]. */
    void rotate(long x, long cos, long sin, long y, int n);

    /**
     * Products of up to 4 rows of weights with up to {@link #rowsOfDots} rows of x: y[j, i] = Σ x[j] · weight[i]. Rows lie
     * {@code weightRow}, {@code xRow} and {@code yRow} bytes apart; neighbouring i are neighbours in y. The bits of a product do
     * not depend on the others, nor on the parts that it is added in.
     *
     * @param tile scratch, see {@link org.intarsia.backend.cpu.host.Worker#tile}
     */
    default void dots(int weights, long weight, long weightRow, int rows, long x, long xRow, int n, long y, long yRow, float[] tile) {
        addDots(true, weights, weight, weightRow, rows, x, xRow, n, tile, 0);
        sumDots(weights, rows, tile, 0, y, yRow);
    }

    /**
     * A part of {@link #dots}, whose sums stay in {@code tile} from {@code at} on. They take {@link #dotsInTile} floats.
     *
     * @param first whether the sums begin here
     * @param n     whole vectors, except in the last part
     */
    void addDots(boolean first, int weights, long weight, long weightRow, int rows, long x, long xRow, int n, float[] tile, int at);

    /** How many rows of x one call of {@link #storedDots} takes with weights of this encoding; 0 when it does not read them. */
    int rowsStored(Encoding encoding);

    /** Like {@link #addDots} for all parts at once, with the same bits, and with weights as they are stored. */
    void storedDots(Encoding encoding, int weights, long weight, long weightRow, int rows, long x, long xRow, int n, float[] tile);

    /** How many rows of x a call of {@link #addDots} takes. */
    int rowsOfDots();

    /** Floats that the sums of 4 rows of weights with so many rows of x take. */
    int dotsInTile();

    /** Writes the sums of all parts. */
    void sumDots(int weights, int rows, float[] tile, int at, long y, long yRow);
}
