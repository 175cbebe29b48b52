package org.intarsia.backend.testkit;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.api.Buffer;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.api.Limits;
import org.intarsia.backend.api.Plan;
import org.intarsia.backend.testkit.suite.DeviceCheck;
import org.intarsia.graph.Dim;
import org.intarsia.graph.Graph;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.GraphException;
import org.intarsia.graph.Node;
import org.intarsia.graph.Op;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;

/** The promises of {@link Device}, {@link Plan} and {@link Buffer}. */
final class DeviceChecks {
    private static final int SIZE = 1031;

    private DeviceChecks() {
    }

    static List<DeviceCheck> all() {
        return List.of(
                new DeviceCheck("a missing parameter is named", DeviceChecks::missingParameter),
                new DeviceCheck("a buffer of another type is named", DeviceChecks::wrongType),
                new DeviceCheck("all refusals are reported at once", DeviceChecks::refusals),
                new DeviceCheck("an op that no device knows is decomposed", DeviceChecks::unknownOp),
                new DeviceCheck("a named size must be given and lie within its bound", DeviceChecks::wrongSizes),
                new DeviceCheck("an unknown input or output is named", DeviceChecks::unknownNames),
                new DeviceCheck("an index outside its table is refused", DeviceChecks::wrongIndices),
                new DeviceCheck("a new buffer holds zeros", DeviceChecks::zeros),
                new DeviceCheck("writing and reading a part leaves the rest", DeviceChecks::parts),
                new DeviceCheck("more bytes than a buffer holds are refused", DeviceChecks::tooMuch),
                new DeviceCheck("a constant is for reading only", DeviceChecks::constantIsRead),
                new DeviceCheck("a plan leaves the buffers it was bound to", DeviceChecks::planLeavesBuffers),
                new DeviceCheck("two plans share weights and states", DeviceChecks::sharedState),
                new DeviceCheck("a second run with the same inputs gives the same bits", DeviceChecks::sameBits),
                new DeviceCheck("any number of threads gives the same bits, where the device says so", DeviceChecks::sameBitsForThreads),
                new DeviceCheck("two plans of one thread run at the same time", device -> sameTime(device, 1)),
                new DeviceCheck("two plans of all threads may be run from two threads", device -> sameTime(device, 0)),
                new DeviceCheck("limits can be measured, and give their memory back", DeviceChecks::limits),
                new DeviceCheck("closing gives all memory back, twice is harmless", DeviceChecks::memory),
                new DeviceCheck("closing the device closes what it made", DeviceChecks::closing));
    }

    // Errors

    private static void missingParameter(Device device) throws DeviceCheck.Broken {
        GraphBuilder g = new GraphBuilder();
        Node sum = g.add(g.parameter("weight", TensorType.f32(5)), g.state("memory", TensorType.f32(5)));
        Graph graph = g.build(Map.of("y", sum));
        refused("a graph without its buffers", () -> device.compile(graph, Map.of(), 1), "weight");
        try (Buffer weight = device.allocate(TensorType.f32(5))) {
            refused("a graph without its state", () -> device.compile(graph, Map.of("weight", weight), 1), "memory");
        }
    }

    private static void wrongType(Device device) throws DeviceCheck.Broken {
        GraphBuilder g = new GraphBuilder();
        Graph graph = g.build(Map.of("y", g.neg(g.parameter("weight", TensorType.f32(5)))));
        for (TensorType type : List.of(TensorType.f32(6), TensorType.f32(5, 1), TensorType.i32(5))) {
            try (Buffer other = device.allocate(type)) {
                refused("a buffer of " + type + " for F32(5)", () -> device.compile(graph, Map.of("weight", other), 1), "weight");
            }
        }
    }

    private static void refusals(Device device) throws DeviceCheck.Broken {
        GraphBuilder g = new GraphBuilder();
        Node x = g.input("x", TensorType.f32(5));
        Graph graph = g.build(Map.of("y", g.add(g.add(new Strange("conformanceFirst"), x), g.add(new Strange("conformanceSecond"), x))));
        refused("two ops that nobody can run", () -> device.compile(graph, Map.of(), 1), "conformanceFirst", "conformanceSecond");
    }

    private static void unknownOp(Device device) throws DeviceCheck.Broken {
        GraphBuilder g = new GraphBuilder();
        Graph graph = g.build(Map.of("y", g.add(new Twice(), g.input("x", TensorType.f32(3)))));
        try (Plan plan = device.compile(graph, Map.of(), 1)) {
            plan.input("x").write(1f, -2f, 0.5f);
            plan.run();
            equal("twice the input", new float[] {2, -4, 1}, plan.output("y").floats(3));
        }
    }

