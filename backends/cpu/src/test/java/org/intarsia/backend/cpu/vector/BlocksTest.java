package org.intarsia.backend.cpu.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.api.Support;
import org.intarsia.backend.cpu.CpuBackend;
import org.intarsia.backend.cpu.kernel.Native;
import org.intarsia.backend.cpu.kernel.StoredBlocks;
import org.intarsia.graph.Blocks;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Block-quantised weights: the vector kernels' bits, and what is said about what cannot be done with them. */
class BlocksTest {

    static Stream<Encoding> encodings() {
        return Stream.of(Encoding.values()).filter(Encoding::isBlockQuantised);
    }

    @ParameterizedTest
    @MethodSource("encodings")
    void vectorsDecodeToTheBitsOfTheFormat(Encoding encoding) {
        int count = 16 * 256;
        try (Arena arena = Arena.ofConfined()) {
            // Aligned no better than a block in a mapped file.
            MemorySegment stored = arena.allocate(encoding.bytes(count) + 2, 64).asSlice(2);
            StoredBlocks.write(encoding, stored, new Random(7));
            float[] expected = new float[count];
            Blocks.decode(encoding, stored, 0, expected, 0, count);
            Native decoded = Native.empty(count);
            Kernels.best().tiles().decode(encoding, stored.address(), decoded.address(), count);
            assertThat(decoded.values()).containsExactly(expected);
        }
    }

    @Test
    void whatIsNotComputedIsRefusedByName() {
        GraphBuilder graph = new GraphBuilder();
        Node into = graph.cast(graph.input("x", TensorType.f32(3, 256)), Encoding.Q8_0);
        Node joined = graph.concat(0, graph.parameter("a", new TensorType(Shape.of(3, 256), Encoding.Q4_K)),
                graph.parameter("b", new TensorType(Shape.of(5, 256), Encoding.Q4_K)));
        try (Device device = new CpuBackend().open()) {
            assertThat(device.supports(into)).isEqualTo(
                    new Support.Unsupported("no kernel for cast on [F32(3, 256)] to Q8_0(3, 256)"));
            assertThatThrownBy(() -> device.compile(graph.build(Map.of("joined", joined)), Map.of(), 0))
                    .isInstanceOf(BackendException.class)
                    .hasMessageContaining("no kernel for concat on [Q4_K(3, 256), Q4_K(5, 256)] to Q4_K(8, 256)");
        }
    }
}
