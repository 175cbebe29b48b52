package org.intarsia.backend.cpu.kernel;

/**
 * Functions in float, bit for bit what {@code VectorMath} computes in each lane. Errors stay below 2 units in the last
 * place. Only exact operations are used, so an interpreter and a compiler agree.
 */
public final class ScalarMath {
    /** The binary logarithm of e. */
    public static final float LOG2_E = 1.44269504088896341f;
    /**
     * Added and taken away again, this rounds to an integer n; in between, the lowest bits hold n + 126, which 23 places
     * higher is the power of two 2^(n−1).
     */
    public static final float ROUND = 12582912f + 126;
    /** The upper bits of ln 2, few enough for products with small integers to be exact. */
    public static final float LN2_HIGH = 0.693359375f;
    /** The rest of ln 2. */
    public static final float LN2_LOW = -2.12194440e-4f;
    /** From here on exp is infinite or, as for all results below 2^-125.5, zero. */
    public static final float EXP_MOST = 89f;
    /** The largest number whose exp is zero. */
    public static final float EXP_LEAST = -87.3f;
    /** exp(r) − 1 − r over r², for |r| ≤ ln 2 / 2 (coefficients after Moshier's Cephes library). */
    public static final float E0 = 1.9875691500e-4f;
    public static final float E1 = 1.3981999507e-3f;
    public static final float E2 = 8.3334519073e-3f;
    public static final float E3 = 4.1665795894e-2f;
    public static final float E4 = 1.6666665459e-1f;
    public static final float E5 = 5.0000001201e-1f;
    /** tanh(x) / x − 1 over x², for x² below this (likewise). */
    public static final float TANH_SMALL = 0.625f * 0.625f;
    public static final float T0 = -5.70498872745e-3f;
    public static final float T1 = 2.06390887954e-2f;
    public static final float T2 = -5.37397155531e-2f;
    public static final float T3 = 1.33314422036e-1f;
    public static final float T4 = -3.33332819422e-1f;
    /** −2 · sqrt(2/π). */
    public static final float GELU_INNER = -1.5957691216057308f;
    /** The factor of x³ in the tangent's argument. */
    public static final float GELU_CUBE = 0.044715f;

    private ScalarMath() {
    }

    static float exp(float x) {
        float limited = Math.min(Math.max(x, EXP_LEAST), EXP_MOST);
        float shifted = Math.fma(limited, LOG2_E, ROUND);
        float power = shifted - ROUND;
        float r = Math.fma(power, -LN2_LOW, Math.fma(power, -LN2_HIGH, limited));
        float p = Math.fma(E0, r, E1);
        p = Math.fma(p, r, E2);
        p = Math.fma(p, r, E3);
        p = Math.fma(p, r, E4);
        p = Math.fma(p, r, E5);
        p = Math.fma(p, r * r, r) + 1;
        return (p + p) * Float.intBitsToFloat(Float.floatToRawIntBits(shifted) << 23);
    }

    static float tanh(float x) {
        float square = x * x;
        if (square < TANH_SMALL) {
            float p = Math.fma(T0, square, T1);
            p = Math.fma(p, square, T2);
            p = Math.fma(p, square, T3);
            p = Math.fma(p, square, T4);
            return Math.fma(p * square, x, x);
        }
        float magnitude = Math.abs(x);
        float far = 1 - 2 / (exp(magnitude + magnitude) + 1);
        return x < 0 ? -far : far;
    }

    static float sigmoid(float x) {
        return 1 / (1 + exp(-x));
    }

    static float silu(float x) {
        return x / (1 + exp(-x));
    }

    static float siluSlope(float x) {
        float sigmoid = sigmoid(x);
        return sigmoid * Math.fma(x, 1 - sigmoid, 1);
    }

    /** (1 + tanh(u)) / 2 = 1 / (1 + exp(−2u)), which loses nothing where the tangent is near −1. */
    static float gelu(float x) {
        return x / (1 + exp(GELU_INNER * Math.fma(x * x * x, GELU_CUBE, x)));
    }
}
