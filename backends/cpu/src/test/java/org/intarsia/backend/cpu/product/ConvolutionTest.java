package org.intarsia.backend.cpu.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Optional;
import java.util.stream.Stream;
import org.intarsia.backend.cpu.code.FloatTiles;
import org.intarsia.backend.cpu.code.MachineCode;
import org.intarsia.backend.cpu.code.TileCode;
import org.intarsia.backend.cpu.host.ThreadTeam;
import org.intarsia.backend.cpu.kernel.Native;
import org.intarsia.backend.cpu.vector.Kernels;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.op.Conv2d.Window;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Convolutions and the gradients of their weights against plain loops. */
class ConvolutionTest {

    /** What is convolved with what. */
    record Sizes(int pictures, int in, int height, int width, int out, int kernelHeight, int kernelWidth, Window window) {
    }

    /** The results of both directions. */
    private record Results(float[] out, float[] forWeight) {
    }

    static Stream<Sizes> sizes() {
        return Stream.of(
                new Sizes(2, 3, 8, 8, 5, 3, 3, Window.same(1)),
                new Sizes(1, 9, 16, 16, 33, 3, 3, Window.same(1)),
                new Sizes(1, 8, 5, 33, 16, 3, 3, Window.same(1)),
                new Sizes(2, 4, 9, 9, 17, 3, 3, new Window(2, 0, 1, 0, 1)),
                new Sizes(2, 5, 11, 13, 7, 3, 2, new Window(2, 1, 0, 1, 2)),
                new Sizes(1, 2, 7, 5, 3, 5, 3, new Window(1, 2, 1, 0, 3)),
                new Sizes(3, 7, 4, 4, 6, 1, 1, Window.same(0)),
                new Sizes(1, 130, 4, 4, 3, 3, 3, Window.same(1)),
                new Sizes(2, 50, 24, 33, 20, 3, 3, Window.same(1)));
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void againstLoops(Sizes sizes) {
        for (Kernels kernels : new Kernels[] {Kernels.best(), Kernels.SCALAR}) {
            for (int threads = 1; threads <= 2; threads++) {
                Results vectors = check(sizes, kernels, TileCode.NONE, threads);
                try (MachineCode code = new MachineCode()) {
                    Optional<FloatTiles> exact = code.floatTiles(kernels.tiles().lanes());
                    if (exact.isPresent()) {
                        Results machine = check(sizes, kernels, new TileCode(exact, Optional.empty()), threads);
                        assertThat(machine.out).containsExactly(vectors.out);
                        if (kernels != Kernels.SCALAR) {
                            assertThat(machine.forWeight).containsExactly(vectors.forWeight);
                        }
                    }
                }
            }
        }
    }

    private static Results check(Sizes s, Kernels kernels, TileCode code, int threads) {
        int outHeight = (int) s.window.outHeight(s.height, s.kernelHeight);
        int outWidth = (int) s.window.outWidth(s.width, s.kernelWidth);
        Native x = Native.random(s.pictures * s.in * s.height * s.width, 1);
        Native weight = Native.random(s.out * s.in * s.kernelHeight * s.kernelWidth, 2);
        Native gradient = Native.random(s.pictures * s.out * outHeight * outWidth, 3);
        Native out = Native.empty(s.pictures * s.out * outHeight * outWidth);
        Native forWeight = Native.empty(s.out * s.in * s.kernelHeight * s.kernelWidth);
        Convolution convolution = new Convolution(kernels.tiles(), code, s.window,
                new long[] {s.pictures, s.in, s.height, s.width}, s.out, s.kernelHeight, s.kernelWidth);
        try (ThreadTeam team = new ThreadTeam(threads)) {
            convolution.forward(team, x.address(), Encoding.F32, weight.address(), out.address());
            convolution.weightGradient(team, x.address(), gradient.address(), forWeight.address());
        }
        double[] expected = new double[out.values().length];
        double[] expectedForWeight = new double[forWeight.values().length];
        for (int picture = 0; picture < s.pictures; picture++) {
            for (int channel = 0; channel < s.out; channel++) {
                for (int place = 0; place < outHeight * outWidth; place++) {
                    int to = (picture * s.out + channel) * outHeight * outWidth + place;
                    for (int tap = 0; tap < s.in * s.kernelHeight * s.kernelWidth; tap++) {
                        int row = place / outWidth * s.window.stride() - s.window.top() + tap / s.kernelWidth % s.kernelHeight;
                        int column = place % outWidth * s.window.stride() - s.window.left() + tap % s.kernelWidth;
                        if (row >= 0 && row < s.height && column >= 0 && column < s.width) {
                            int in = tap / (s.kernelHeight * s.kernelWidth);
                            double seen = x.at(((long) (picture * s.in + in) * s.height + row) * s.width + column);
                            int of = channel * s.in * s.kernelHeight * s.kernelWidth + tap;
                            expected[to] += seen * weight.at(of);
                            expectedForWeight[of] += seen * gradient.at(to);
                        }
                    }
                }
            }
        }
        assertClose(out.values(), expected);
        assertClose(forWeight.values(), expectedForWeight);
        return new Results(out.values(), forWeight.values());
    }

    private static void assertClose(float[] values, double[] expected) {
        for (int i = 0; i < values.length; i++) {
            assertThat((double) values[i]).isCloseTo(expected[i], within(2e-4));
        }
    }
}
