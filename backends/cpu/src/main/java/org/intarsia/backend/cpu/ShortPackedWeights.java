package org.intarsia.backend.cpu;

import java.util.Set;
import org.intarsia.graph.Encoding;

/**
 * Weights of few bits as {@link VectorPackedDots} reads them, for products in lanes of 16 bits; a group has as many rows as a vector
 * has floats.
 *
 * <p>A group of rows is a sequence of blocks. A block of Q4_0 holds 32 columns: a scale for each row in F32, then eight
 * lines of two bytes a row, whose lower halves are columns 4·line and 4·line + 1 and whose upper halves the next two. One
 * of Q4_K has between them an offset for each row in F32. One of Q6_K holds 16 columns: the scales, then eight lines of two
 * signed bytes a row. Rows that are missing in the last group have the scale 0.
 */
final class ShortPackedWeights extends PackedWeights {
    /** Rows that lie side by side. */
    static final int ROWS = VectorMath.F.length();
    private static final int LINES = 8;
    private static final long NIBBLES = 0x0F0F0F0F0F0F0F0FL;
    private static final long TWOS = 0x0303030303030303L;
    private static final Set<Encoding> ENCODINGS = Set.of(Encoding.Q4_0, Encoding.Q4_K, Encoding.Q6_K);

    /** @param source the address of {@code rows} rows of {@code inner} weights each, as they are stored */
    ShortPackedWeights(Encoding encoding, int rows, int inner, long source) {
        super(encoding, rows, inner, source, ROWS, groupBytes(encoding, inner));
    }

    /** Tells whether weights of this encoding can be packed on this processor. */
    static boolean packs(Encoding encoding) {
        return ROWS >= 8 && ENCODINGS.contains(encoding);
    }

    /** The memory that packed weights take. */
    static long bytes(Encoding encoding, int rows, int inner) {
        return Math.ceilDiv(rows, ROWS) * groupBytes(encoding, inner);
    }

    private static long groupBytes(Encoding encoding, int inner) {
        return (long) inner / blockColumns(encoding) * blockBytes(encoding);
    }

    private static int blockColumns(Encoding encoding) {
        return encoding == Encoding.Q6_K ? 16 : 32;
    }

    /** Bytes of one block of all rows of a group. */
    static int blockBytes(Encoding encoding) {
        return ROWS * (encoding == Encoding.Q4_K ? 8 : 4) + LINES * 2 * ROWS;
    }

    /** Blocks of one group. */
    int blocks() {
        return inner() / blockColumns(encoding());
    }

    @Override
    void pack(long from, long to, int row) {
        switch (encoding()) {
            case Q4_0 -> q4(from, to, row);
            case Q4_K -> q4k(from, to, row);
            default -> q6k(from, to, row);
        }
    }

    private void q4(long block, long to, int row) {
        for (int i = 0; i < inner() / 32; i++) {
            Memory.putFloat(to + 4L * row, VectorBlocks.half(block));
            long lines = to + 4L * ROWS + 2L * row;
            long first = Memory.getLong(block + 2);
            long second = Memory.getLong(block + 10);
            nibbles(first & NIBBLES, lines, 0);
            nibbles(second & NIBBLES, lines, 2);
            nibbles(first >>> 4 & NIBBLES, lines, 4);
            nibbles(second >>> 4 & NIBBLES, lines, 6);
            block += 18;
            to += blockBytes(encoding());
        }
    }

    private void q4k(long block, long to, int row) {
        for (int i = 0; i < inner() / 256; i++) {
            float scale = VectorBlocks.half(block);
            float minimum = -VectorBlocks.half(block + 2);
            long scales = VectorBlocks.scales(block);
            long minima = VectorBlocks.minima(block);
            for (int group = 0; group < 8; group++) {
                Memory.putFloat(to + 4L * row, scale * VectorBlocks.of(scales, group));
                Memory.putFloat(to + 4L * (ROWS + row), minimum * VectorBlocks.of(minima, group));
                long lines = to + 8L * ROWS + 2L * row;
                for (int part = 0; part < 4; part++) {
                    long eight = Memory.getLong(block + 16 + 32 * (group / 2) + 8 * part);
                    nibbles(eight >>> 4 * (group % 2) & NIBBLES, lines, 2 * part);
                }
                to += blockBytes(encoding());
            }
            block += 144;
        }
    }

    /** Writes eight columns, a byte each, as two lines. */
    private static void nibbles(long columns, long lines, int line) {
        int first = (int) columns;
        int second = (int) (columns >>> 32);
        Memory.putShort(lines + 2L * ROWS * line, (short) (first | first >>> 12));
        Memory.putShort(lines + 2L * ROWS * (line + 1), (short) (second | second >>> 12));
    }

    private void q6k(long block, long to, int row) {
        for (int i = 0; i < inner() / 256; i++) {
            float scale = VectorBlocks.half(block + 208);
            for (int sixteen = 0; sixteen < 16; sixteen++) {
                byte factor = (byte) (Memory.getShort(block + 192 + (sixteen & ~1)) >> 8 * (sixteen & 1));
                Memory.putFloat(to + 4L * row, scale * factor);
                long lines = to + 4L * ROWS + 2L * row;
                for (int part = 0; part < 2; part++) {
                    long eight = sixes(block, 16 * sixteen + 8 * part);
                    for (int line = 0; line < 4; line++) {
                        Memory.putShort(lines + 2L * ROWS * (4 * part + line), (short) (eight >>> 16 * line));
                    }
                }
                to += blockBytes(encoding());
            }
            block += 210;
        }
    }

    /** Eight values of a block of Q6_K from {@code first} on, a signed byte each. */
    private static long sixes(long block, int first) {
        int half = first / 128;
        int quarter = first / 32 % 4;
        long four = Memory.getLong(block + 64 * half + 32 * (quarter % 2) + first % 32) >>> 4 * (quarter / 2) & NIBBLES;
        long two = Memory.getLong(block + 128 + 32 * half + first % 32) >>> 2 * quarter & TWOS;
        // 0 to 63, less 32: bytes of a long, none of which borrows from the next.
        long six = (four | two << 4) + 0x6060606060606060L;
        return six ^ 0x8080808080808080L;
    }
}
