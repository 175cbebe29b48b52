package org.intarsia.backend.testkit;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.intarsia.backend.api.Buffer;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.api.Plan;
import org.intarsia.backend.api.Support;
import org.intarsia.backend.testkit.cases.Values;
import org.intarsia.backend.testkit.suite.Case;
import org.intarsia.backend.testkit.suite.Outcome;
import org.intarsia.graph.Graph;
import org.intarsia.graph.Interpreter;
import org.intarsia.graph.Lowering;
import org.intarsia.graph.Node;
import org.intarsia.graph.TensorType;
import org.intarsia.graph.op.Leaf;

/**
 * Runs one case on one device.
 *
 * <p>Parameters are handed in as constants over a slice of memory with guard bytes on both sides, which are NaN in every
 * encoding: what is written there is seen afterwards, and what is read there shows in the results. In the same way the
 * part of an input that a small named size leaves free is filled with NaN. A state is compared as a whole, so also where
 * nothing should have been written.
 */
final class Runner {
    private static final int GUARD_BYTES = 512;
    private static final byte GUARD = (byte) 0xFF;

    private final Device device;
    private final Case tested;
    private final Arena arena;
    private final Map<String, Buffer> buffers = new LinkedHashMap<>();
    private final Map<String, MemorySegment> guarded = new LinkedHashMap<>();
    private final Map<String, MemorySegment> originals = new LinkedHashMap<>();
    private final List<String> complaints = new ArrayList<>();
    private boolean overrun;
    private double worst;

    private Runner(Device device, Case tested, Arena arena) {
        this.device = device;
        this.tested = tested;
        this.arena = arena;
    }

    static Outcome run(Device device, Case tested, int threads) {
        String refusals = refusals(device, tested.graph());
        if (!refusals.isEmpty()) {
            return new Outcome(tested.name(), Outcome.Way.UNSUPPORTED, 0, false, refusals);
        }
        // Shared, because a device may read a constant in place from threads of its own.
        try (Arena arena = Arena.ofShared()) {
            Runner runner = new Runner(device, tested, arena);
            try {
                runner.bind();
                runner.compareAll(threads);
            } catch (RuntimeException failure) {
                runner.complaints.add("threw " + failure);
            } finally {
                runner.buffers.values().forEach(Buffer::close);
            }
            return new Outcome(tested.name(), way(device, tested), runner.worst, runner.overrun,
                    String.join("; ", runner.complaints));
        }
    }

    /** What of the graph the device says it cannot run, once for each reason. */
    private static String refusals(Device device, Graph graph) {
        Graph lowered = Lowering.lower(graph, node -> !(device.supports(node) instanceof Support.Decompose));
        return String.join("; ", lowered.nodes().stream()
                .flatMap(node -> device.supports(node) instanceof Support.Unsupported(String reason)
                        ? Stream.of(node.op().kind() + ": " + reason) : Stream.empty())
                .distinct().toList());
    }

    private static Outcome.Way way(Device device, Case tested) {
        boolean decomposed = tested.graph().nodes().stream().filter(node -> node.op().kind().equals(tested.kind()))
                .anyMatch(node -> device.supports(node) instanceof Support.Decompose);
        return decomposed ? Outcome.Way.DECOMPOSED : Outcome.Way.NATIVE;
    }

    private void bind() {
        tested.graph().leaves(Leaf.Parameter.class).forEach((name, node) -> {
            MemorySegment content = guard(name, node.type());
            if (node.encoding().isBlockQuantised()) {
                content.copyFrom(MemorySegment.ofArray(tested.blocks().get(name)));
            } else {
                Values.encode(tested.bound().get(name), node.encoding(), content);
            }
            originals.put(name, arena.allocate(content.byteSize()).copyFrom(content));
            buffers.put(name, device.constant(node.type(), content));
        });
        tested.graph().leaves(Leaf.State.class).forEach((name, node) -> {
            Buffer buffer = device.allocate(node.type());
            buffers.put(name, buffer);
            buffer.write(encoded(tested.bound().get(name), node.type()));
        });
    }

    /** Room for a tensor between guards, aligned no better than its element or block, as in a mapped file. */
    private MemorySegment guard(String name, TensorType type) {
        long element = type.encoding().blockBytes();
        MemorySegment whole = arena.allocate(type.bytes() + 2 * GUARD_BYTES + element, 64);
        whole.fill(GUARD);
        guarded.put(name, whole);
        return whole.asSlice(GUARD_BYTES + element, type.bytes());
    }

