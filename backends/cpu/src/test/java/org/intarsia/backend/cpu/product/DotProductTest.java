package org.intarsia.backend.cpu.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Stream;
import org.intarsia.backend.cpu.code.MachineCode;
import org.intarsia.backend.cpu.code.StoredDots;
import org.intarsia.backend.cpu.host.Memory;
import org.intarsia.backend.cpu.host.ThreadTeam;
import org.intarsia.backend.cpu.kernel.Native;
import org.intarsia.backend.cpu.kernel.ScalarPacking;
import org.intarsia.backend.cpu.vector.Kernels;
import org.intarsia.backend.cpu.vector.VectorMath;
import org.intarsia.graph.Blocks;
import org.intarsia.graph.Encoding;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A row of x · weightᵀ has the same bits alone and beside any number of others, however weights are read. */
class DotProductTest {
    private static final Function<Encoding, Optional<StoredDots>> NONE = _ -> Optional.empty();
    private static final int[] ROWS = {1, 2, 3, 4, 5, 7, 8, 9, 10, 16, 63, 300};

    static Stream<Encoding> encodings() {
        return Stream.of(Encoding.values()).filter(encoding -> !encoding.isInteger());
    }

    private static float[] product(Kernels kernels, Function<Encoding, Optional<StoredDots>> code, int threads, Encoding encoding,
            int rows, int columns, int inner, Native x, MemorySegment weights) {
        Native y = Native.empty(rows * columns);
        try (ThreadTeam team = new ThreadTeam(threads)) {
            new DotProduct(kernels, code, rows, columns, inner, encoding, new long[] {x.address()}, new long[] {weights.address()},
                    new long[] {y.address()}).run(team);
        }
        return y.values();
    }

    /** Rows of weights that differ, as they are stored. */
    private static MemorySegment weights(Encoding encoding, int rows, int inner, Arena arena) {
        MemorySegment stored = arena.allocate(encoding.bytes((long) rows * inner), 64);
        float[] values = Native.gaussian(rows * inner, inner);
        if (encoding.isBlockQuantised()) {
            SplittableRandom random = new SplittableRandom(inner);
            for (long i = 0; i < stored.byteSize(); i++) {
                stored.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt(0, 60));
            }
            return stored;
        }
        for (int i = 0; i < values.length; i++) {
            long bits = encoding.bits(values[i]);
            if (encoding == Encoding.F32) {
                stored.setAtIndex(Memory.INT, i, (int) bits);
            } else {
                stored.setAtIndex(Memory.SHORT, i, (short) bits);
            }
        }
        return stored;
    }

    private static float[] decoded(Encoding encoding, MemorySegment weights, int count) {
        float[] values = new float[count];
        if (encoding.isBlockQuantised()) {
            Blocks.decode(encoding, weights, 0, values, 0, count);
            return values;
        }
        for (int i = 0; i < count; i++) {
            values[i] = ScalarPacking.decode(encoding, weights.address() + encoding.bytes(i));
        }
        return values;
    }

    @ParameterizedTest
    @MethodSource("encodings")
    void rowsAlone(Encoding encoding) {
        for (Kernels kernels : List.of(Kernels.best(), Kernels.SCALAR)) {
            for (int inner : encoding.isBlockQuantised() ? new int[] {256, 1280} : new int[] {5, 64, 77, 1037}) {
                int columns = 21;
                try (Arena arena = Arena.ofConfined()) {
                    MemorySegment weights = weights(encoding, columns, inner, arena);
                    Native x = Native.random(300 * inner, inner);
                    float[] all = product(kernels, NONE, 1, encoding, 300, columns, inner, x, weights);
                    near(all, x, decoded(encoding, weights, columns * inner), columns, inner);
                    for (int rows : ROWS) {
                        float[] some = product(kernels, NONE, rows % 3 + 1, encoding, rows, columns, inner, x, weights);
                        assertThat(Arrays.mismatch(some, Arrays.copyOf(all, rows * columns)))
                                .as("%d rows of %d by %s", rows, inner, kernels.vectorised() ? "vectors" : "scalars").isEqualTo(-1);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("encodings")
    void machineCodeHasTheBitsOfVectors(Encoding encoding) {
        int lanes = VectorMath.F.length();
        try (MachineCode code = new MachineCode(); Arena arena = Arena.ofConfined()) {
            assumeTrue(code.dots(Encoding.F32, lanes).isPresent(), () -> "there is no code for vectors of " + lanes + " numbers");
            // The last has rows of which a chunk is one quad.
            for (int inner : encoding.isBlockQuantised() ? new int[] {256, 4096} : new int[] {32, 96, 77, 4096, 1 << 16}) {
                for (int columns : new int[] {3, 21, 40}) {
                    MemorySegment weights = weights(encoding, columns, inner, arena);
                    Native x = Native.random(19 * inner, inner);
                    for (int rows = 1; rows <= 19; rows++) {
                        float[] expected = product(Kernels.best(), NONE, 1, encoding, rows, columns, inner, x, weights);
                        float[] y = product(Kernels.best(), stored -> code.dots(stored, lanes), rows % 3 + 1, encoding, rows, columns,
                                inner, x, weights);
                        assertThat(Arrays.mismatch(y, expected)).as("%d rows, %d × %d", rows, columns, inner).isEqualTo(-1);
                    }
                }
            }
        }
    }

    private static void near(float[] y, Native x, float[] weights, int columns, int inner) {
        for (int at = 0; at < y.length; at += 7) {
            double sum = 0;
            double size = 0;
            for (int i = 0; i < inner; i++) {
                double part = (double) x.at((long) (at / columns) * inner + i) * weights[at % columns * inner + i];
                sum += part;
                size += Math.abs(part);
            }
            assertThat((double) y[at]).isCloseTo(sum, within(2e-6 * size + 1e-30));
        }
    }
}
