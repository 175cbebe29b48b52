package org.intarsia.backend.cpu.kernel;

import org.intarsia.graph.Encoding;

/**
 * The inner loops of matrix products: a small tile of the result stays in registers while the whole inner dimension
 * passes by, and ends in an array of rows × vectors × {@link #lanes()} floats.
 *
 * <p>The right operand comes as a panel: {@code k} rows of some vectors, {@code bStep} bytes apart. Of the left operand,
 * rows lie {@code aRow} and neighbours along the inner dimension {@code aStep} bytes apart; rows from {@code rows} on
 * repeat the last one, so that an edge reads nothing beyond its matrix. Every element is one chain of fused
 * multiply-adds along the inner dimension, so its bits do not depend on the kind of tile. Implementations are stateless.
 */
public interface TileKernels {

    /** Floats in one vector. */
    int lanes();

    /**
     * Tells whether the processor has 32 vector registers, which hold the sums of 6 rows × 4 vectors. With 16, tiles of two vectors
     * take their place.
     */
    boolean hasManyRegisters();

    /** Rows of a tile of one vector or two. */
    default int strip(int vectors) {
        return vectors == 2 && !hasManyRegisters() ? 4 : 8;
    }

    /** 6 rows × 4 vectors. */
    void tile6x4(int rows, int k, long a, long aRow, long aStep, long b, long bStep, float[] tile);

    /**
     * {@link #strip} rows × 2 vectors. The inner dimension is {@code runs} pieces of {@code k}; the pieces of the left operand lie
     * {@code aRun} bytes apart, those of the panel follow one another.
     */
    void tileStrip(int rows, int runs, long aRun, int k, long a, long aRow, long aStep, long b, long bStep, float[] tile);

    /** 8 rows × 1 vector. */
    void tile8x1(int rows, int k, long a, long aRow, long aStep, long b, long bStep, float[] tile);

    /**
     * Writes the first {@code rows} rows and {@code columns} columns of a tile that is {@code width} vectors wide to
     * memory, or adds them to what is there.
     */
    void flush(float[] tile, int rows, int width, int columns, long c, long cRow, boolean accumulate);

    /** Reads {@code count} consecutive elements as F32. */
    void decode(Encoding encoding, long source, long target, int count);

    /**
     * Packs {@code k} rows × {@code columns} of a matrix into a panel of {@code width} vectors a row, decoded to F32;
     * neighbours along {@code k} lie {@code step} elements apart, neighbours along the columns {@code columnStep}. What
     * stands in the panel's further columns does not matter.
     */
    void pack(Encoding encoding, int k, int columns, int width, long source, long step, long columnStep, long panel);

    /**
     * Packs what a convolution's kernel sees along a piece of a picture's row: row {@code r} of the panel, counted from
     * {@code firstRow}, is tap {@code r % taps} of channel {@code r / taps}. Element {@code j} of {@code length}, at most a
     * vector, is {@code source[channel · sourceChannel + offset + 4 · j · stride]} where {@code low ≤ j < high}, else 0.
     *
     * @param offsets of each tap, in bytes
     * @param low     of each tap
     * @param high    of each tap
     */
    void packPatch(int firstRow, int rows, int stride, int length, long[] offsets, int[] low, int[] high, long source,
            long sourceChannel, long target, long targetRow);
}
