package org.intarsia.backend.cpu.kernel;

import static org.intarsia.backend.cpu.host.Memory.getFloat;
import static org.intarsia.backend.cpu.host.Memory.getInt;
import static org.intarsia.backend.cpu.host.Memory.putFloat;
import static org.intarsia.backend.cpu.host.Memory.putInt;

import org.intarsia.backend.cpu.host.Memory;
import org.intarsia.graph.Encoding;

/** Rows in plain Java, for a runtime without the Vector API. */
public final class ScalarRowKernels implements RowKernels {

    private interface Function {
        float apply(float x);
    }

    private interface Joint {
        float apply(float a, float b);
    }

    private static void map(Function function, long x, long y, int n) {
        for (int i = 0; i < n; i++) {
            putFloat(y + 4L * i, function.apply(getFloat(x + 4L * i)));
        }
    }

    private static void map(Joint function, long a, long b, long y, int n) {
        for (int i = 0; i < n; i++) {
            putFloat(y + 4L * i, function.apply(getFloat(a + 4L * i), getFloat(b + 4L * i)));
        }
    }

    @Override
    public void unary(Unary op, long x, long y, int n) {
        switch (op) {
            case NEG -> map(v -> -v, x, y, n);
            case EXP -> map(ScalarMath::exp, x, y, n);
            case SQRT -> map(v -> (float) Math.sqrt(v), x, y, n);
            case TANH -> map(ScalarMath::tanh, x, y, n);
            case SILU -> map(ScalarMath::silu, x, y, n);
            case GELU -> map(ScalarMath::gelu, x, y, n);
            case LOG -> map(v -> (float) StrictMath.log(v), x, y, n);
            case SIN -> map(v -> (float) StrictMath.sin(v), x, y, n);
            case COS -> map(v -> (float) StrictMath.cos(v), x, y, n);
        }
    }

    @Override
    public void binary(Binary op, long a, long b, long y, int n) {
        switch (op) {
            case ADD -> map(Float::sum, a, b, y, n);
            case SUB -> map((v, w) -> v - w, a, b, y, n);
            case MUL -> map((v, w) -> v * w, a, b, y, n);
            case DIV -> map((v, w) -> v / w, a, b, y, n);
            case MAX -> map(Math::max, a, b, y, n);
            case SWIGLU -> map((v, w) -> ScalarMath.silu(v) * w, a, b, y, n);
            case SILU_GRADIENT -> map((v, w) -> ScalarMath.siluSlope(v) * w, a, b, y, n);
            case LESS -> map((v, w) -> Float.intBitsToFloat(v < w ? 1 : 0), a, b, y, n);
            case EQUAL -> map((v, w) -> Float.intBitsToFloat(v == w ? 1 : 0), a, b, y, n);
        }
    }

    @Override
    public void select(long condition, long a, long b, long y, int n) {
        for (int i = 0; i < n; i++) {
            putInt(y + 4L * i, getInt((getInt(condition + 4L * i) != 0 ? a : b) + 4L * i));
        }
    }

    @Override
    public void copy(long x, long y, int n) {
        Memory.copy(x, y, 4L * n);
    }

    @Override
    public void fill(float value, long y, int n) {
        for (int i = 0; i < n; i++) {
            putFloat(y + 4L * i, value);
        }
    }

    @Override
    public void affine(long x, float factor, float offset, long y, int n) {
        map(v -> Math.fma(v, factor, offset), x, y, n);
    }

    @Override
    public void addScaled(int rows, long x, long xRow, long factors, long y, int n) {
        for (int row = 0; row < rows; row++) {
            float factor = getFloat(factors + 4L * row);
            map((v, w) -> Math.fma(v, factor, w), x + row * xRow, y, y, n);
        }
    }

    @Override
    public void addMixed(int rows, int count, long x, long xRow, long factors, long factorRow, long y, long yRow, int n) {
        for (int row = 0; row < rows; row++) {
            addScaled(count, x, xRow, factors + row * factorRow, y + row * yRow, n);
        }
    }

    @Override
    public void scale(long x, float offset, float factor, long weight, long y, int n) {
        map((v, w) -> (v + offset) * factor * w, x, weight, y, n);
    }

    @Override
    public void scale(long x, float offset, float factor, long weight, long bias, long y, int n) {
        for (int i = 0; i < n; i++) {
            putFloat(y + 4L * i, Math.fma((getFloat(x + 4L * i) + offset) * factor, getFloat(weight + 4L * i),
                    getFloat(bias + 4L * i)));
        }
    }

    @Override
    public float sum(long x, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += getFloat(x + 4L * i);
        }
        return (float) sum;
    }

    @Override
    public float sumSquares(long x, float offset, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            float value = getFloat(x + 4L * i) + offset;
            sum += (double) value * value;
        }
        return (float) sum;
    }

    @Override
    public float dot(long a, long b, float offset, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += (double) getFloat(a + 4L * i) * (getFloat(b + 4L * i) + offset);
        }
        return (float) sum;
    }

    @Override
    public float max(long x, int n) {
        float most = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            most = Math.max(most, getFloat(x + 4L * i));
        }
        return most;
    }

    @Override
    public float expSum(long x, float factor, float max, long y, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            float exp = ScalarMath.exp(Math.fma(getFloat(x + 4L * i), factor, -max));
            putFloat(y + 4L * i, exp);
            sum += exp;
        }
        return (float) sum;
    }

    @Override
    public void productOfDifference(long a, long b, float c, long y, int n) {
        map((v, w) -> v * (w - c), a, b, y, n);
    }

    @Override
    public void combine(long a, float aFactor, long b, float bFactor, float offset, long y, int n) {
        map((v, w) -> Math.fma(v, aFactor, Math.fma(w, bFactor, offset)), a, b, y, n);
    }

    @Override
    public void rotate(long x, long cos, long sin, long y, int n) {
        for (int i = 0; i < n; i++) {
            float first = getFloat(x + 4L * i);
            float second = getFloat(x + 4L * (n + i));
            float c = getFloat(cos + 4L * i);
            float s = getFloat(sin + 4L * i);
            putFloat(y + 4L * i, first * c - second * s);
            putFloat(y + 4L * (n + i), second * c + first * s);
        }
    }

    @Override
    public void addDots(boolean first, int weights, long weight, long weightRow, int rows, long x, long xRow, int n, float[] tile,
            int at) {
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < weights; i++) {
                float sum = first ? 0 : tile[at + 4 * row + i];
                for (int j = 0; j < n; j++) {
                    sum = Math.fma(getFloat(x + row * xRow + 4L * j), getFloat(weight + i * weightRow + 4L * j), sum);
                }
                tile[at + 4 * row + i] = sum;
            }
        }
    }

    @Override
    public int rowsStored(Encoding encoding) {
        return 0;
    }

    @Override
    public void storedDots(Encoding encoding, int weights, long weight, long weightRow, int rows, long x, long xRow, int n,
            float[] tile) {
        throw new IllegalArgumentException(encoding + " is decoded first");
    }

    @Override
    public int rowsOfDots() {
        return 4;
    }

    @Override
    public int dotsInTile() {
        return 4 * 4;
    }

    @Override
    public void sumDots(int weights, int rows, float[] tile, int at, long y, long yRow) {
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < weights; i++) {
                putFloat(y + row * yRow + 4L * i, tile[at + 4 * row + i]);
            }
        }
    }
}
