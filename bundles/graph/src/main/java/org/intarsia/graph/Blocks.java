package org.intarsia.graph;

import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/**
 * Values of the block-quantised encodings: what the bytes of a block mean, and the blocks that come nearest to given
 * values.
 *
 * <p>{@link #decode} gives exactly what the format's reference gives (the Python package gguf), computed in binary32 and in
 * the same order. A further kind of block is a pair of methods in {@link Blocks32} or {@link Blocks256} and a line in the
 * table below.
 */
public final class Blocks {
    /** Reads one block at {@code offset} of {@code source} into {@code target} from {@code from}. */
    interface Decoder {
        void decode(MemorySegment source, long offset, float[] target, int from);
    }

    /** Writes the values of {@code source} from {@code from} as one block at {@code offset} of {@code target}. */
    interface Encoder {
        void encode(float[] source, int from, MemorySegment target, long offset);
    }

    private static final Map<Encoding, Decoder> DECODERS = new EnumMap<>(Map.of(
            Encoding.Q4_0, Blocks32::decodeQ4WithScale,
            Encoding.Q4_1, Blocks32::decodeQ4WithMinimum,
            Encoding.Q5_0, Blocks32::decodeQ5WithScale,
            Encoding.Q5_1, Blocks32::decodeQ5WithMinimum,
            Encoding.Q8_0, Blocks32::decodeQ8,
            Encoding.Q2_K, Blocks256::decodeQ2,
            Encoding.Q3_K, Blocks256::decodeQ3,
            Encoding.Q4_K, Blocks256::decodeQ4,
            Encoding.Q5_K, Blocks256::decodeQ5,
            Encoding.Q6_K, Blocks256::decodeQ6));

    private static final Map<Encoding, Encoder> ENCODERS = new EnumMap<>(Map.of(
            Encoding.Q4_0, Blocks32::encodeQ4WithScale,
            Encoding.Q8_0, Blocks32::encodeQ8,
            Encoding.Q4_K, Blocks256::encodeQ4,
            Encoding.Q6_K, Blocks256::encodeQ6));

    private Blocks() {
    }

    /** The encodings that {@link #encode} can write. */
    public static Set<Encoding> writable() {
        return Set.copyOf(ENCODERS.keySet());
    }

    /**
     * Decodes whole blocks.
     *
     * @param offset where in {@code source} the first block begins; it need not be aligned
     * @param from   where in {@code target} the first value goes
     * @param count  how many values: whole blocks
     */
    public static void decode(Encoding encoding, MemorySegment source, long offset, float[] target, int from, int count) {
        Decoder decoder = DECODERS.get(encoding);
        check(encoding, decoder != null, "are not read block by block", count);
        for (int done = 0; done < count; done += encoding.blockElements()) {
            decoder.decode(source, offset, target, from + done);
            offset += encoding.blockBytes();
        }
    }

    /**
     * Quantises values into whole blocks.
     *
     * @param encoding one of {@link #writable}
     * @param from     where in {@code source} the first value stands
     * @param count    how many values: whole blocks
     * @param offset   where in {@code target} the first block goes
     * @throws GraphException when a value is not finite, or too large for the format's scales
     */
    public static void encode(Encoding encoding, float[] source, int from, int count, MemorySegment target, long offset) {
        Encoder encoder = ENCODERS.get(encoding);
        check(encoding, encoder != null, "are not written", count);
        for (int i = from; i < from + count; i++) {
            if (!Float.isFinite(source[i])) {
                throw new GraphException("blocks: " + source[i] + " cannot be stored in " + encoding);
            }
        }
        for (int done = 0; done < count; done += encoding.blockElements()) {
            encoder.encode(source, from + done, target, offset);
            offset += encoding.blockBytes();
        }
    }

    private static void check(Encoding encoding, boolean known, String otherwise, int count) {
        if (!known) {
            throw new GraphException("blocks: values of " + encoding + " " + otherwise);
        }
        if (count % encoding.blockElements() != 0) {
            throw new GraphException("blocks: " + count + " values are no whole blocks of " + encoding + ", which hold "
                    + encoding.blockElements());
        }
    }
}
