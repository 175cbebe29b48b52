package org.intarsia.backend.cpu.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.intarsia.graph.Encoding;

/** Block-quantised weights of any values, also in encodings that {@link org.intarsia.graph.Blocks} does not write. */
public final class StoredBlocks {
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

    private StoredBlocks() {
    }

    /** Writes any bits, but for scales and minima of blocks, which are small numbers. */
    public static void write(Encoding encoding, MemorySegment target, Random random) {
        byte[] any = new byte[Math.toIntExact(target.byteSize())];
        random.nextBytes(any);
        target.copyFrom(MemorySegment.ofArray(any));
        int[] scales = switch (encoding) {
            case Q8_0, Q4_0, Q5_0 -> new int[] {0};
            case Q4_1, Q5_1, Q4_K, Q5_K -> new int[] {0, 2};
            case Q2_K -> new int[] {80, 82};
            case Q3_K -> new int[] {108};
            case Q6_K -> new int[] {208};
            default -> throw new IllegalArgumentException("where " + encoding + " has its scales is not known here");
        };
        for (long block = 0; block < target.byteSize(); block += encoding.blockBytes()) {
            for (int at : scales) {
                target.set(SHORT, block + at, Float.floatToFloat16((random.nextFloat() - 0.5f) / 64));
            }
        }
    }
}
