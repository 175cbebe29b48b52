package org.intarsia.backend.cpu.vector;

import static org.intarsia.backend.cpu.host.Memory.ADDRESS;
import static org.intarsia.backend.cpu.host.Memory.ALL;
import static org.intarsia.backend.cpu.host.Memory.ORDER;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.intarsia.backend.cpu.host.Memory;
import org.intarsia.backend.cpu.kernel.TileKernels;
import org.intarsia.graph.Encoding;

/**
 * Tiles on the Vector API, 90 % of the processor's multiply-add peak and more.
 *
 * <p>Two things matter to the just-in-time compiler. Every accumulator is a local variable of one method: a helper that
 * took them as parameters would stop the inlining, box the vectors and cost seven times and more. And a method has a
 * budget of nodes, of which an access to native memory takes far more than one to an array: so a tile ends in a small
 * array and {@link #flush} carries it to memory. One vector more than the budget allows is boxed, which shows as
 * allocation; measure the allocated bytes per call after every change here.
 */
final class VectorTileKernels implements TileKernels {
    private static final VectorSpecies<Float> F = VectorMath.F;
    private static final int LANES = F.length();
    private static final long BYTES = F.vectorByteSize();
    /** AVX-512 and ARM have 32 vector registers, other x86 processors 16; a sum without a register goes through memory each time. */
    private static final boolean MANY_REGISTERS = F.vectorBitSize() == 512 || System.getProperty("os.arch").equals("aarch64");

    private static FloatVector load(long address) {
        return FloatVector.fromMemorySegment(F, ALL, address, ORDER);
    }

    private static FloatVector broadcast(long address) {
        return FloatVector.broadcast(F, Memory.getFloat(address));
    }

    @Override
    public int lanes() {
        return LANES;
    }

    @Override
    public boolean hasManyRegisters() {
        return MANY_REGISTERS;
    }

    @Override
    public void pack(Encoding encoding, int k, int columns, int width, long source, long step, long columnStep, long panel) {
        VectorPacking.pack(encoding, k, columns, width, source, step, columnStep, panel);
    }

    @Override
    public void decode(Encoding encoding, long source, long target, int count) {
        VectorPacking.decode(encoding, source, target, count);
    }

    @Override
    public void packPatch(int firstRow, int rows, int stride, int length, long[] offsets, int[] low, int[] high, long source,
            long sourceChannel, long target, long targetRow) {
        VectorPacking.packPatch(firstRow, rows, stride, length, offsets, low, high, source, sourceChannel, target, targetRow);
    }

    @Override
    public void flush(float[] tile, int rows, int width, int columns, long c, long cRow, boolean accumulate) {
        for (int vector = 0; vector * LANES < columns; vector++) {
            long to = c + vector * BYTES;
            int at = vector * LANES;
            if (at + LANES <= columns) {
                for (int row = 0; row < rows; row++) {
                    FloatVector sum = FloatVector.fromArray(F, tile, at);
                    if (accumulate) {
                        load(to).add(sum).intoMemorySegment(ALL, to, ORDER);
                    } else {
                        sum.intoMemorySegment(ALL, to, ORDER);
                    }
                    at += width * LANES;
                    to += cRow;
                }
            } else {
                flushEdge(tile, at, width * LANES, F.indexInRange(0, columns - at), rows, to, cRow, accumulate);
            }
        }
    }

    private static void flushEdge(float[] tile, int at, int atRow, VectorMask<Float> mask, int rows, long to, long cRow,
            boolean accumulate) {
        for (int row = 0; row < rows; row++) {
            FloatVector sum = FloatVector.fromArray(F, tile, at);
            if (accumulate) {
                sum = FloatVector.fromMemorySegment(F, ALL, to, ORDER, mask).add(sum);
            }
            sum.intoMemorySegment(ALL, to, ORDER, mask);
            at += atRow;
            to += cRow;
        }
    }