    private MemorySegment encoded(double[] values, TensorType type) {
        MemorySegment bytes = arena.allocate(type.encoding().bytes(values.length), 8);
        Values.encode(values, type.encoding(), bytes);
        return bytes;
    }

    private void compareAll(int threads) {
        Map<String, double[]> states = new HashMap<>();
        tested.graph().leaves(Leaf.State.class).keySet().forEach(name -> states.put(name, tested.bound().get(name).clone()));
        try (Plan plan = device.compile(tested.graph(), buffers, threads)) {
            for (int step = 0; step < tested.steps().size() && complaints.isEmpty(); step++) {
                Map<String, double[]> values = new HashMap<>(tested.bound());
                values.putAll(states);
                values.putAll(tested.steps().get(step).inputs());
                Map<String, double[]> expected =
                        Interpreter.run(tested.graph(), values, tested.steps().get(step).sizes());
                compare(plan, tested.steps().get(step), expected, states);
            }
        }
        checkGuards();
    }

    private void compare(Plan plan, Case.Step step, Map<String, double[]> expected, Map<String, double[]> states) {
        tested.graph().leaves(Leaf.Input.class).forEach((name, node) -> {
            Buffer buffer = plan.input(name);
            if (!node.shape().isFixed()) {
                buffer.write(arena.allocate(node.type().bytes()).fill(GUARD));
            }
            buffer.write(encoded(step.inputs().get(name), node.type()));
        });
        plan.run(step.sizes());
        String where = step.sizes().isEmpty() ? "" : " for " + step.sizes();
        tested.graph().outputs().forEach((name, node) ->
                compare("output '" + name + "'" + where, plan.output(name), node, expected.get(name)));
        tested.graph().leaves(Leaf.State.class).forEach((name, node) ->
                compare("state '" + name + "'" + where, buffers.get(name), node, states.get(name)));
    }

    private void compare(String what, Buffer buffer, Node node, double[] expected) {
        MemorySegment bytes = arena.allocate(node.encoding().bytes(expected.length), 8);
        buffer.read(bytes);
        double[] actual = Values.decode(bytes, node.encoding());
        double squares = 0;
        int finite = 0;
        for (double value : expected) {
            if (Double.isFinite((float) value)) {
                squares += value * value;
                finite++;
            }
        }
        double rootMeanSquare = finite == 0 ? 0 : Math.sqrt(squares / finite);
        int wrong = 0;
        int worstAt = 0;
        double worstHere = 0;
        for (int i = 0; i < expected.length; i++) {
            double error = tested.tolerance().error(expected[i], actual[i], rootMeanSquare);
            wrong += tested.tolerance().allows(error) ? 0 : 1;
            if (error > worstHere) {
                worstHere = error;
                worstAt = i;
            }
        }
        worst = Math.max(worst, worstHere);
        if (wrong > 0) {
            complaints.add(what + ": " + wrong + " of " + expected.length + " values are wrong, worst at " + worstAt
                    + ": expected " + (float) expected[worstAt] + ", got " + (float) actual[worstAt] + " (" + (float) worstHere
                    + " roundings, allowed " + (float) tested.tolerance().roundings() + ")");
        }
    }

    private void checkGuards() {
        guarded.forEach((name, whole) -> {
            MemorySegment original = originals.get(name);
            long start = GUARD_BYTES + whole.byteSize() - 2 * GUARD_BYTES - original.byteSize();
            if (whole.asSlice(start, original.byteSize()).mismatch(original) >= 0) {
                overrun = true;
                complaints.add("parameter '" + name + "' was changed, though parameters are only read");
            }
            long end = start + original.byteSize();
            if (!untouched(whole.asSlice(0, start)) || !untouched(whole.asSlice(end))) {
                overrun = true;
                complaints.add("bytes beside parameter '" + name + "' were changed");
            }
        });
    }

    private static boolean untouched(MemorySegment guard) {
        for (long i = 0; i < guard.byteSize(); i++) {
            if (guard.get(ValueLayout.JAVA_BYTE, i) != GUARD) {
                return false;
            }
        }
        return true;
    }
}
