package org.intarsia.backend.cpu.step;

import org.intarsia.backend.cpu.host.Memory;
import org.intarsia.graph.op.Fused;

import static org.intarsia.backend.cpu.host.Memory.getInt;
import static org.intarsia.backend.cpu.host.Memory.putInt;

import java.util.function.IntBinaryOperator;

/** Ops on I32, element by element. Models use them on indices only, so plain loops do. */
final class Integers {
    private Integers() {
    }

    static void apply(Fused.Function function, long a, long b, long y, int n) {
        switch (function) {
            case INT_ADD -> map(Integer::sum, a, b, y, n);
            case INT_SUB -> map((v, w) -> v - w, a, b, y, n);
            case INT_MUL -> map((v, w) -> v * w, a, b, y, n);
            // A division by zero is an error of the caller; like an index out of bounds it must not end the process.
            case INT_DIV -> map((v, w) -> w == 0 ? 0 : v / w, a, b, y, n);
            case INT_MAX -> map(Math::max, a, b, y, n);
            case INT_LESS -> map((v, w) -> v < w ? 1 : 0, a, b, y, n);
            case INT_EQUAL -> map((v, w) -> v == w ? 1 : 0, a, b, y, n);
            case TO_FLOAT -> {
                for (int i = 0; i < n; i++) {
                    Memory.putFloat(y + 4L * i, getInt(a + 4L * i));
                }
            }
            case TO_INT -> {
                for (int i = 0; i < n; i++) {
                    putInt(y + 4L * i, (int) Memory.getFloat(a + 4L * i));
                }
            }
            default -> throw new IllegalArgumentException(function + " is no op on integers");
        }
    }

    private static void map(IntBinaryOperator function, long a, long b, long y, int n) {
        for (int i = 0; i < n; i++) {
            putInt(y + 4L * i, function.applyAsInt(getInt(a + 4L * i), getInt(b + 4L * i)));
        }
    }
}
