package org.intarsia.backend.vulkan;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.gpu.GpuDevices;
import org.intarsia.backend.gpu.KernelCache;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.TensorType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the SPIR-V of kernels comes from. */
class ShaderCompilerTest {
    @TempDir
    private Path cache;
    private ShaderCompiler compiler;

    @BeforeEach
    void make() {
        compiler = new ShaderCompiler(new KernelCache(cache));
    }

    @AfterEach
    void close() {
        compiler.close();
    }

    /** The graph's kernels for a device with or without subgroups: names by sources. */
    private static Map<String, String> kernels(boolean subgroups, GraphBuilder g, Node result) {
        Map<String, String> names = new LinkedHashMap<>();
        try (Device device = GpuDevices.of(new ListingDriver(subgroups, false, Optional.empty(), names), () -> { })) {
            BuildTimeKernels.compile(device, g.build(Map.of("y", result)));
        }
        return names;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theBundleHasTheKernelsOfGraphsThatTheBuildDidNotSee(boolean subgroups) {
        GraphBuilder g = new GraphBuilder();
        Node product = g.linear(g.input("x", TensorType.f32(61, 67)), g.parameter("weight", TensorType.f32(71, 67)));
        Map<String, String> kernels = kernels(subgroups, g, g.softmax(product));
        assertThat(kernels).containsValues("matMul", "softmax");
        try (GlslCompiler now = new GlslCompiler()) {
            kernels.forEach((source, name) ->
                    assertThat(compiler.compile(name, source)).as(name).isEqualTo(now.compile(name, source)));
        }
        assertThat(cache).as("where compiled kernels would be kept").isEmptyDirectory();
    }

    @Test
    void aKernelThatIsWrittenForOneChainIsCompiledAndKept() {
        GraphBuilder g = new GraphBuilder();
        Node x = g.input("x", TensorType.f32(61));
        Map<String, String> kernels = kernels(true, g, g.gelu(g.mul(g.silu(x), x)));
        assertThat(kernels).containsValues("fused").hasSize(1);
        kernels.forEach((source, name) -> {
            byte[] words = compiler.compile(name, source);
            Path file = cache.resolve(GlslCompiler.file(source));
            assertThat(file).exists();
            assertThat(compiler.compile(name, source)).isEqualTo(words);
        });
    }
}
