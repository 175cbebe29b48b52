package org.intarsia.backend.gpu.plan;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.intarsia.backend.gpu.KernelSource;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.op.Leaf;

/** How encodings are named in kernels, and how constants are encoded. */
final class Encodings {
    private Encodings() {
    }

    /** The type of an array's elements. */
    static String type(Encoding encoding) {
        return switch (encoding) {
            case F32 -> "float";
            case I32 -> "int";
            case I64 -> "PAIR";
            // Blocks are arrays of 16 bits, too.
            default -> "BITS16";
        };
    }

    /** A kernel that has arrays of STORED and computes with what READ finds there. */
    static KernelSource reading(KernelSource source, Encoding encoding) {
        String read = switch (encoding) {
            case F32, I32 -> "(array[index])";
            case F16 -> "fromF16(UINT(array[index]))";
            case BF16 -> "fromBf16(UINT(array[index]))";
            case I64 -> "INT((array[index]).x)";
            default -> "BLOCK_" + encoding + "(array, (index) / " + encoding.blockElements() + " * " + encoding.blockBytes()
                    + ", (index) % " + encoding.blockElements() + ")";
        };
        return source.with("STORED", type(encoding)).with("READ(array, index)", read);
    }

    /**
     * A kernel that has an array of RESULT and writes there what STORE makes of x.
     *
     * @param computed x as a number of the kind that is stored
     */
    static KernelSource storing(KernelSource source, Encoding to, String computed) {
        String store = switch (to) {
            case F32, I32 -> computed;
            case F16 -> "TO_BITS16(toF16(" + computed + "))";
            case BF16 -> "TO_BITS16(toBf16(" + computed + "))";
            // The upper half repeats the sign.
            case I64 -> "MAKE_PAIR(UINT(" + computed + "), (" + computed + ") < 0 ? 0xFFFFFFFFu : 0u)";
            default -> throw new IllegalArgumentException("nothing is computed into " + to);
        };
        return source.with("RESULT", type(to)).with("STORE(x)", store);
    }

    /**
     * A kernel that has arrays of KEPT and reads four neighbours of a row at once from them.
     *
     * @param fours whether rows are whole fours
     */
    static KernelSource keeping(KernelSource source, Encoding encoding, boolean fours) {
        if (encoding == Encoding.F32) {
            return source.with("KEPT", fours ? "FLOAT4" : "float").with("READ_KEPT(array, row, size, i)", "READ_FOUR(array, row, size, i)");
        }
        return source.with("KEPT", fours ? "PAIR" : "BITS16").with("READ_KEPT(array, row, size, i)", "READ_KEPT_FOUR(array, row, size, i)")
                .with("FROM_KEPT(bits)", encoding == Encoding.F16 ? "fromF16(bits)" : "fromBf16(bits)");
    }

    /** A kernel that has arrays of STORED and reads eight neighbours at once from them. */
    static KernelSource wide(KernelSource source, Encoding encoding) {
        return source.with("STORED", encoding == Encoding.F32 ? "FLOAT4" : "FOUR_WORDS")
                .with("READ_EIGHT(eight)", "EIGHT_" + encoding + "(eight)");
    }

    /** A kernel that reads the small integers of blocks, four at a time, and what scales them. */
    static KernelSource words(KernelSource source, Encoding encoding) {
        return source.with("BLOCK_VALUES", encoding.blockElements()).with("BLOCK_BYTES", encoding.blockBytes())
                .with("WORD(array, at, j)", "WORD_" + encoding + "(array, at, j)")
                .with("SCALE(array, at, j)", "SCALE_" + encoding + "(array, at, j)")
                .with("MINIMUM(array, at, j)", "MINIMUM_" + encoding + "(array, at, j)");
    }

    /** A kernel that moves elements of this encoding without looking at them. */
    static KernelSource moving(KernelSource source, Encoding encoding) {
        return switch (Math.toIntExact(encoding.bytes(1))) {
            case 2 -> source.with("MOVED", "BITS16").with("ELEMENT_OF(low, high)", "TO_BITS16(low)");
            case 4 -> source.with("MOVED", "uint").with("ELEMENT_OF(low, high)", "UINT(low)");
            default -> source.with("MOVED", "PAIR").with("ELEMENT_OF(low, high)", "MAKE_PAIR(UINT(low), UINT(high))");
        };
    }

    /** Writes all values of a constant. */
    static void write(Leaf.Constant constant, MemorySegment target) {
        Encoding encoding = constant.type().encoding();
        for (long i = 0; i < constant.type().shape().elements(); i++) {
            long bits = encoding.bits(constant.at(i));
            switch (Math.toIntExact(encoding.bytes(1))) {
                case 2 -> target.setAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, i, (short) bits);
                case 4 -> target.setAtIndex(ValueLayout.JAVA_INT_UNALIGNED, i, (int) bits);
                default -> target.setAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, i, bits);
            }
        }
    }
}
