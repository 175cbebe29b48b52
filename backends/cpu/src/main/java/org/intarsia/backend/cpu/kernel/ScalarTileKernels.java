package org.intarsia.backend.cpu.kernel;

import java.util.Arrays;
import org.intarsia.backend.cpu.host.Memory;
import org.intarsia.graph.Encoding;

/** Tiles in plain Java, for a runtime without the Vector API: the same order of operations, so the same bits. */
public final class ScalarTileKernels implements TileKernels {
    private static final int LANES = 8;

    @Override
    public int lanes() {
        return LANES;
    }

    @Override
    public boolean hasManyRegisters() {
        return true;
    }

    @Override
    public void tile6x4(int rows, int k, long a, long aRow, long aStep, long b, long bStep, float[] tile) {
        Arrays.fill(tile, 0, 6 * 4 * LANES, 0);
        tile(rows, 4 * LANES, k, a, aRow, aStep, b, bStep, tile);
    }

    @Override
    public void tileStrip(int rows, int runs, long aRun, int k, long a, long aRow, long aStep, long b, long bStep, float[] tile) {
        Arrays.fill(tile, 0, 8 * 2 * LANES, 0);
        for (int run = 0; run < runs; run++) {
            tile(rows, 2 * LANES, k, a + run * aRun, aRow, aStep, b + run * k * bStep, bStep, tile);
        }
    }

    @Override
    public void tile8x1(int rows, int k, long a, long aRow, long aStep, long b, long bStep, float[] tile) {
        Arrays.fill(tile, 0, 8 * LANES, 0);
        tile(rows, LANES, k, a, aRow, aStep, b, bStep, tile);
    }

    private static void tile(int rows, int columns, int k, long a, long aRow, long aStep, long b, long bStep, float[] tile) {
        for (int i = 0; i < k; i++) {
            for (int row = 0; row < rows; row++) {
                float x = Memory.getFloat(a + row * aRow + i * aStep);
                for (int column = 0; column < columns; column++) {
                    int at = row * columns + column;
                    tile[at] = Math.fma(x, Memory.getFloat(b + i * bStep + 4L * column), tile[at]);
                }
            }
        }
    }

    @Override
    public void flush(float[] tile, int rows, int width, int columns, long c, long cRow, boolean accumulate) {
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                long to = c + row * cRow + 4L * column;
                float sum = tile[row * width * LANES + column];
                Memory.putFloat(to, accumulate ? Memory.getFloat(to) + sum : sum);
            }
        }
    }

    @Override
    public void decode(Encoding encoding, long source, long target, int count) {
        ScalarPacking.decode(encoding, source, target, count);
    }

    @Override
    public void pack(Encoding encoding, int k, int columns, int width, long source, long step, long columnStep, long panel) {
        ScalarPacking.pack(encoding, LANES, k, columns, width, source, step, columnStep, panel);
    }

    @Override
    public void packPatch(int firstRow, int rows, int stride, int length, long[] offsets, int[] low, int[] high, long source,
            long sourceChannel, long target, long targetRow) {
        ScalarPacking.packPatch(firstRow, rows, stride, length, offsets, low, high, source, sourceChannel, target, targetRow);
    }
}