    @Override
    public void tile6x4(int rows, int k, long a, long aRow, long aStep, long b, long bStep, float[] tile) {
        long a1 = Math.min(1, rows - 1) * aRow;
        long a2 = Math.min(2, rows - 1) * aRow;
        long a3 = Math.min(3, rows - 1) * aRow;
        long a4 = Math.min(4, rows - 1) * aRow;
        long a5 = Math.min(5, rows - 1) * aRow;
        FloatVector zero = FloatVector.zero(F);
        FloatVector c00 = zero, c01 = zero, c02 = zero, c03 = zero;
        FloatVector c10 = zero, c11 = zero, c12 = zero, c13 = zero;
        FloatVector c20 = zero, c21 = zero, c22 = zero, c23 = zero;
        FloatVector c30 = zero, c31 = zero, c32 = zero, c33 = zero;
        FloatVector c40 = zero, c41 = zero, c42 = zero, c43 = zero;
        FloatVector c50 = zero, c51 = zero, c52 = zero, c53 = zero;
        for (int i = 0; i < k; i++) {
            FloatVector b0 = load(b);
            FloatVector b1 = load(b + BYTES);
            FloatVector b2 = load(b + 2 * BYTES);
            FloatVector b3 = load(b + 3 * BYTES);
            FloatVector x = broadcast(a);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            c02 = x.fma(b2, c02);
            c03 = x.fma(b3, c03);
            x = broadcast(a + a1);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            c12 = x.fma(b2, c12);
            c13 = x.fma(b3, c13);
            x = broadcast(a + a2);
            c20 = x.fma(b0, c20);
            c21 = x.fma(b1, c21);
            c22 = x.fma(b2, c22);
            c23 = x.fma(b3, c23);
            x = broadcast(a + a3);
            c30 = x.fma(b0, c30);
            c31 = x.fma(b1, c31);
            c32 = x.fma(b2, c32);
            c33 = x.fma(b3, c33);
            x = broadcast(a + a4);
            c40 = x.fma(b0, c40);
            c41 = x.fma(b1, c41);
            c42 = x.fma(b2, c42);
            c43 = x.fma(b3, c43);
            x = broadcast(a + a5);
            c50 = x.fma(b0, c50);
            c51 = x.fma(b1, c51);
            c52 = x.fma(b2, c52);
            c53 = x.fma(b3, c53);
            a += aStep;
            b += bStep;
        }
        c00.intoArray(tile, 0);
        c01.intoArray(tile, LANES);
        c02.intoArray(tile, 2 * LANES);
        c03.intoArray(tile, 3 * LANES);
        c10.intoArray(tile, 4 * LANES);
        c11.intoArray(tile, 5 * LANES);
        c12.intoArray(tile, 6 * LANES);
        c13.intoArray(tile, 7 * LANES);
        c20.intoArray(tile, 8 * LANES);
        c21.intoArray(tile, 9 * LANES);
        c22.intoArray(tile, 10 * LANES);
        c23.intoArray(tile, 11 * LANES);
        c30.intoArray(tile, 12 * LANES);
        c31.intoArray(tile, 13 * LANES);
        c32.intoArray(tile, 14 * LANES);
        c33.intoArray(tile, 15 * LANES);
        c40.intoArray(tile, 16 * LANES);
        c41.intoArray(tile, 17 * LANES);
        c42.intoArray(tile, 18 * LANES);
        c43.intoArray(tile, 19 * LANES);
        c50.intoArray(tile, 20 * LANES);
        c51.intoArray(tile, 21 * LANES);
        c52.intoArray(tile, 22 * LANES);
        c53.intoArray(tile, 23 * LANES);
    }

    @Override
    public void tileStrip(int rows, int runs, long aRun, int k, long a, long aRow, long aStep, long b, long bStep, float[] tile) {
        if (MANY_REGISTERS) {
            tile8x2(rows, runs, aRun, k, a, aRow, aStep, b, bStep, tile);
        } else {
            tile4x2(rows, runs, aRun, k, a, aRow, aStep, b, bStep, tile);
        }
    }

    private static void tile8x2(int rows, int runs, long aRun, int k, long a, long aRow, long aStep, long b, long bStep, float[] tile) {
        long a1 = Math.min(1, rows - 1) * aRow;
        long a2 = Math.min(2, rows - 1) * aRow;
        long a3 = Math.min(3, rows - 1) * aRow;
        long a4 = Math.min(4, rows - 1) * aRow;
        long a5 = Math.min(5, rows - 1) * aRow;
        long a6 = Math.min(6, rows - 1) * aRow;
        long a7 = Math.min(7, rows - 1) * aRow;
        FloatVector zero = FloatVector.zero(F);
        FloatVector c00 = zero, c01 = zero;
        FloatVector c10 = zero, c11 = zero;
        FloatVector c20 = zero, c21 = zero;
        FloatVector c30 = zero, c31 = zero;
        FloatVector c40 = zero, c41 = zero;
        FloatVector c50 = zero, c51 = zero;
        FloatVector c60 = zero, c61 = zero;
        FloatVector c70 = zero, c71 = zero;
        for (int run = 0; run < runs; run++) {
            long at = a + run * aRun;
            for (int i = 0; i < k; i++) {
                FloatVector b0 = load(b);
                FloatVector b1 = load(b + BYTES);
                FloatVector x = broadcast(at);
                c00 = x.fma(b0, c00);
                c01 = x.fma(b1, c01);
                x = broadcast(at + a1);
                c10 = x.fma(b0, c10);
                c11 = x.fma(b1, c11);
                x = broadcast(at + a2);
                c20 = x.fma(b0, c20);
                c21 = x.fma(b1, c21);
                x = broadcast(at + a3);
                c30 = x.fma(b0, c30);
                c31 = x.fma(b1, c31);
                x = broadcast(at + a4);
                c40 = x.fma(b0, c40);
                c41 = x.fma(b1, c41);
                x = broadcast(at + a5);
                c50 = x.fma(b0, c50);
                c51 = x.fma(b1, c51);
                x = broadcast(at + a6);
                c60 = x.fma(b0, c60);
                c61 = x.fma(b1, c61);
                x = broadcast(at + a7);
                c70 = x.fma(b0, c70);
                c71 = x.fma(b1, c71);
                at += aStep;
                b += bStep;
            }
        }
        c00.intoArray(tile, 0);
        c01.intoArray(tile, LANES);
        c10.intoArray(tile, 2 * LANES);
        c11.intoArray(tile, 3 * LANES);
        c20.intoArray(tile, 4 * LANES);
        c21.intoArray(tile, 5 * LANES);
        c30.intoArray(tile, 6 * LANES);
        c31.intoArray(tile, 7 * LANES);
        c40.intoArray(tile, 8 * LANES);
        c41.intoArray(tile, 9 * LANES);
        c50.intoArray(tile, 10 * LANES);
        c51.intoArray(tile, 11 * LANES);
        c60.intoArray(tile, 12 * LANES);
        c61.intoArray(tile, 13 * LANES);
        c70.intoArray(tile, 14 * LANES);
        c71.intoArray(tile, 15 * LANES);
    }

