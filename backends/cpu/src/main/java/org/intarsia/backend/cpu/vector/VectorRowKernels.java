package org.intarsia.backend.cpu.vector;

import static org.intarsia.backend.cpu.host.Memory.ALL;
import static org.intarsia.backend.cpu.host.Memory.ORDER;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.intarsia.backend.cpu.host.Memory;
import org.intarsia.backend.cpu.kernel.RowKernels;
import org.intarsia.backend.cpu.kernel.ScalarPacking;
import org.intarsia.backend.cpu.kernel.ScalarRowKernels;
import org.intarsia.graph.Encoding;

/**
 * Rows on the Vector API: whole vectors first, then one under a mask. Each op has a loop of its own, since the compiler
 * turns an operator into instructions only where it is a constant.
 */
final class VectorRowKernels implements RowKernels {
    private static final VectorSpecies<Float> F = VectorMath.F;
    private static final VectorSpecies<Integer> I = VectorMath.I;
    private static final int LANES = F.length();
    private static final long BYTES = F.vectorByteSize();
    /** The bits of the integer 1. */
    private static final float TRUE = Float.intBitsToFloat(1);

    private final ScalarRowKernels scalar = new ScalarRowKernels();

    private static FloatVector load(long address) {
        return FloatVector.fromMemorySegment(F, ALL, address, ORDER);
    }

    private static FloatVector load(long address, VectorMask<Float> mask) {
        return FloatVector.fromMemorySegment(F, ALL, address, ORDER, mask);
    }

    private static void store(FloatVector vector, long address) {
        vector.intoMemorySegment(ALL, address, ORDER);
    }

    private static void store(FloatVector vector, long address, VectorMask<Float> mask) {
        vector.intoMemorySegment(ALL, address, ORDER, mask);
    }

    private static int whole(int n) {
        return n & -LANES;
    }

    private static VectorMask<Float> rest(int n) {
        return F.indexInRange(0, n & LANES - 1);
    }

    @Override
    public void unary(Unary op, long x, long y, int n) {
        switch (op) {
            case NEG -> neg(x, y, n);
            case EXP -> exp(x, y, n);
            case SQRT -> sqrt(x, y, n);
            case TANH -> tanh(x, y, n);
            case SILU -> silu(x, y, n);
            case GELU -> gelu(x, y, n);
            // Rare in the models that we know: exact and slow.
            case LOG, SIN, COS -> scalar.unary(op, x, y, n);
        }
    }

    @Override
    public void binary(Binary op, long a, long b, long y, int n) {
        switch (op) {
            case ADD -> add(a, b, y, n);
            case SUB -> sub(a, b, y, n);
            case MUL -> mul(a, b, y, n);
            case DIV -> div(a, b, y, n);
            case MAX -> max(a, b, y, n);
            case SWIGLU -> swiGlu(a, b, y, n);
            case SILU_GRADIENT -> siluGradient(a, b, y, n);
            case LESS -> less(a, b, y, n);
            case EQUAL -> equal(a, b, y, n);
        }
    }

    private static void neg(long from, long to, int n) {
        long end = to + 4L * whole(n);
        for (; to < end; from += BYTES, to += BYTES) {
            FloatVector x = load(from);
            store(x.neg(), to);
        }
        VectorMask<Float> mask = rest(n);
        FloatVector x = load(from, mask);
        store(x.neg(), to, mask);
    }

