package org.intarsia.backend.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.intarsia.backend.api.Buffer;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.api.DeviceInfo;
import org.intarsia.backend.api.Plan;
import org.intarsia.backend.api.Support;
import org.intarsia.backend.testkit.suite.Case;
import org.intarsia.backend.testkit.suite.DeviceCheck;
import org.intarsia.backend.testkit.suite.Outcome;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Graph;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Devices that are wrong on purpose: the suite finds each of them out. */
class FaultsAreFoundTest {
    private static final List<Case> CASES = Conformance.cases();

    @ParameterizedTest
    @ValueSource(strings = {"constant", "iota", "random", "neg", "exp", "log", "sqrt", "sin", "cos", "tanh", "add", "sub", "mul",
            "div", "max", "less", "equal", "select", "cast", "sum", "maxReduce", "argMax", "reshape", "permute", "broadcast",
            "slice", "pad", "concat", "gather", "scatterAdd", "matMul", "assign"})
    void theLastElementOfAnOddRowIsForgotten(String kind) {
        Device device = new ReferenceDevice((node, operands, result) -> {
            if (node.op().kind().equals(kind) && result.length % 4 == 1) {
                result[result.length - 1] = 0.0625;
            }
            return result;
        });
        assertFound(device, kind);
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                arguments("cast cuts instead of rounding", "cast", at("cast", (node, in, out) -> node.encoding() == Encoding.BF16
                        ? each(in.getFirst(), x -> Float.intBitsToFloat(Float.floatToRawIntBits((float) x) & 0xFFFF0000)) : out)),
                arguments("cast rounds integers to nearest", "cast", at("cast", (node, in, out) ->
                        node.encoding() == Encoding.I32 ? each(in.getFirst(), Math::rint) : out)),
                arguments("products with ten bits", "matMul", at("matMul", (node, in, out) ->
                        each(out, x -> (float) x * (1 + 0x1p-11)))),
                arguments("an exponential with 16 bits", "exp", at("exp", (node, in, out) -> each(out, x -> x * (1 + 0x1p-16)))),
                arguments("a largest element of at least zero", "maxReduce", at("maxReduce", (node, in, out) ->
                        each(out, x -> Math.max(0, x)))),
                arguments("the last of equal ones", "argMax", at("argMax", (node, in, out) -> lastOfEqual(node, in.getFirst(), out))),
                arguments("less or equal", "less", at("less", (node, in, out) -> in.get(0).length == in.get(1).length
                        ? range(out.length, i -> in.get(0)[i] <= in.get(1)[i] ? 1 : 0) : out)),
                arguments("a branch that is always taken", "select", at("select", (node, in, out) ->
                        in.get(1).length == out.length ? in.get(1) : out)),
                arguments("rows written instead of added", "scatterAdd", at("scatterAdd", (node, in, out) ->
                        written(node, in, out.clone()))),
                arguments("overflow to infinity", "softmax", at("exp", (node, in, out) ->
                        each(in.getFirst(), x -> (float) Math.exp(x + 1000) / (float) Math.exp(1000)))),
                arguments("a state that is written one place too far", "stateAppend", at("assign", (node, in, out) -> {
                    out[0] += 1;
                    return out;
                })),
                arguments("a state that is not written", "assign", at("assign", (node, in, out) -> in.getFirst().clone())),
                arguments("a value of somebody else is destroyed", "sin", new Bystander()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void aFaultIsFound(String name, String kind, ReferenceDevice.Fault fault) {
        assertFound(new ReferenceDevice(fault), kind);
    }

    /** Overwrites the large value that was computed before the op under test and is read after it. */
    private static final class Bystander implements ReferenceDevice.Fault {
        private double[] seen;

        @Override
        public double[] spoil(Node node, List<double[]> operands, double[] result) {
            if (node.op().kind().equals("neg") && result.length == 2048) {
                seen = result;
            }
            if (node.op().kind().equals("sin") && seen != null) {
                seen[0] = 7;
            }
            return result;
        }
    }

    @Test
    void writingBesideAParameterIsAnOverrun() {
        assertThat(outcomes(new Beside(true), "exp")).anyMatch(Outcome::overrun)
                .anyMatch(outcome -> outcome.message().contains("bytes beside parameter 'x' were changed"));
    }

    @Test
    void readingBesideAParameterShows() {
        assertThat(outcomes(new Beside(false), "exp")).anyMatch(outcome -> !outcome.passed());
    }

    /** Takes one element more than a constant has, by its address as native code would. */
    private static final class Beside extends ReferenceDevice {
        Beside(boolean writes) {
            super((node, operands, result) -> result);
            this.writes = writes;
        }

        private final boolean writes;

        @Override
        public Buffer constant(TensorType type, MemorySegment content) {
            MemorySegment beyond = MemorySegment.ofAddress(content.address()).reinterpret(content.byteSize() + 4);
            if (writes) {
                beyond.set(ValueLayout.JAVA_INT_UNALIGNED, content.byteSize(), 0);
                return super.constant(type, content);
            }
            return super.constant(type, beyond.asSlice(4, content.byteSize()));
        }
    }

    static Stream<Arguments> brokenPromises() {
        return Stream.of(
                arguments("a new buffer holds zeros", new ReferenceDevice() {
                    @Override
                    public Buffer allocate(TensorType type) {
                        Buffer buffer = super.allocate(type);
                        buffer.write(new float[] {1});
                        return buffer;
                    }
                }),
                arguments("closing gives all memory back, twice is harmless", new ReferenceDevice() {
                    private long lost;

                    @Override
                    public long allocatedBytes() {
                        return super.allocatedBytes() + lost++;
                    }
                }),
                arguments("closing the device closes what it made", new ReferenceDevice() {
                    @Override
                    public void close() {
                    }
                }),
                arguments("a second run with the same inputs gives the same bits", new ReferenceDevice(at("sum",
                        (node, in, out) -> each(out, x -> x + 0.01f * (System.nanoTime() % 1009))))),
                arguments("a plan leaves the buffers it was bound to", new ReferenceDevice() {
                    @Override
                    public Plan compile(Graph graph, Map<String, Buffer> bound, int threads) {
                        bound.values().forEach(Buffer::close);
                        return super.compile(graph, bound, threads);
                    }
                }),
                arguments("all refusals are reported at once", new ReferenceDevice() {
                    @Override
                    public Support supports(Node node) {
                        return node.op().kind().equals("conformanceSecond") ? new Support.Native() : super.supports(node);
                    }
                }),
                arguments("any number of threads gives the same bits, where the device says so", new ReferenceDevice() {
                    @Override
                    public Plan compile(Graph graph, Map<String, Buffer> bound, int threads) {
                        return threads == 2 ? super.compile(twice(graph), bound, threads) : super.compile(graph, bound, threads);
                    }
                }));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("brokenPromises")
    void aBrokenPromiseIsFound(String name, Device device) {
        DeviceCheck check = Conformance.checks().stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
        assertThat(check.run(() -> device).passed()).isFalse();
    }

    @Test
    void whatADeviceRefusesIsUnsupportedWithItsReason() {
        Device device = new ReferenceDevice() {
            @Override
            public Support supports(Node node) {
                return node.op().kind().equals("sin") ? new Support.Unsupported("no trigonometry here") : super.supports(node);
            }

            @Override
            public DeviceInfo info() {
                return new DeviceInfo("poor", "a device without sine", 0, List.of());
            }
        };
        Case tested = CASES.stream().filter(each -> each.kind().equals("sin")).findFirst().orElseThrow();
        Outcome outcome = Conformance.run(device, tested);
        assertThat(outcome.way()).isEqualTo(Outcome.Way.UNSUPPORTED);
        assertThat(outcome.message()).isEqualTo("sin: no trigonometry here");
    }

    private static void assertFound(Device device, String kind) {
        assertThat(outcomes(device, kind)).anyMatch(outcome -> !outcome.passed());
    }

    /** The outcomes of one kind up to the first failure. */
    private static List<Outcome> outcomes(Device device, String kind) {
        List<Outcome> outcomes = new ArrayList<>();
        for (Case tested : CASES) {
            if (tested.kind().equals(kind)) {
                outcomes.add(Conformance.run(device, tested));
                if (!outcomes.getLast().passed()) {
                    break;
                }
            }
        }
        return outcomes;
    }

    /** The graph with every sum a little off: stands for another order of addition. */
    private static Graph twice(Graph graph) {
        GraphBuilder g = new GraphBuilder();
        Map<Node, Node> images = new HashMap<>();
        for (Node node : graph.nodes()) {
            Node image = g.add(node.op(), node.operands().stream().map(images::get).toArray(Node[]::new));
            images.put(node, node.op().kind().equals("sum") ? g.add(image, g.scalar(1e-4)) : image);
        }
        Map<String, Node> outputs = new HashMap<>();
        graph.outputs().forEach((name, node) -> outputs.put(name, images.get(node)));
        return g.build(outputs);
    }

    private static ReferenceDevice.Fault at(String kind, ReferenceDevice.Fault fault) {
        return (node, operands, result) -> node.op().kind().equals(kind) ? fault.spoil(node, operands, result) : result;
    }

    private interface Change {
        double of(double x);
    }

    private interface At {
        double value(int index);
    }

    private static double[] each(double[] values, Change change) {
        return range(values.length, i -> change.of(values[i]));
    }

    private static double[] range(int length, At at) {
        double[] result = new double[length];
        for (int i = 0; i < length; i++) {
            result[i] = at.value(i);
        }
        return result;
    }

    private static double[] lastOfEqual(Node node, double[] values, double[] out) {
        int rank = node.operand(0).shape().rank();
        if (node.shape().size(rank - 1) != 1) {
            return out;
        }
        int row = (int) node.operand(0).shape().size(rank - 1);
        return range(out.length, r -> {
            int best = 0;
            for (int i = 1; i < row && (r + 1) * row <= values.length; i++) {
                best = values[r * row + i] >= values[r * row + best] ? i : best;
            }
            return best;
        });
    }

    private static double[] written(Node node, List<double[]> in, double[] out) {
        int row = in.get(0).length == 0 ? 0 : in.get(1).length / in.get(0).length;
        for (int i = 0; i < in.get(0).length; i++) {
            System.arraycopy(in.get(1), i * row, out, (int) in.get(0)[i] * row, row);
        }
        return out;
    }
}
