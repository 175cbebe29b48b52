package org.intarsia.backend.cpu.product;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.intarsia.backend.cpu.code.FloatTiles;
import org.intarsia.backend.cpu.code.MachineCode;
import org.intarsia.backend.cpu.code.TileCode;
import org.intarsia.backend.cpu.host.ThreadTeam;
import org.intarsia.backend.cpu.kernel.Native;
import org.intarsia.backend.cpu.vector.Kernels;
import org.intarsia.graph.Encoding;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Products against plain loops, on sizes that leave edges of every kind. */
class GemmTest {
    private static final int[] SIZES = {1, 2, 3, 5, 6, 7, 8, 15, 16, 17, 31, 33, 47, 48, 49, 64, 65, 100};

    static Stream<Kernels> kernels() {
        return Stream.of(Kernels.best(), Kernels.SCALAR);
    }

    private static float[] product(Kernels kernels, int threads, int rows, int columns, int inner, boolean turnA, boolean turnB) {
        float[] values = product(kernels, TileCode.NONE, threads, rows, columns, inner, turnA, turnB);
        try (MachineCode code = new MachineCode()) {
            Optional<FloatTiles> exact = code.floatTiles(kernels.tiles().lanes());
            if (exact.isPresent()) {
                TileCode tiles = new TileCode(exact, Optional.empty());
                assertThat(product(kernels, tiles, threads, rows, columns, inner, turnA, turnB)).containsExactly(values);
            }
        }
        return values;
    }

    private static float[] product(Kernels kernels, TileCode code, int threads, int rows, int columns, int inner, boolean turnA,
            boolean turnB) {
        Native a = Native.random(rows * inner, rows);
        Native b = Native.random(inner * columns, columns);
        Native c = Native.empty(rows * columns);
        long step = turnB ? 1 : columns;
        long columnStep = turnB ? inner : 1;
        try (ThreadTeam team = new ThreadTeam(threads)) {
            new Gemm(kernels.tiles(), code, rows, columns, inner, 1).run(team, 1, new long[] {a.address()},
                    new Gemm.Left(Encoding.F32, turnA ? 1 : inner, turnA ? rows : 1),
                    (worker, batch, firstRow, count, firstColumn, width, vectors, panel) -> kernels.tiles().pack(Encoding.F32, count, width,
                            vectors, b.address(firstRow * step + firstColumn * columnStep), step, columnStep, panel),
                    new long[] {c.address()}, 4L * columns, false);
        }
        float[] values = c.values();
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                double sum = 0;
                double size = 0;
                for (int i = 0; i < inner; i++) {
                    double part = (double) a.at(turnA ? (long) i * rows + row : (long) row * inner + i)
                            * b.at(i * step + column * columnStep);
                    sum += part;
                    size += Math.abs(part);
                }
                assertThat((double) values[row * columns + column]).isCloseTo(sum,
                        org.assertj.core.data.Offset.offset(1e-6 * size + 1e-30));
            }
        }
        return values;
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void oddSizes(Kernels kernels) {
        for (int rows : SIZES) {
            for (int columns : SIZES) {
                product(kernels, 1, rows, columns, (rows * 7 + columns) % 37 + 1, rows % 2 == 0, columns % 3 == 0);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {513, 1025})
    void longInnerDimension(int inner) {
        for (int turn = 0; turn < 4; turn++) {
            product(Kernels.best(), 1, 50, 70, inner, (turn & 1) != 0, (turn & 2) != 0);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void bitsDoNotDependOnThreads(int threads) {
        for (boolean turn : new boolean[] {false, true}) {
            float[] alone = product(Kernels.best(), 1, 700, 130, 90, turn, !turn);
            assertThat(Arrays.equals(alone, product(Kernels.best(), threads, 700, 130, 90, turn, !turn))).isTrue();
        }
    }
}
