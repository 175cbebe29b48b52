package org.intarsia.planning;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.stream.IntStream;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.io.SplitMix;
import org.intarsia.weights.TensorSource;

/**
 * Values of one tensor. Those of matrices and kernels are evenly distributed about 0 with variance 1 / fan-in, so that
 * activations keep their size; weights of norms lie about 1, biases about 0. Each depends on the seed, the tensor's name and
 * its place alone.
 *
 * <p>Blocks are made as they are stored: random quants, symmetric about 0, under one scale for the whole tensor.
 */
final class RandomValues {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    /** Elements that one task makes; a multiple of all block sizes. */
    private static final int PIECE = 1 << 16;
    /** Values from one random number. */
    private static final int DRAWN = 4;
    private static final double SMALL = 0.02;
    /** Of evenly distributed values from −1 to 1. */
    private static final double EVEN_DEVIATION = 1 / Math.sqrt(3);
    /** Of the odd numbers from −127 to 127, and from −7 to 7; of 0 to 15. */
    private static final double ODD_BYTE_DEVIATION = Math.sqrt((128 * 128 - 1) / 3.0);
    private static final double ODD_NIBBLE_DEVIATION = Math.sqrt((8 * 8 - 1) / 3.0);
    private static final double NIBBLE_DEVIATION = Math.sqrt((16 * 16 - 1) / 12.0);
    private static final long ODD_BYTES = 0x0101010101010101L;
    private static final long ODD_NIBBLES = 0x1111111111111111L;
    /** The scale, and the minimum, of each group of a Q4_K block; 32 in all twelve bytes. */
    private static final int GROUP = 32;
    private static final long GROUPS = 0xA0A0A0A0A0A0A0A0L;

    private final Encoding encoding;
    private final long key;
    private final double centre;
    private final double deviation;

    private RandomValues(String name, Shape shape, Encoding encoding, long seed) {
        this.encoding = encoding;
        UUID hash = UUID.nameUUIDFromBytes((seed + " " + name).getBytes(StandardCharsets.UTF_8));
        this.key = hash.getMostSignificantBits() ^ hash.getLeastSignificantBits();
        boolean small = name.endsWith("bias") || name.endsWith("running_mean");
        boolean norm = !small && (shape.rank() < 2 || name.contains("norm") && !name.contains("conv"));
        this.centre = norm ? 1 : 0;
        this.deviation = small || norm ? SMALL : 1 / Math.sqrt(shape.elements() / (double) shape.size(0));
    }

    /** The tensor, as it is to be stored when all matrices shall be in an encoding. */
    static TensorSource source(String name, Shape shape, Encoding wanted, long seed) {
        TensorType type = Storage.type(name, shape, wanted);
        RandomValues values = new RandomValues(name, shape, type.encoding(), seed);
        return new TensorSource(name, type, values::fill);
    }

    private void fill(MemorySegment target, long first) {
        int block = encoding.blockElements();
        long elements = target.byteSize() / encoding.blockBytes() * block;
        IntStream.range(0, Math.toIntExact(Math.ceilDiv(elements, PIECE))).parallel().forEach(piece -> {
            long from = (long) piece * PIECE;
            long to = Math.min(elements, from + PIECE);
            if (block == 1) {
                fillPlain(target, first, from, to);
            } else {
                for (long at = from; at < to; at += block) {
                    fillBlock(target, at / block * encoding.blockBytes(), (first + at) / block);
                }
            }
        });
    }

    private void fillPlain(MemorySegment target, long first, long from, long to) {
        float scale = (float) (deviation / EVEN_DEVIATION / (1 << 15));
        for (long at = from; at < to; at++) {
            long place = first + at;
            // Sixteen bits of a number that four elements share.
            int bits = (short) (SplitMix.at(key, place / DRAWN) >>> 16 * (place % DRAWN));
            float value = (float) centre + (bits + 0.5f) * scale;
            if (encoding == Encoding.F32) {
                target.set(INT, at * Float.BYTES, Float.floatToRawIntBits(value));
            } else {
                target.set(SHORT, at * Short.BYTES, (short) encoding.bits(value));
            }
        }
    }

    private void fillBlock(MemorySegment target, long at, long block) {
        switch (encoding) {
            case Q8_0 -> {
                target.set(SHORT, at, half(deviation / ODD_BYTE_DEVIATION));
                fillWords(target, at + Short.BYTES, 4, block, ODD_BYTES);
            }
            case Q4_0 -> {
                target.set(SHORT, at, half(deviation / ODD_NIBBLE_DEVIATION));
                fillWords(target, at + Short.BYTES, 2, block, ODD_NIBBLES);
            }
            case Q4_K -> {
                double scale = deviation / NIBBLE_DEVIATION / GROUP;
                target.set(SHORT, at, half(scale));
                // Half of the largest quant under the same scale: so the values are symmetric.
                target.set(SHORT, at + Short.BYTES, half(7.5 * scale));
                target.set(LONG, at + 2 * Short.BYTES, GROUPS);
                target.set(INT, at + 2 * Short.BYTES + Long.BYTES, 0);
                fillWords(target, at + 2 * Short.BYTES + Long.BYTES + Integer.BYTES, 16, block, 0);
            }
            default -> throw new IllegalStateException("no random blocks of " + encoding);
        }
    }

    private void fillWords(MemorySegment target, long at, int words, long block, long set) {
        for (int word = 0; word < words; word++) {
            target.set(LONG, at + (long) word * Long.BYTES, SplitMix.at(key, block * words + word) | set);
        }
    }

    private static short half(double value) {
        return (short) Encoding.F16.bits(value);
    }
}
