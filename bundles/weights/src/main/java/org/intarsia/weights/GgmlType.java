package org.intarsia.weights;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.intarsia.graph.Encoding;

/**
 * The element types of GGUF files, by the numbers that stand in them. We understand all of them well enough to check a
 * file, and use those that have an {@link Encoding}.
 */
enum GgmlType {
    F32(0), F16(1), Q4_0(2), Q4_1(3), Q5_0(6), Q5_1(7), Q8_0(8), Q8_1(9, 32, 36), Q2_K(10), Q3_K(11), Q4_K(12), Q5_K(13),
    Q6_K(14), Q8_K(15, 256, 292), IQ2_XXS(16, 256, 66), IQ2_XS(17, 256, 74), IQ3_XXS(18, 256, 98), IQ1_S(19, 256, 50),
    IQ4_NL(20, 32, 18), IQ3_S(21, 256, 110), IQ2_S(22, 256, 82), IQ4_XS(23, 256, 136), I8(24, 1, 1), I16(25, 1, 2), I32(26),
    I64(27), F64(28, 1, 8), IQ1_M(29, 256, 56), BF16(30), TQ1_0(34, 256, 54), TQ2_0(35, 256, 66), MXFP4(39, 32, 17);

    private final int number;
    private final int blockElements;
    private final int blockBytes;
    private final Optional<Encoding> encoding;

    GgmlType(int number) {
        this.number = number;
        // The names are the same on purpose.
        Encoding same = Encoding.valueOf(name());
        this.blockElements = same.blockElements();
        this.blockBytes = same.blockBytes();
        this.encoding = Optional.of(same);
    }

    GgmlType(int number, int blockElements, int blockBytes) {
        this.number = number;
        this.blockElements = blockElements;
        this.blockBytes = blockBytes;
        this.encoding = Optional.empty();
    }

    int number() {
        return number;
    }

    int blockElements() {
        return blockElements;
    }

    int blockBytes() {
        return blockBytes;
    }

    Optional<Encoding> encoding() {
        return encoding;
    }

    static Optional<GgmlType> numbered(int number) {
        return Arrays.stream(values()).filter(type -> type.number == number).findFirst();
    }

    static boolean isKnown(String name) {
        return Arrays.stream(values()).anyMatch(type -> type.name().equals(name));
    }

    /** The type of an encoding, where the format has it. */
    static Optional<GgmlType> of(Encoding encoding) {
        return Arrays.stream(values()).filter(type -> type.encoding.equals(Optional.of(encoding))).findFirst();
    }

    /** Those that can be used, for messages. */
    static String usable() {
        return Arrays.stream(values()).filter(type -> type.encoding.isPresent()).map(GgmlType::name)
                .collect(Collectors.joining(", "));
    }
}
