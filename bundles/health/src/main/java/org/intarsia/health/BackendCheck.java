package org.intarsia.health;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.felix.hc.api.Result;
import org.intarsia.backend.api.Backend;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.api.DeviceInfo;
import org.intarsia.backend.api.Plan;
import org.intarsia.graph.Graph;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Interpreter;
import org.intarsia.graph.Node;
import org.intarsia.graph.TensorType;

/** Whether each device of a backend computes a small product right, with numbers that have no rounding. */
final class BackendCheck {
    private static final int SIDE = 16;

    private BackendCheck() {
    }

    static Result check(Backend backend) {
        if (backend.devices().isEmpty()) {
            // Most machines lack one driver or another: that alone is no fault.
            return new Result(Result.Status.WARN, "there is no device: " + backend.unavailable());
        }
        try {
            for (DeviceInfo info : backend.devices()) {
                String difference = difference(backend, info.name());
                if (!difference.isEmpty()) {
                    return new Result(Result.Status.CRITICAL, "device " + info.name() + " computes wrongly (" + difference
                            + "); `verify backend " + backend.name() + "` shows which operations do");
                }
            }
            return new Result(Result.Status.OK, String.join(", ", backend.devices().stream().map(DeviceInfo::name).toList())
                    + " computes rightly");
        } catch (BackendException e) {
            return new Result(Result.Status.CRITICAL, e.getMessage(), e);
        }
    }

    private static String difference(Backend backend, String name) {
        GraphBuilder builder = new GraphBuilder();
        TensorType square = TensorType.f32(SIDE, SIDE);
        Node a = builder.input("a", square);
        Node b = builder.input("b", square);
        Graph graph = builder.build(Map.of("sum", builder.add(builder.matMul(a, b, false, true), a)));
        double[] left = values(7);
        double[] right = values(5);
        double[] expected = Interpreter.run(graph, Map.of("a", left, "b", right), Map.of()).get("sum");
        try (Device device = backend.open(name); Plan plan = device.compile(graph, Map.of(), 0)) {
            plan.input("a").write(floats(left));
            plan.input("b").write(floats(right));
            plan.run();
            float[] computed = plan.output("sum").floats(SIDE * SIDE);
            int wrong = Arrays.mismatch(floats(expected), computed);
            return wrong < 0 ? "" : String.format(Locale.ROOT, "%s instead of %s", computed[wrong], expected[wrong]);
        }
    }

    /** Small whole numbers. */
    private static double[] values(int period) {
        return IntStream.range(0, SIDE * SIDE).mapToDouble(i -> i % period - period / 2).toArray();
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }
}