    /**
     * Addresses are masked, which costs one operation for several accesses: then the compiler knows that they are not negative
     * and leaves out a comparison at each. Without those it loads all that a round needs ahead, so 8 sums, 4 factors and
     * 2 vectors of the panel must fit 16 registers at once; 6 rows would not.
     */
    private static void tile4x2(int rows, int runs, long aRun, int k, long a, long aRow, long aStep, long b, long bStep, float[] tile) {
        long a1 = Math.min(1, rows - 1) * aRow & ADDRESS;
        long a2 = Math.min(2, rows - 1) * aRow & ADDRESS;
        long a3 = Math.min(3, rows - 1) * aRow & ADDRESS;
        FloatVector zero = FloatVector.zero(F);
        FloatVector c00 = zero, c01 = zero;
        FloatVector c10 = zero, c11 = zero;
        FloatVector c20 = zero, c21 = zero;
        FloatVector c30 = zero, c31 = zero;
        for (int run = 0; run < runs; run++) {
            long at = a + run * aRun;
            for (int i = 0; i < k; i++) {
                long right = b & ADDRESS;
                long left = at & ADDRESS;
                FloatVector b0 = load(right);
                FloatVector b1 = load(right + BYTES);
                FloatVector x = broadcast(left);
                c00 = x.fma(b0, c00);
                c01 = x.fma(b1, c01);
                x = broadcast(left + a1);
                c10 = x.fma(b0, c10);
                c11 = x.fma(b1, c11);
                x = broadcast(left + a2);
                c20 = x.fma(b0, c20);
                c21 = x.fma(b1, c21);
                x = broadcast(left + a3);
                c30 = x.fma(b0, c30);
                c31 = x.fma(b1, c31);
                at += aStep;
                b += bStep;
            }
        }
        c00.intoArray(tile, 0);
        c01.intoArray(tile, LANES);
        c10.intoArray(tile, 2 * LANES);
        c11.intoArray(tile, 3 * LANES);
        c20.intoArray(tile, 4 * LANES);
        c21.intoArray(tile, 5 * LANES);
        c30.intoArray(tile, 6 * LANES);
        c31.intoArray(tile, 7 * LANES);
    }

    @Override
    public void tile8x1(int rows, int k, long a, long aRow, long aStep, long b, long bStep, float[] tile) {
        long a1 = Math.min(1, rows - 1) * aRow;
        long a2 = Math.min(2, rows - 1) * aRow;
        long a3 = Math.min(3, rows - 1) * aRow;
        long a4 = Math.min(4, rows - 1) * aRow;
        long a5 = Math.min(5, rows - 1) * aRow;
        long a6 = Math.min(6, rows - 1) * aRow;
        long a7 = Math.min(7, rows - 1) * aRow;
        FloatVector zero = FloatVector.zero(F);
        FloatVector c00 = zero;
        FloatVector c10 = zero;
        FloatVector c20 = zero;
        FloatVector c30 = zero;
        FloatVector c40 = zero;
        FloatVector c50 = zero;
        FloatVector c60 = zero;
        FloatVector c70 = zero;
        for (int i = 0; i < k; i++) {
            FloatVector b0 = load(b);
            FloatVector x = broadcast(a);
            c00 = x.fma(b0, c00);
            x = broadcast(a + a1);
            c10 = x.fma(b0, c10);
            x = broadcast(a + a2);
            c20 = x.fma(b0, c20);
            x = broadcast(a + a3);
            c30 = x.fma(b0, c30);
            x = broadcast(a + a4);
            c40 = x.fma(b0, c40);
            x = broadcast(a + a5);
            c50 = x.fma(b0, c50);
            x = broadcast(a + a6);
            c60 = x.fma(b0, c60);
            x = broadcast(a + a7);
            c70 = x.fma(b0, c70);
            a += aStep;
            b += bStep;
        }
        c00.intoArray(tile, 0);
        c10.intoArray(tile, LANES);
        c20.intoArray(tile, 2 * LANES);
        c30.intoArray(tile, 3 * LANES);
        c40.intoArray(tile, 4 * LANES);
        c50.intoArray(tile, 5 * LANES);
        c60.intoArray(tile, 6 * LANES);
        c70.intoArray(tile, 7 * LANES);
    }
}
