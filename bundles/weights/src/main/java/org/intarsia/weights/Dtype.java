package org.intarsia.weights;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.intarsia.graph.Encoding;

/**
 * The element types of the safetensors format, in the order in which the format's reference implementation writes them,
 * last first. We understand all of them well enough to check a file, and use those that have an {@link Encoding}.
 */
enum Dtype {
    BOOL(8), F4(4), F6_E2M3(6), F6_E3M2(6), U8(8, Encoding.U8), I8(8), F8_E5M2(8), F8_E4M3(8), F8_E8M0(8), F8_E4M3FNUZ(8),
    F8_E5M2FNUZ(8), I16(16), U16(16), F16(16, Encoding.F16), BF16(16, Encoding.BF16), I32(32, Encoding.I32), U32(32),
    F32(32, Encoding.F32), C64(64), F64(64), I64(64, Encoding.I64), U64(64);

    private final int bits;
    private final Optional<Encoding> encoding;

    Dtype(int bits) {
        this.bits = bits;
        this.encoding = Optional.empty();
    }

    Dtype(int bits, Encoding encoding) {
        this.bits = bits;
        this.encoding = Optional.of(encoding);
    }

    int bits() {
        return bits;
    }

    Optional<Encoding> encoding() {
        return encoding;
    }

    static Optional<Dtype> named(String name) {
        return Arrays.stream(values()).filter(dtype -> dtype.name().equals(name)).findFirst();
    }

    static Dtype of(Encoding encoding) {
        return Arrays.stream(values()).filter(dtype -> dtype.encoding.equals(Optional.of(encoding))).findFirst()
                .orElseThrow(() -> new WeightsException("safetensors files cannot hold " + encoding));
    }

    /** Those that can be used, for messages. */
    static String usable() {
        return Arrays.stream(values()).filter(dtype -> dtype.encoding.isPresent()).map(Dtype::name)
                .collect(Collectors.joining(", "));
    }
}
