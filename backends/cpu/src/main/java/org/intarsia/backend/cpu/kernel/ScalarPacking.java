package org.intarsia.backend.cpu.kernel;

import org.intarsia.backend.cpu.host.Memory;
import org.intarsia.graph.Blocks;
import org.intarsia.graph.Encoding;

/** Decodes and packs matrices for the tiles, element by element; see {@link TileKernels#pack}. */
public final class ScalarPacking {
    /** Rows that are packed together, so that what one cache line of the source holds is used at once. */
    private static final int BLOCK = 16;

    private ScalarPacking() {
    }

    /** Reads one element as F32. */
    public static float decode(Encoding encoding, long address) {
        return switch (encoding) {
            case F32 -> Memory.getFloat(address);
            case F16 -> Float.float16ToFloat(Memory.getShort(address));
            case BF16 -> Bf16.decode(Memory.getShort(address));
            case I32 -> Memory.getInt(address);
            case I64 -> Memory.getLong(address);
            default -> throw new IllegalArgumentException("one value of " + encoding + " cannot stand alone");
        };
    }

    /** Reads elements, as {@link TileKernels#decode}. */
    public static void decode(Encoding encoding, long source, long target, int count) {
        if (encoding.isBlockQuantised()) {
            float[] values = new float[count];
            Blocks.decode(encoding, Memory.ALL, source, values, 0, count);
            Memory.copy(values, target);
            return;
        }
        long element = encoding.bytes(1);
        for (int i = 0; i < count; i++) {
            Memory.putFloat(target + 4L * i, decode(encoding, source + i * element));
        }
    }

    /** Packs a panel, as {@link TileKernels#pack}, for vectors of {@code lanes} floats. */
    public static void pack(Encoding encoding, int lanes, int k, int columns, int width, long source, long step,
            long columnStep, long panel) {
        long element = encoding.bytes(1);
        long row = 4L * width * lanes;
        for (int first = 0; first < k; first += BLOCK) {
            int last = Math.min(k, first + BLOCK);
            for (int column = 0; column < columns; column++) {
                long from = source + (column * columnStep + first * step) * element;
                long to = panel + first * row + 4L * column;
                for (int i = first; i < last; i++) {
                    Memory.putFloat(to, decode(encoding, from));
                    from += step * element;
                    to += row;
                }
            }
        }
    }

    /** Packs what a kernel sees, as {@link TileKernels#packPatch}. */
    public static void packPatch(int firstRow, int rows, int stride, int length, long[] offsets, int[] low, int[] high, long source,
            long sourceChannel, long target, long targetRow) {
        int taps = offsets.length;
        for (int row = firstRow; row < firstRow + rows; row++) {
            int tap = row % taps;
            long from = source + row / taps * sourceChannel + offsets[tap];
            for (int j = 0; j < length; j++) {
                boolean seen = low[tap] <= j && j < high[tap];
                Memory.putFloat(target + 4L * j, seen ? Memory.getFloat(from + 4L * j * stride) : 0);
            }
            target += targetRow;
        }
    }
}
