package org.intarsia.weights;

import java.util.Optional;

/** The types of values in the metadata of GGUF files; their ordinals are the numbers that stand in the files. */
enum ValueType {
    U8(1), I8(1), U16(2), I16(2), U32(4), I32(4), F32(4), BOOL(1), TEXT(0), ARRAY(0), U64(8), I64(8), F64(8);

    private final int bytes;

    ValueType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of a value; 0 where each value says itself how long it is. */
    int bytes() {
        return bytes;
    }

    static Optional<ValueType> numbered(int number) {
        return number >= 0 && number < values().length ? Optional.of(values()[number]) : Optional.empty();
    }
}
