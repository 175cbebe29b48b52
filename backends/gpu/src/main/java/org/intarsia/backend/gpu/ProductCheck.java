package org.intarsia.backend.gpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.api.DeviceLostException;
import org.intarsia.backend.api.Plan;
import org.intarsia.backend.gpu.plan.GpuDevice;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Graph;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Interpreter;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;

/**
 * Finds out whether a driver's cooperative matrices multiply as exactly as F32 does. What they leave out of a sum, and what a
 * compiler takes for superfluous, differs from device to device.
 */
public final class ProductCheck {
    /** More than one tile, with a rest on every side, for matrices of 16 × 16 × 16. */
    private static final int ROWS = 70;
    private static final int DEPTH = 75;
    private static final int COLUMNS = 140;
    /** Of the largest sum: about ten times what F32 is off by, and a hundredth of what F16 is. */
    private static final double ALLOWED = 5e-6;

    private ProductCheck() {
    }

    /**
     * Runs one product.
     *
     * @return what went wrong, as a clause; empty when all came out right
     * @throws DeviceLostException when the device was lost meanwhile
     */
    public static String fault(Driver driver) {
        // Not closed, since with it the driver would be.
        GpuDevice device = new GpuDevice(driver, () -> { });
        GraphBuilder g = new GraphBuilder();
        Graph graph = g.build(Map.of("y", g.matMul(g.input("a", new TensorType(Shape.of(ROWS, DEPTH), Encoding.F32)),
                g.input("b", new TensorType(Shape.of(COLUMNS, DEPTH), Encoding.F32)), false, true)));
        Map<String, double[]> values = Map.of("a", waves(ROWS * DEPTH, 0.7), "b", waves(COLUMNS * DEPTH, 1.3));
        try (Plan plan = device.compile(graph, Map.of(), 0); Arena arena = Arena.ofConfined()) {
            values.forEach((name, numbers) -> plan.input(name).write(floats(arena, numbers)));
            plan.run(Map.of());
            MemorySegment result = arena.allocate(4L * ROWS * COLUMNS, 4);
            plan.output("y").read(result);
            double error = largestError(result, Interpreter.run(graph, values, Map.of()).get("y"));
            return error <= ALLOWED ? "" : "a product is off by " + error + " of its largest number";
        } catch (DeviceLostException e) {
            throw e;
        } catch (BackendException e) {
            return e.getMessage();
        }
    }

    /** Numbers of all 24 bits. */
    private static double[] waves(int count, double step) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) Math.sin(step * i);
        }
        return values;
    }

    private static MemorySegment floats(Arena arena, double[] values) {
        MemorySegment floats = arena.allocate(4L * values.length, 4);
        for (int i = 0; i < values.length; i++) {
            floats.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) values[i]);
        }
        return floats;
    }

    /** Infinite where a result is not-a-number. */
    private static double largestError(MemorySegment result, double[] expected) {
        double error = 0;
        double largest = 0;
        for (int i = 0; i < expected.length; i++) {
            double off = Math.abs(result.getAtIndex(ValueLayout.JAVA_FLOAT, i) - expected[i]);
            error = Math.max(error, Double.isNaN(off) ? Double.POSITIVE_INFINITY : off);
            largest = Math.max(largest, Math.abs(expected[i]));
        }
        return error / largest;
    }
}