    private static void exp(long from, long to, int n) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> mask = F.indexInRange(i, n);
            FloatVector x = load(from + 4L * i, mask);
            store(VectorMath.exp(x), to + 4L * i, mask);
        }
    }

    private static void sqrt(long from, long to, int n) {
        long end = to + 4L * whole(n);
        for (; to < end; from += BYTES, to += BYTES) {
            FloatVector x = load(from);
            store(x.lanewise(VectorOperators.SQRT), to);
        }
        VectorMask<Float> mask = rest(n);
        FloatVector x = load(from, mask);
        store(x.lanewise(VectorOperators.SQRT), to, mask);
    }

    private void tanh(long from, long to, int n) {
        int done = whole(n);
        for (int i = 0; i < done; i += LANES) {
            FloatVector x = load(from + 4L * i);
            store(VectorMath.tanh(x), to + 4L * i);
        }
        // A masked copy of this body would be more than the compiler inlines; the scalar one gives the same bits.
        scalar.unary(Unary.TANH, from + 4L * done, to + 4L * done, n - done);
    }

    private static void silu(long from, long to, int n) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> mask = F.indexInRange(i, n);
            FloatVector x = load(from + 4L * i, mask);
            store(VectorMath.silu(x), to + 4L * i, mask);
        }
    }

    private static void gelu(long from, long to, int n) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> mask = F.indexInRange(i, n);
            FloatVector x = load(from + 4L * i, mask);
            store(VectorMath.gelu(x), to + 4L * i, mask);
        }
    }

    private static void add(long left, long right, long to, int n) {
        for (int i = 0; i < whole(n); i += LANES) {
            FloatVector a = load(left + 4L * i);
            FloatVector b = load(right + 4L * i);
            store(a.add(b), to + 4L * i);
        }
        long done = 4L * whole(n);
        VectorMask<Float> mask = rest(n);
        FloatVector a = load(left + done, mask);
        FloatVector b = load(right + done, mask);
        store(a.add(b), to + done, mask);
    }

    private static void sub(long left, long right, long to, int n) {
        for (int i = 0; i < whole(n); i += LANES) {
            FloatVector a = load(left + 4L * i);
            FloatVector b = load(right + 4L * i);
            store(a.sub(b), to + 4L * i);
        }
        long done = 4L * whole(n);
        VectorMask<Float> mask = rest(n);
        FloatVector a = load(left + done, mask);
        FloatVector b = load(right + done, mask);
        store(a.sub(b), to + done, mask);
    }

    private static void mul(long left, long right, long to, int n) {
        for (int i = 0; i < whole(n); i += LANES) {
            FloatVector a = load(left + 4L * i);
            FloatVector b = load(right + 4L * i);
            store(a.mul(b), to + 4L * i);
        }
        long done = 4L * whole(n);
        VectorMask<Float> mask = rest(n);
        FloatVector a = load(left + done, mask);
        FloatVector b = load(right + done, mask);
        store(a.mul(b), to + done, mask);
    }

    private static void div(long left, long right, long to, int n) {
        for (int i = 0; i < whole(n); i += LANES) {
            FloatVector a = load(left + 4L * i);
            FloatVector b = load(right + 4L * i);
            store(a.div(b), to + 4L * i);
        }
        long done = 4L * whole(n);
        VectorMask<Float> mask = rest(n);
        FloatVector a = load(left + done, mask);
        FloatVector b = load(right + done, mask);
        store(a.div(b), to + done, mask);
    }

    private static void max(long left, long right, long to, int n) {
        for (int i = 0; i < whole(n); i += LANES) {
            FloatVector a = load(left + 4L * i);
            FloatVector b = load(right + 4L * i);
            store(a.max(b), to + 4L * i);
        }
        long done = 4L * whole(n);
        VectorMask<Float> mask = rest(n);
        FloatVector a = load(left + done, mask);
        FloatVector b = load(right + done, mask);
        store(a.max(b), to + done, mask);
    }

    private static void swiGlu(long left, long right, long to, int n) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> mask = F.indexInRange(i, n);
            FloatVector a = load(left + 4L * i, mask);
            FloatVector b = load(right + 4L * i, mask);
            store(VectorMath.silu(a).mul(b), to + 4L * i, mask);
        }
    }

    private static void siluGradient(long left, long right, long to, int n) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> mask = F.indexInRange(i, n);
            FloatVector a = load(left + 4L * i, mask);
            FloatVector b = load(right + 4L * i, mask);
            store(VectorMath.siluSlope(a).mul(b), to + 4L * i, mask);
        }
    }

    private static void less(long left, long right, long to, int n) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> mask = F.indexInRange(i, n);
            VectorMask<Float> holds = load(left + 4L * i, mask).compare(VectorOperators.LT, load(right + 4L * i, mask));
            store(FloatVector.zero(F).blend(TRUE, holds), to + 4L * i, mask);
        }
    }

    private static void equal(long left, long right, long to, int n) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> mask = F.indexInRange(i, n);
            VectorMask<Float> holds = load(left + 4L * i, mask).compare(VectorOperators.EQ, load(right + 4L * i, mask));
            store(FloatVector.zero(F).blend(TRUE, holds), to + 4L * i, mask);
        }
    }

    @Override
    public void select(long condition, long a, long b, long y, int n) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Integer> mask = I.indexInRange(i, n);
            VectorMask<Integer> chosen = loadInts(condition + 4L * i, mask).compare(VectorOperators.NE, 0);
            loadInts(b + 4L * i, mask).blend(loadInts(a + 4L * i, mask), chosen).intoMemorySegment(ALL, y + 4L * i, ORDER, mask);
        }
    }

    private static IntVector loadInts(long address, VectorMask<Integer> mask) {
        return IntVector.fromMemorySegment(I, ALL, address, ORDER, mask);
    }

    @Override
    public void copy(long x, long y, int n) {
        for (int i = 0; i < whole(n); i += LANES) {
            store(load(x + 4L * i), y + 4L * i);
        }
        VectorMask<Float> mask = rest(n);
        store(load(x + 4L * whole(n), mask), y + 4L * whole(n), mask);
    }

    @Override
    public void fill(float value, long y, int n) {
        FloatVector vector = FloatVector.broadcast(F, value);
        for (int i = 0; i < whole(n); i += LANES) {
            store(vector, y + 4L * i);
        }
        store(vector, y + 4L * whole(n), rest(n));
    }

    @Override
    public void affine(long x, float factor, float offset, long y, int n) {
        for (int i = 0; i < whole(n); i += LANES) {
            FloatVector xPart = load(x + 4L * i);
            store(xPart.fma(factor, offset), y + 4L * i);
        }
        long done = 4L * whole(n);
        VectorMask<Float> mask = rest(n);
        FloatVector xPart = load(x + done, mask);
        store(xPart.fma(factor, offset), y + done, mask);
    }

    @Override
    public void addScaled(int rows, long x, long xRow, long factors, long y, int n) {
        if (rows == 4) {
            addFourScaled(x, x + xRow, x + 2 * xRow, x + 3 * xRow, factors, y, n);
            return;
        }
        for (int row = 0; row < rows; row++) {
            addScaled(x + row * xRow, Memory.getFloat(factors + 4L * row), y, n);
        }
    }

    @Override
    public void addMixed(int rows, int count, long x, long xRow, long factors, long factorRow, long y, long yRow, int n) {
        int whole = rows == 1 ? n & -4 * LANES : n & -2 * LANES;
        if (rows == 1) {
            addOneMixed(count, x, xRow, factors, y, whole);
        } else {
            addFourMixed(rows, count, x, xRow, factors, factorRow, y, yRow, whole);
        }
        for (int row = 0; row < rows && whole < n; row++) {
            for (int i = 0; i < count; i += 4) {
                addScaled(Math.min(4, count - i), x + i * xRow + 4L * whole, xRow, factors + row * factorRow + 4L * i,
                        y + row * yRow + 4L * whole, n - whole);
            }
        }
    }

    private static void addOneMixed(int count, long x, long xRow, long factors, long y, int n) {
        for (int i = 0; i < n; i += 4 * LANES) {
            long to = y + 4L * i;
            FloatVector y0 = load(to), y1 = load(to + BYTES), y2 = load(to + 2 * BYTES), y3 = load(to + 3 * BYTES);
            long from = x + 4L * i;
            for (int j = 0; j < count; j++) {
                FloatVector scale = FloatVector.broadcast(F, Memory.getFloat(factors + 4L * j));
                y0 = load(from).fma(scale, y0);
                y1 = load(from + BYTES).fma(scale, y1);
                y2 = load(from + 2 * BYTES).fma(scale, y2);
                y3 = load(from + 3 * BYTES).fma(scale, y3);
                from += xRow;
            }
            store(y0, to);
            store(y1, to + BYTES);
            store(y2, to + 2 * BYTES);
            store(y3, to + 3 * BYTES);
        }
    }

    /** Two vectors of each row stay in registers while all rows of x pass by; the last row stands for those that are missing. */
    private static void addFourMixed(int rows, int count, long x, long xRow, long factors, long factorRow, long y, long yRow, int n) {
        long f1 = Math.min(1, rows - 1) * factorRow;
        long f2 = Math.min(2, rows - 1) * factorRow;
        long f3 = Math.min(3, rows - 1) * factorRow;
        long y1 = Math.min(1, rows - 1) * yRow;
        long y2 = Math.min(2, rows - 1) * yRow;
        long y3 = Math.min(3, rows - 1) * yRow;
        for (int i = 0; i < n; i += 2 * LANES) {
            long to = y + 4L * i;
            FloatVector y00 = load(to), y01 = load(to + BYTES);
            FloatVector y10 = load(to + y1), y11 = load(to + y1 + BYTES);
            FloatVector y20 = load(to + y2), y21 = load(to + y2 + BYTES);
            FloatVector y30 = load(to + y3), y31 = load(to + y3 + BYTES);
            long from = x + 4L * i;
            long factor = factors;
            for (int j = 0; j < count; j++) {
                FloatVector left = load(from);
                FloatVector right = load(from + BYTES);
                FloatVector scale = FloatVector.broadcast(F, Memory.getFloat(factor));
                y00 = left.fma(scale, y00);
                y01 = right.fma(scale, y01);
                scale = FloatVector.broadcast(F, Memory.getFloat(factor + f1));
                y10 = left.fma(scale, y10);
                y11 = right.fma(scale, y11);
                scale = FloatVector.broadcast(F, Memory.getFloat(factor + f2));
                y20 = left.fma(scale, y20);
                y21 = right.fma(scale, y21);
                scale = FloatVector.broadcast(F, Memory.getFloat(factor + f3));
                y30 = left.fma(scale, y30);
                y31 = right.fma(scale, y31);
                from += xRow;
                factor += 4;
            }
            store(y00, to);
            store(y01, to + BYTES);
            store(y10, to + y1);
            store(y11, to + y1 + BYTES);
            store(y20, to + y2);
            store(y21, to + y2 + BYTES);
            store(y30, to + y3);
            store(y31, to + y3 + BYTES);
        }
    }

    private static void addScaled(long x, float factor, long y, int n) {
        FloatVector scale = FloatVector.broadcast(F, factor);
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> mask = F.indexInRange(i, n);
            FloatVector yPart = load(y + 4L * i, mask);
            store(load(x + 4L * i, mask).fma(scale, yPart), y + 4L * i, mask);
        }
    }

    /** y is read and written once for all four. */
    private static void addFourScaled(long x0, long x1, long x2, long x3, long factors, long y, int n) {
        FloatVector scale0 = FloatVector.broadcast(F, Memory.getFloat(factors));
        FloatVector scale1 = FloatVector.broadcast(F, Memory.getFloat(factors + 4));
        FloatVector scale2 = FloatVector.broadcast(F, Memory.getFloat(factors + 8));
        FloatVector scale3 = FloatVector.broadcast(F, Memory.getFloat(factors + 12));
        for (int i = 0; i < whole(n); i += LANES) {
            long at = 4L * i;
            FloatVector sum = load(x0 + at).fma(scale0, load(y + at));
            sum = load(x1 + at).fma(scale1, sum);
            sum = load(x2 + at).fma(scale2, sum);
            store(load(x3 + at).fma(scale3, sum), y + at);
        }
        long done = 4L * whole(n);
        VectorMask<Float> mask = rest(n);
        FloatVector sum = load(x0 + done, mask).fma(scale0, load(y + done, mask));
        sum = load(x1 + done, mask).fma(scale1, sum);
        sum = load(x2 + done, mask).fma(scale2, sum);
        store(load(x3 + done, mask).fma(scale3, sum), y + done, mask);
    }

    @Override
    public void scale(long x, float offset, float factor, long weight, long y, int n) {
        for (int i = 0; i < whole(n); i += LANES) {
            FloatVector xPart = load(x + 4L * i);
            FloatVector weightPart = load(weight + 4L * i);
            store(xPart.add(offset).mul(factor).mul(weightPart), y + 4L * i);
        }
        long done = 4L * whole(n);
        VectorMask<Float> mask = rest(n);
        FloatVector xPart = load(x + done, mask);
        FloatVector weightPart = load(weight + done, mask);
        store(xPart.add(offset).mul(factor).mul(weightPart), y + done, mask);
    }

    @Override
    public void scale(long x, float offset, float factor, long weight, long bias, long y, int n) {
        for (int i = 0; i < whole(n); i += LANES) {
            FloatVector xPart = load(x + 4L * i);
            FloatVector weightPart = load(weight + 4L * i);
            FloatVector biasPart = load(bias + 4L * i);
            store(xPart.add(offset).mul(factor).fma(weightPart, biasPart), y + 4L * i);
        }
        long done = 4L * whole(n);
        VectorMask<Float> mask = rest(n);
        FloatVector xPart = load(x + done, mask);
        FloatVector weightPart = load(weight + done, mask);
        FloatVector biasPart = load(bias + done, mask);
        store(xPart.add(offset).mul(factor).fma(weightPart, biasPart), y + done, mask);
    }

    @Override
    public void productOfDifference(long a, long b, float c, long y, int n) {
        for (int i = 0; i < whole(n); i += LANES) {
            FloatVector aPart = load(a + 4L * i);
            FloatVector bPart = load(b + 4L * i);
            store(aPart.mul(bPart.sub(c)), y + 4L * i);
        }
        long done = 4L * whole(n);
        VectorMask<Float> mask = rest(n);
        FloatVector aPart = load(a + done, mask);
        FloatVector bPart = load(b + done, mask);
        store(aPart.mul(bPart.sub(c)), y + done, mask);
    }

    @Override
    public void combine(long a, float aFactor, long b, float bFactor, float offset, long y, int n) {
        FloatVector aScale = FloatVector.broadcast(F, aFactor);
        FloatVector bScale = FloatVector.broadcast(F, bFactor);
        FloatVector shift = FloatVector.broadcast(F, offset);
        for (int i = 0; i < whole(n); i += LANES) {
            FloatVector aPart = load(a + 4L * i);
            FloatVector bPart = load(b + 4L * i);
            store(aPart.fma(aScale, bPart.fma(bScale, shift)), y + 4L * i);
        }
        long done = 4L * whole(n);
        VectorMask<Float> mask = rest(n);
        FloatVector aPart = load(a + done, mask);
        FloatVector bPart = load(b + done, mask);
        store(aPart.fma(aScale, bPart.fma(bScale, shift)), y + done, mask);
    }

    @Override
    public void rotate(long x, long cos, long sin, long y, int n) {
        long far = 4L * n;
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> mask = F.indexInRange(i, n);
            long at = 4L * i;
            FloatVector first = load(x + at, mask);
            FloatVector second = load(x + far + at, mask);
            FloatVector c = load(cos + at, mask);
            FloatVector s = load(sin + at, mask);
            store(first.mul(c).sub(second.mul(s)), y + at, mask);
            store(second.mul(c).add(first.mul(s)), y + far + at, mask);
        }
    }

    @Override
    public float sum(long x, int n) {
        int many = n & -4 * LANES;
        float first = many == 0 ? 0 : sumMany(x, many);
        return first + sumFew(x + 4L * many, n - many);
    }

    /** A multiple of four vectors, in four sums that do not wait for one another. */
    private static float sumMany(long x, int n) {
        FloatVector sum0 = FloatVector.zero(F);
        FloatVector sum1 = FloatVector.zero(F);
        FloatVector sum2 = FloatVector.zero(F);
        FloatVector sum3 = FloatVector.zero(F);
        for (int i = 0; i < n; i += 4 * LANES) {
            sum0 = sum0.add(load(x + 4L * i));
            sum1 = sum1.add(load(x + 4L * i + BYTES));
            sum2 = sum2.add(load(x + 4L * i + 2 * BYTES));
            sum3 = sum3.add(load(x + 4L * i + 3 * BYTES));
        }
        return VectorMath.sum(sum0.add(sum1).add(sum2.add(sum3)));
    }

    private static float sumFew(long x, int n) {
        FloatVector sum = FloatVector.zero(F);
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> mask = F.indexInRange(i, n);
            sum = sum.add(load(x + 4L * i, mask));
        }
        return VectorMath.sum(sum);
    }

    @Override
    public float sumSquares(long x, float offset, int n) {
        FloatVector sum0 = FloatVector.zero(F);
        FloatVector sum1 = FloatVector.zero(F);
        int i = 0;
        for (; i <= n - 2 * LANES; i += 2 * LANES) {
            FloatVector first = load(x + 4L * i).add(offset);
            FloatVector second = load(x + 4L * i + BYTES).add(offset);
            sum0 = first.fma(first, sum0);
            sum1 = second.fma(second, sum1);
        }
        for (; i < n; i += LANES) {
            VectorMask<Float> mask = F.indexInRange(i, n);
            FloatVector last = load(x + 4L * i, mask).add(FloatVector.broadcast(F, offset), mask);
            sum0 = last.fma(last, sum0);
        }
        return VectorMath.sum(sum0.add(sum1));
    }

    @Override
    public float dot(long a, long b, float offset, int n) {
        int many = n & -4 * LANES;
        float first = many == 0 ? 0 : dotMany(a, b, offset, many);
        return first + dotFew(a + 4L * many, b + 4L * many, offset, n - many);
    }

    /** A multiple of four vectors, in four sums that do not wait for one another. */
    private static float dotMany(long a, long b, float offset, int n) {
        FloatVector shift = FloatVector.broadcast(F, offset);
        FloatVector sum0 = FloatVector.zero(F);
        FloatVector sum1 = FloatVector.zero(F);
        FloatVector sum2 = FloatVector.zero(F);
        FloatVector sum3 = FloatVector.zero(F);
        for (int i = 0; i < n; i += 4 * LANES) {
            sum0 = load(a + 4L * i).fma(load(b + 4L * i).add(shift), sum0);
            sum1 = load(a + 4L * i + BYTES).fma(load(b + 4L * i + BYTES).add(shift), sum1);
            sum2 = load(a + 4L * i + 2 * BYTES).fma(load(b + 4L * i + 2 * BYTES).add(shift), sum2);
            sum3 = load(a + 4L * i + 3 * BYTES).fma(load(b + 4L * i + 3 * BYTES).add(shift), sum3);
        }
        return VectorMath.sum(sum0.add(sum1).add(sum2.add(sum3)));
    }

    private static float dotFew(long a, long b, float offset, int n) {
        FloatVector shift = FloatVector.broadcast(F, offset);
        FloatVector sum = FloatVector.zero(F);
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> mask = F.indexInRange(i, n);
            sum = load(a + 4L * i, mask).fma(load(b + 4L * i, mask).add(shift), sum);
        }
        return VectorMath.sum(sum);
    }

    @Override
    public float max(long x, int n) {
        FloatVector most = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
        for (int i = 0; i < whole(n); i += LANES) {
            most = most.max(load(x + 4L * i));
        }
        VectorMask<Float> mask = rest(n);
        most = most.lanewise(VectorOperators.MAX, load(x + 4L * whole(n), mask), mask);
        // The largest of some numbers does not depend on their order, so here the operator is safe.
        return most.reduceLanes(VectorOperators.MAX);
    }

    @Override
    public float expSum(long x, float factor, float max, long y, int n) {
        FloatVector sum = FloatVector.zero(F);
        FloatVector scale = FloatVector.broadcast(F, factor);
        FloatVector shift = FloatVector.broadcast(F, -max);
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> mask = F.indexInRange(i, n);
            FloatVector exp = VectorMath.exp(load(x + 4L * i, mask).fma(scale, shift));
            store(exp, y + 4L * i, mask);
            sum = sum.add(exp, mask);
        }
        return VectorMath.sum(sum);
    }

    @Override
    public void addDots(boolean first, int weights, long weight, long weightRow, int rows, long x, long xRow, int n, float[] tile,
            int at) {
        VectorDots.add(first, weights, weight, weightRow, rows, x, xRow, whole(n), tile, at);
        for (int row = 0; row < rows; row++) {
            addRest(Encoding.F32, weights, weight, weightRow, x + row * xRow, whole(n), n, tile, at + 4 * row * LANES);
        }
    }

    /** What is no whole vector goes to the first lane. */
    private static void addRest(Encoding encoding, int weights, long weight, long weightRow, long x, int from, int n, float[] tile,
            int at) {
        for (int i = from; i < n; i++) {
            for (int j = 0; j < weights; j++) {
                float value = ScalarPacking.decode(encoding, weight + j * weightRow + encoding.bytes(i));
                tile[at + j * LANES] = Math.fma(Memory.getFloat(x + 4L * i), value, tile[at + j * LANES]);
            }
        }
    }

    @Override
    public int rowsStored(Encoding encoding) {
        if (VectorStoredTiles.reads(encoding)) {
            return VectorStoredTiles.ROWS;
        }
        return VectorStoredDots.reads(encoding) ? 1 : 0;
    }

    @Override
    public void storedDots(Encoding encoding, int weights, long weight, long weightRow, int rows, long x, long xRow, int n,
            float[] tile) {
        if (rows == 1) {
            for (int j = 0; j < weights; j++) {
                VectorStoredDots.dot(encoding, weight + j * weightRow, x, whole(n), tile, j * LANES);
            }
        } else {
            VectorStoredTiles.dots(encoding, weights, weight, weightRow, rows, x, xRow, whole(n), tile);
        }
        for (int row = 0; row < rows; row++) {
            addRest(encoding, weights, weight, weightRow, x + row * xRow, whole(n), n, tile, 4 * row * LANES);
        }
    }

    @Override
    public int rowsOfDots() {
        return VectorDots.ROWS;
    }

    @Override
    public int dotsInTile() {
        return VectorDots.ROWS * 4 * LANES;
    }

    @Override
    public void sumDots(int weights, int rows, float[] tile, int at, long y, long yRow) {
        VectorMask<Float> mask = F.indexInRange(0, weights);
        for (int row = 0; row < rows; row++) {
            store(VectorDots.sums(tile, at + 4 * row * LANES), y + row * yRow, mask);
        }
    }
}
