package org.intarsia.backend.cpu.product;

import org.intarsia.backend.cpu.code.Bf16Tiles;
import org.intarsia.backend.cpu.host.Memory;
import org.intarsia.backend.cpu.host.Worker;
import org.intarsia.backend.cpu.kernel.TileKernels;
import org.intarsia.backend.cpu.vector.VectorPacking;
import org.intarsia.graph.Encoding;

/**
 * One block of a {@link Gemm} with both operands rounded to BF16, as {@link org.intarsia.backend.api.Precision#MIXED} allows it.
 * Panels are packed as for an exact product, then rounded while they are in the cache.
 */
final class MixedProduct {
    /** Rows that are worked on together: whole strips. */
    private static final int GROUP = 8 * Bf16Tiles.ROWS;
    private static final int LANES = Bf16Tiles.LANES;
    /** Bytes of a column of a rounded panel, and of a row of a turned left operand, for a pair. */
    private static final long PAIR = 4;

    private final Bf16Tiles code;
    private final TileKernels kernels;
    private final int inner;
    private final int innerBlock;

    /** @param innerBlock the inner dimension of one pass */
    MixedProduct(Bf16Tiles code, TileKernels kernels, int inner, int innerBlock) {
        this.code = code;
        this.kernels = kernels;
        this.inner = inner;
        this.innerBlock = innerBlock;
    }

    /** Tells whether a product is large enough for rounding to be worth it. */
    static boolean isWorth(int rows, int columns, int inner) {
        return rows >= Bf16Tiles.ROWS && columns >= LANES && inner >= LANES;
    }

    /** Computes rows {@code firstRow} and on of columns {@code firstColumn} and on. */
    void block(Worker worker, int batch, long a, Gemm.Left left, Gemm.Panels panels, long c, long cRow, boolean accumulate,
            int firstRow, int height, int firstColumn, int breadth) {
        int vectors = Math.ceilDiv(breadth, LANES);
        long mostPairs = Math.ceilDiv(innerBlock, 2);
        long panelBytes = PAIR * mostPairs * vectors * LANES;
        long exactBytes = 4L * (innerBlock + 1) * Math.max(Bf16Tiles.VECTORS * LANES, GROUP);
        long leftBytes = PAIR * mostPairs * GROUP;
        long panel = worker.panels(panelBytes + leftBytes + exactBytes + 4L * GROUP * Bf16Tiles.VECTORS * LANES + 64);
        long rounded = (panel + panelBytes + 63) & -64;
        long exact = rounded + leftBytes;
        long edge = exact + exactBytes;
        for (int firstInner = 0; firstInner < inner; firstInner += innerBlock) {
            int depth = Math.min(innerBlock, inner - firstInner);
            long pairs = Math.ceilDiv(depth, 2);
            for (int vector = 0, width; vector < vectors; vector += width) {
                width = Math.min(Bf16Tiles.VECTORS, vectors - vector);
                int column = vector * LANES;
                panels.pack(worker, batch, firstInner, depth, firstColumn + column, Math.min(width * LANES, breadth - column),
                        width, exact);
                VectorPacking.toBf16Pairs(exact, 4L * width * LANES, depth, width * LANES, panel + PAIR * pairs * column);
            }
            for (int group = 0; group < height; group += GROUP) {
                int count = Math.min(GROUP, height - group);
                int row = firstRow + group;
                boolean turned = left.step() != 1;
                round(left, a + (row * left.rowStep() + firstInner * left.step()) * left.encoding().bytes(1), depth, count, exact, rounded);
                long aRow = turned ? PAIR : PAIR * pairs;
                long aStep = turned ? PAIR * GROUP : PAIR;
                for (int vector = 0, width; vector < vectors; vector += width) {
                    width = Math.min(Bf16Tiles.VECTORS, vectors - vector);
                    int column = vector * LANES;
                    PanelEdge.multiply(code, accumulate || firstInner > 0, count, width, Math.min(width * LANES, breadth - column), rounded,
                            aRow, aStep, pairs, panel + PAIR * pairs * column, c + row * cRow + (firstColumn + column) * 4L, cRow, edge);
                }
            }
        }
    }

    /** Rounds rows of the left operand: as they lie, or turned, so that the rows of a pair lie side by side. */
    private void round(Gemm.Left left, long from, int depth, int count, long exact, long to) {
        if (left.step() != 1) {
            if (left.encoding() == Encoding.F32 && left.rowStep() == 1 && count == GROUP) {
                VectorPacking.toBf16Pairs(from, 4 * left.step(), depth, GROUP, to);
                return;
            }
            kernels.pack(left.encoding(), depth, count, GROUP / kernels.lanes(), from, left.step(), left.rowStep(), exact);
            VectorPacking.toBf16Pairs(exact, 4L * GROUP, depth, GROUP, to);
            return;
        }
        long rowBytes = PAIR * Math.ceilDiv(depth, 2);
        for (int row = 0; row < count; row++) {
            long at = from + row * left.rowStep() * left.encoding().bytes(1);
            if (left.encoding() != Encoding.F32) {
                kernels.decode(left.encoding(), at, exact, depth);
                at = exact;
            }
            VectorPacking.toBf16(at, to + row * rowBytes, depth);
            if (depth % 2 != 0) {
                Memory.putShort(to + row * rowBytes + 2L * depth, (short) 0);
            }
        }
    }
}
