package org.intarsia.backend.cpu;

import org.intarsia.backend.cpu.host.Memory;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.op.Leaf;

/** Writes down values that are known when a graph is built. */
final class Constants {
    private Constants() {
    }

    /** Writes all elements to {@code address} and returns it. */
    static long write(Leaf leaf, long address) {
        long count = leaf.type().shape().elements();
        Encoding encoding = leaf.type().encoding();
        switch (leaf) {
            case Leaf.Constant constant -> {
                for (long i = 0; i < count; i++) {
                    put(encoding, address, i, constant.at(i));
                }
            }
            case Leaf.Iota iota -> {
                long stride = leaf.type().shape().strides()[iota.axis()];
                long size = leaf.type().shape().size(iota.axis());
                for (long i = 0; i < count; i++) {
                    put(encoding, address, i, i / stride % size);
                }
            }
            default -> throw new IllegalArgumentException(leaf.kind() + " is no constant");
        }
        return address;
    }

    private static void put(Encoding encoding, long address, long index, double value) {
        long to = address + encoding.bytes(index);
        long bits = encoding.bits(value);
        switch (encoding) {
            case F32, I32 -> Memory.putInt(to, (int) bits);
            case F16, BF16 -> Memory.putShort(to, (short) bits);
            case I64 -> Memory.putLong(to, bits);
            default -> throw new IllegalArgumentException("one value of " + encoding + " cannot stand alone");
        }
    }
}