    private static void wrongSizes(Device device) throws DeviceCheck.Broken {
        GraphBuilder g = new GraphBuilder();
        Node x = g.input("x", TensorType.f32(Shape.of(Dim.named("length", 8))));
        try (Plan plan = device.compile(g.build(Map.of("y", g.neg(x))), Map.of(), 1)) {
            refused("a run without the named size", plan::run, "length");
            refused("a run with a size of 9 above the bound 8", () -> plan.run(Map.of("length", 9L)), "length");
            refused("a run with a size of 0", () -> plan.run(Map.of("length", 0L)), "length");
            plan.input("x").write(3f, 4f);
            plan.run(Map.of("length", 2L));
            equal("the run after refused ones", new float[] {-3, -4}, plan.output("y").floats(2));
        }
    }

    private static void unknownNames(Device device) throws DeviceCheck.Broken {
        GraphBuilder g = new GraphBuilder();
        try (Plan plan = device.compile(g.build(Map.of("y", g.neg(g.input("x", TensorType.f32(3))))), Map.of(), 1)) {
            refused("an input that is not there", () -> plan.input("nowhere"), "nowhere");
            refused("an output that is not there", () -> plan.output("nowhere"), "nowhere");
        }
    }

    /** Written to an input; the refusal may come with the run, and the next run must be well again. */
    private static void wrongIndices(Device device) throws DeviceCheck.Broken {
        GraphBuilder g = new GraphBuilder();
        Node table = g.constant(TensorType.f32(3, 1), 10, 11, 12);
        Node two = g.input("two", TensorType.i32(2, 1));
        Node scattered = g.scatterAdd(g.input("places", TensorType.i32(2)), g.constant(TensorType.f32(2), 1, 2), 3);
        Graph graph = g.build(Map.of("rows", g.gather(table, g.reshape(two, Shape.of(2))), "sums", scattered));
        try (Plan plan = device.compile(graph, Map.of(), 1)) {
            for (int wrong : new int[] {3, -1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
                refused("row " + wrong + " of three gathered", () -> runWith(plan, wrong, 0));
                refused("row " + wrong + " of three added to", () -> runWith(plan, 0, wrong));
            }
            runWith(plan, 2, 1);
            equal("rows after refused ones", new float[] {12, 10}, plan.output("rows").floats(2));
            equal("sums after refused ones", new float[] {2, 1, 0}, plan.output("sums").floats(3));
        }
    }

    private static void runWith(Plan plan, int row, int place) {
        plan.input("two").write(row, 0);
        plan.input("places").write(place, 0);
        plan.run();
    }

    // Buffers

    private static void zeros(Device device) throws DeviceCheck.Broken {
        for (int round = 0; round < 3; round++) {
            try (Buffer buffer = device.allocate(TensorType.f32(SIZE))) {
                equal("a new buffer", new float[SIZE], buffer.floats(SIZE));
                buffer.write(numbers(SIZE));
            }
        }
    }

    private static void parts(Device device) throws DeviceCheck.Broken {
        try (Buffer buffer = device.allocate(TensorType.f32(SIZE))) {
            float[] expected = numbers(SIZE);
            buffer.write(expected);
            buffer.write(-1f, -2f, -3f);
            expected[0] = -1;
            expected[1] = -2;
            expected[2] = -3;
            equal("after writing the first three values", expected, buffer.floats(SIZE));
            equal("the first five values", Arrays.copyOf(expected, 5), buffer.floats(5));
        }
    }

    private static void tooMuch(Device device) throws DeviceCheck.Broken {
        try (Buffer buffer = device.allocate(TensorType.f32(5))) {
            refused("six values for a buffer of five", () -> buffer.write(1f, 2f, 3f, 4f, 5f, 6f));
            refused("reading six values from a buffer of five", () -> buffer.floats(6));
        }
    }

    private static void constantIsRead(Device device) throws DeviceCheck.Broken {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment content = arena.allocate(20, 4).copyFrom(MemorySegment.ofArray(numbers(5)));
            try (Buffer constant = device.constant(TensorType.f32(5), content)) {
                equal("a constant", numbers(5), constant.floats(5));
                refused("writing a constant", () -> constant.write(9f));
                equal("a constant after the refused writing", numbers(5), constant.floats(5));
                equal("the content behind it", numbers(5), content.toArray(ValueLayout.JAVA_FLOAT));
            }
            refused("a constant of six values over the bytes of five", () -> device.constant(TensorType.f32(6), content).close());
        }
    }

    // Plans

