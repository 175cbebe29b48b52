package org.intarsia.backend.cpu.rounding;

import java.lang.foreign.Arena;
import java.util.function.IntUnaryOperator;
import org.intarsia.backend.cpu.code.IntegerDots;
import org.intarsia.backend.cpu.host.CpuBuffer;
import org.intarsia.backend.cpu.host.Memory;
import org.intarsia.backend.cpu.host.ThreadTeam;
import org.intarsia.backend.cpu.vector.VectorBlocks;
import org.intarsia.graph.Encoding;

/**
 * Weights of few bits as {@link IntegerDots} reads them, which says in what order they lie: a group of rows side by side, so that a
 * lane of a vector is a row, and nothing is shuffled where they are multiplied. The values are those that are stored. Rows that are
 * missing in the last group have the scale 0.
 */
public final class PackedWeights {
    private static final int ROWS = IntegerDots.ROWS;
    private static final int LINE = 4 * ROWS;
    /** Makes signed bytes unsigned: adds 128 to each of four. */
    private static final int UNSIGNED = 0x80808080;

    private final Encoding encoding;
    private final int rows;
    private final int inner;
    private final long source;
    private final long groupBytes;
    private final Arena arena = Arena.ofShared();
    private final long address;
    private boolean packed;

    /**
     * Allocates memory, for {@link #pack(ThreadTeam)}.
     *
     * @param source the address of {@code rows} rows of {@code inner} weights each, as they are stored
     */
    PackedWeights(Encoding encoding, int rows, int inner, long source) {
        this.encoding = encoding;
        this.rows = rows;
        this.inner = inner;
        this.source = source;
        this.groupBytes = groupBytes(encoding, inner);
        this.address = CpuBuffer.allocate(arena, groups() * groupBytes).address();
    }

    /** The memory that packed weights take. */
    public static long bytes(Encoding encoding, int rows, int inner) {
        return Math.ceilDiv(rows, ROWS) * groupBytes(encoding, inner);
    }

    private static long groupBytes(Encoding encoding, int inner) {
        return (long) inner / IntegerDots.blockColumns(encoding) * IntegerDots.blockBytes(encoding);
    }

    /** Returns how the weights are stored. */
    public Encoding encoding() {
        return encoding;
    }

    /** Counts the weights of a row. */
    public int inner() {
        return inner;
    }

    /** The memory that these weights take. */
    long bytes() {
        return groups() * groupBytes;
    }

    /** Counts the groups of rows. */
    public int groups() {
        return Math.ceilDiv(rows, ROWS);
    }

    /** The address of a group. */
    public long group(long group) {
        return address + group * groupBytes;
    }

    /** Packs all groups, the first time. */
    public synchronized void pack(ThreadTeam team) {
        if (!packed) {
            long rowBytes = encoding.bytes(inner);
            team.split(groups(), 1, (first, last, _) -> {
                for (long group = first; group < last; group++) {
                    for (int row = 0; row < Math.min(ROWS, rows - group * ROWS); row++) {
                        pack(source + (group * ROWS + row) * rowBytes, group(group), row);
                    }
                }
            });
            packed = true;
        }
    }

    void close() {
        arena.close();
    }

    /**
     * Packs one row.
     *
     * @param from the row, as it is stored
     * @param to   the group
     * @param row  of the group
     */
    private void pack(long from, long to, int row) {
        for (int i = 0; i < inner / IntegerDots.blockColumns(encoding); i++) {
            switch (encoding) {
                case Q8_0 -> q8(from, to, row);
                case Q4_0, Q4_1, Q5_0, Q5_1 -> q4or5(from, to, row);
                case Q4_K, Q5_K -> q4or5k(from, to, row);
                default -> q6k(from, to, row);
            }
            from += encoding.blockBytes();
            to += IntegerDots.blockBytes(encoding);
        }
    }

    private static void q8(long block, long to, int row) {
        Memory.putShort(to + 2L * row, Memory.getShort(block));
        for (int line = 0; line < 8; line++) {
            Memory.putInt(to + 2 * ROWS + LINE * line + 4L * row, Memory.getInt(block + 2 + 4 * line) ^ UNSIGNED);
        }
    }

    private void q4or5(long block, long to, int row) {
        boolean minimum = encoding == Encoding.Q4_1 || encoding == Encoding.Q5_1;
        boolean fifth = encoding == Encoding.Q5_0 || encoding == Encoding.Q5_1;
        scales(block, minimum ? 2 : 1, to, row);
        block += minimum ? 4 : 2;
        to += (minimum ? 4 : 2) * ROWS;
        if (fifth) {
            int bits = Memory.getInt(block);
            Memory.putInt(to + 4L * row, fifths(i -> bits >>> i));
            block += 4;
            to += LINE;
        }
        lines(block, 4, to, row);
    }

    private void q4or5k(long block, long to, int row) {
        scales(block, 2, to, row);
        long scales = VectorBlocks.scales(block);
        long minima = VectorBlocks.minima(block);
        long at = to + 4 * ROWS;
        boolean fifth = encoding == Encoding.Q5_K;
        long fours = block + (fifth ? 48 : 16);
        for (int piece = 0; piece < 4; piece++) {
            for (int half = 0; half < 2; half++) {
                int shift = 8 * (2 * piece + half);
                Memory.putByte(at + 2L * ROWS * half + row, (byte) (scales >>> shift));
                Memory.putByte(at + 2L * ROWS * half + ROWS + row, (byte) (minima >>> shift));
            }
            at += 4 * ROWS;
            lines(fours + 32 * piece, 8, at, row);
            at += 8 * LINE;
            for (int half = 0; fifth && half < 2; half++) {
                int bit = 2 * piece + half;
                Memory.putInt(at + 4L * row, fifths(i -> Memory.getByte(block + 16 + i) >>> bit));
                at += LINE;
            }
        }
    }

    /** Copies numbers of 16 bits, each to those of its kind. */
    private static void scales(long from, int count, long to, int row) {
        for (int i = 0; i < count; i++) {
            Memory.putShort(to + 2L * (ROWS * i + row), Memory.getShort(from + 2 * i));
        }
    }

    /**
     * Orders the fifth bits of 32 columns: bit i of byte j is that of column 4 · i + j.
     *
     * @param ofColumn a number whose lowest bit is that of a column
     */
    private static int fifths(IntUnaryOperator ofColumn) {
        int fifths = 0;
        for (int column = 0; column < 32; column++) {
            fifths |= (ofColumn.applyAsInt(column) & 1) << 8 * (column % 4) + column / 4;
        }
        return fifths;
    }

    private static void q6k(long block, long to, int row) {
        Memory.putShort(to + 2L * row, Memory.getShort(block + 208));
        for (int half = 0; half < 2; half++) {
            long at = to + 2 * ROWS + half * (8L * ROWS + 24 * LINE);
            for (int part = 0; part < 8; part++) {
                Memory.putByte(at + (long) ROWS * part + row, Memory.getByte(block + 192 + 8 * half + part));
            }
            lines(block + 64 * half, 16, at + 8 * ROWS, row);
            lines(block + 128 + 32 * half, 8, at + 8 * ROWS + 16 * LINE, row);
        }
    }

    /** Copies four bytes to each line. */
    private static void lines(long from, int count, long to, int row) {
        for (int line = 0; line < count; line++) {
            Memory.putInt(to + LINE * line + 4L * row, Memory.getInt(from + 4 * line));
        }
    }
}
