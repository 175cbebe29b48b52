package org.intarsia.backend.testkit.cases;

import org.intarsia.backend.testkit.suite.Tolerance;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;

/** Conversions between encodings, to the bit. */
final class CastCases {
    /** Halfway cases of both short formats, both neighbours of them, the largest, the smallest, and beyond. */
    private static final double[] EDGES = {0, -0.0, 1, 1 + 0x1p-8, 1 + 3 * 0x1p-8, 1 + 0x1p-8 + 0x1p-20, 1 + 0x1p-11,
            1 + 3 * 0x1p-11, 1 + 0x1p-11 - 0x1p-20, -1 - 0x1p-8, 65504, 65519, 65520, -65536, 1e30, 0x1p-14, 0x1p-15,
            0x1p-24, 0x1p-25, 3 * 0x1p-25, 1e-10, 255.5, 256.5, 3.4e38};

    private CastCases() {
    }

    static void addTo(Catalogue all) {
        for (long length : Catalogue.LENGTHS) {
            for (Encoding stored : new Encoding[] {Encoding.F16, Encoding.BF16}) {
                all.smooth("cast", stored + " to F32 " + length, Tolerance.exact(),
                        d -> d.graph.cast(d.weight("x", stored, length), Encoding.F32));
                all.value("cast", "F32 to " + stored + " " + length, Tolerance.exact(),
                        d -> d.graph.cast(d.input("x", length), stored));
            }
            all.value("cast", "I32 to F32 " + length, Tolerance.exact(), d -> d.graph.cast(
                    d.input("x", TensorType.i32(length), Draft.integers(-100_000, 100_000)), Encoding.F32));
            all.value("cast", "F32 to I32 " + length, Tolerance.exact(), d -> d.graph.cast(
                    d.input("x", TensorType.f32(length), Draft.uniform(-100, 100)), Encoding.I32));
        }
        for (Encoding stored : new Encoding[] {Encoding.F16, Encoding.BF16}) {
            all.value("cast", "F32 to " + stored + " at the edges", Tolerance.exact(), d -> d.graph.cast(d.graph.cast(
                    d.weight("x", TensorType.f32(EDGES.length), floats()), stored), Encoding.F32));
        }
        all.value("cast", "I64 to I32", Tolerance.exact(), d -> d.graph.cast(
                d.weight("x", new TensorType(Shape.of(3, 7), Encoding.I64), Draft.integers(-1_000_000, 1_000_000)), Encoding.I32));
        all.value("cast", "I32 to I64", Tolerance.exact(), d -> d.graph.cast(
                d.input("x", TensorType.i32(3, 7), Draft.integers(-1_000_000, 1_000_000)), Encoding.I64));
    }

    private static double[] floats() {
        double[] values = EDGES.clone();
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) values[i];
        }
        return values;
    }
}