    private static void planLeavesBuffers(Device device) throws DeviceCheck.Broken {
        Graph graph = accumulating();
        try (Buffer state = device.allocate(TensorType.f32(SIZE))) {
            for (int round = 1; round <= 3; round++) {
                try (Plan plan = device.compile(graph, Map.of("sum", state), 0)) {
                    plan.input("x").write(numbers(SIZE));
                    plan.run();
                }
                float factor = round;
                equal("a state after " + round + " plans", scaled(numbers(SIZE), factor), state.floats(SIZE));
            }
        }
    }

    private static void sharedState(Device device) throws DeviceCheck.Broken {
        Graph graph = accumulating();
        try (Buffer state = device.allocate(TensorType.f32(SIZE));
                Plan first = device.compile(graph, Map.of("sum", state), 1);
                Plan second = device.compile(graph, Map.of("sum", state), 0)) {
            for (int round = 0; round < 2; round++) {
                for (Plan plan : List.of(first, second)) {
                    plan.input("x").write(numbers(SIZE));
                    plan.run();
                }
            }
            equal("a state that two plans added to", scaled(numbers(SIZE), 4), state.floats(SIZE));
        }
    }

    private static Graph accumulating() {
        GraphBuilder g = new GraphBuilder();
        TensorType type = TensorType.f32(SIZE);
        Node state = g.state("sum", type);
        return g.build(Map.of("y", g.assign(state, g.add(state, g.input("x", type)))));
    }

    private static void sameBits(Device device) throws DeviceCheck.Broken {
        try (Plan plan = device.compile(busy(), Map.of(), 0)) {
            float[] first = runBusy(plan, 1);
            runBusy(plan, 2);
            identical("a second run", first, runBusy(plan, 1));
        }
        try (Plan plan = device.compile(busy(), Map.of(), 0); Plan other = device.compile(busy(), Map.of(), 0)) {
            identical("a second plan", runBusy(plan, 1), runBusy(other, 1));
        }
    }

    private static void sameBitsForThreads(Device device) throws DeviceCheck.Broken {
        if (!device.info().features().contains(Conformance.SAME_BITS_FOR_ANY_THREADS)) {
            return;
        }
        float[] alone;
        try (Plan plan = device.compile(busy(), Map.of(), 1)) {
            alone = runBusy(plan, 1);
        }
        for (int threads : new int[] {2, 3, 0}) {
            try (Plan plan = device.compile(busy(), Map.of(), threads)) {
                identical("a run on " + (threads == 0 ? "all" : threads) + " threads", alone, runBusy(plan, 1));
            }
        }
    }

    private static void sameTime(Device device, int limit) throws DeviceCheck.Broken, InterruptedException {
        float[][] alone = new float[2][];
        float[][] together = new float[2][];
        AtomicReference<Throwable> failure = new AtomicReference<>();
        try (Plan first = device.compile(busy(), Map.of(), limit); Plan second = device.compile(busy(), Map.of(), limit)) {
            List<Plan> plans = List.of(first, second);
            for (int i = 0; i < 2; i++) {
                alone[i] = runBusy(plans.get(i), i);
            }
            List<Thread> threads = IntStream.range(0, 2).mapToObj(i -> Thread.ofPlatform().start(() -> {
                try {
                    for (int round = 0; round < 20; round++) {
                        together[i] = runBusy(plans.get(i), i);
                    }
                } catch (RuntimeException thrown) {
                    failure.set(thrown);
                }
            })).toList();
            for (Thread thread : threads) {
                thread.join();
            }
        }
        if (failure.get() != null) {
            throw new DeviceCheck.Broken("two plans at the same time threw " + failure.get());
        }
        for (int i = 0; i < 2; i++) {
            identical("plan " + i + " beside another", alone[i], together[i]);
        }
    }

    /** Sums and products of a size that a device will share out among its threads. */
    private static Graph busy() {
        GraphBuilder g = new GraphBuilder();
        Node x = g.input("x", TensorType.f32(97, 203));
        Node products = g.matMul(x, x, false, true);
        Node mixed = g.matMul(g.softmax(g.mul(products, g.scalar(0.05))), x, false, false);
        Node scattered = g.scatterAdd(g.constant(TensorType.i32(97), IntStream.range(0, 97).mapToDouble(i -> i % 5).toArray()), mixed, 5);
        return g.build(Map.of("y", g.concat(0, mixed, scattered, g.sum(x, 0), g.broadcast(g.sum(mixed, 0, 1), Shape.of(1, 203)))));
    }

    private static float[] runBusy(Plan plan, int seed) {
        float[] x = new float[97 * 203];
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextGaussian();
        }
        plan.input("x").write(x);
        plan.run();
        return plan.output("y").floats((97 + 5 + 1 + 1) * 203);
    }

    // Memory

    private static void limits(Device device) throws DeviceCheck.Broken {
        long before = device.allocatedBytes();
        Limits limits = device.measureLimits();
        for (double limit : new double[] {limits.floatOperations(), limits.bytes()}) {
            if (!(limit > 0 && Double.isFinite(limit))) {
                throw new DeviceCheck.Broken("a limit must be positive and finite, but the device measured " + limits);
            }
        }
        if (device.allocatedBytes() != before) {
            throw new DeviceCheck.Broken("measuring left " + (device.allocatedBytes() - before) + " bytes behind");
        }
    }

    private static void memory(Device device) throws DeviceCheck.Broken {
        long before = device.allocatedBytes();
        Buffer buffer = device.allocate(TensorType.f32(1 << 16));
        long with = device.allocatedBytes();
        if (with - before < 4 << 16) {
            throw new DeviceCheck.Broken("a buffer of 262144 bytes raised allocatedBytes by " + (with - before) + " only");
        }
        Plan plan = device.compile(busy(), Map.of(), 0);
        if (device.allocatedBytes() <= with) {
            throw new DeviceCheck.Broken("a plan did not raise allocatedBytes");
        }
        runBusy(plan, 1);
        for (int round = 0; round < 2; round++) {
            plan.close();
            buffer.close();
        }
        if (device.allocatedBytes() != before) {
            throw new DeviceCheck.Broken("after closing all, allocatedBytes is " + device.allocatedBytes() + ", not " + before);
        }
    }

    private static void closing(Device device) throws DeviceCheck.Broken {
        Buffer buffer = device.allocate(TensorType.f32(SIZE));
        Map<String, Buffer> bound = new HashMap<>(Map.of("sum", buffer));
        Plan plan = device.compile(accumulating(), bound, 0);
        plan.input("x").write(numbers(SIZE));
        plan.run();
        device.close();
        if (device.allocatedBytes() != 0) {
            throw new DeviceCheck.Broken("a closed device still holds " + device.allocatedBytes() + " bytes");
        }
        plan.close();
        buffer.close();
        refused("running a plan of a closed device", plan::run);
        refused("allocating on a closed device", () -> device.allocate(TensorType.f32(1)));
        device.close();
    }

    // Helpers

    private static void refused(String what, Runnable wrong, String... named) throws DeviceCheck.Broken {
        try {
            wrong.run();
        } catch (BackendException | GraphException refusal) {
            for (String name : named) {
                if (!String.valueOf(refusal.getMessage()).contains(name)) {
                    throw new DeviceCheck.Broken(what + " was refused without naming '" + name + "': " + refusal.getMessage());
                }
            }
            return;
        } catch (RuntimeException other) {
            throw new DeviceCheck.Broken(what + " should be refused by a BackendException, but threw " + other);
        }
        throw new DeviceCheck.Broken(what + " was not refused");
    }

    private static void equal(String what, float[] expected, float[] actual) throws DeviceCheck.Broken {
        int at = Arrays.mismatch(expected, actual);
        if (at >= 0) {
            throw new DeviceCheck.Broken(what + ": expected " + expected[at] + " at " + at + ", got " + actual[at]);
        }
    }

    private static void identical(String what, float[] first, float[] second) throws DeviceCheck.Broken {
        for (int i = 0; i < first.length; i++) {
            if (Float.floatToRawIntBits(first[i]) != Float.floatToRawIntBits(second[i])) {
                throw new DeviceCheck.Broken(what + " gave other bits: " + first[i] + " and " + second[i] + " at " + i);
            }
        }
    }

    private static float[] numbers(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = i * 0.25f - 3;
        }
        return values;
    }

    private static float[] scaled(float[] values, float factor) {
        float[] result = values.clone();
        for (int i = 0; i < result.length; i++) {
            result[i] *= factor;
        }
        return result;
    }

    /** An op without kernel and decomposition. */
    private record Strange(String kind) implements Op {
        @Override
        public TensorType infer(List<TensorType> operands) {
            return operands.getFirst();
        }
    }

    /** A fused op that no backend has a kernel for. */
    private record Twice() implements Op {
        @Override
        public String kind() {
            return "conformanceTwice";
        }

        @Override
        public TensorType infer(List<TensorType> operands) {
            return operands.getFirst();
        }

        @Override
        public Optional<Node> decompose(GraphBuilder graph, List<Node> operands) {
            return Optional.of(graph.add(operands.getFirst(), operands.getFirst()));
        }
    }
}
