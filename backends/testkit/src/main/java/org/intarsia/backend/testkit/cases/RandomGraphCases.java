package org.intarsia.backend.testkit.cases;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.intarsia.backend.testkit.suite.Tolerance;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;

/**
 * Graphs that nobody would write: ops joined at random find what is wrong between ops, in fusion, views and the reuse of
 * memory. Every value stays near 1 and no op is steep, so that errors do not grow.
 */
final class RandomGraphCases {
    private static final int GRAPHS = 80;
    private static final int[] SIZES = {1, 2, 3, 5, 8, 17, 33};

    private final SplittableRandom random;
    private final GraphBuilder g;
    private final List<Node> values = new ArrayList<>();

    private RandomGraphCases(Draft draft, int seed) {
        random = new SplittableRandom(seed);
        g = draft.graph;
        for (int i = 0; i < 3; i++) {
            values.add(draft.input("x" + i, TensorType.f32(size(), size()), Draft.uniform(-1, 1)));
        }
        values.add(draft.weight("w", TensorType.f32(size(), size()), Draft.uniform(-1, 1)));
    }

    static void addTo(Catalogue all) {
        for (int seed = 0; seed < GRAPHS; seed++) {
            Draft draft = new Draft("composite random graph " + seed).runs(2);
            all.add(draft.ask("composite", new Tolerance(64, 1), new RandomGraphCases(draft, seed).outputs()));
        }
    }

    private Map<String, Node> outputs() {
        int count = random.nextInt(4, 40);
        for (int i = 0; i < count; i++) {
            values.add(next());
        }
        Map<String, Node> outputs = new LinkedHashMap<>();
        outputs.put("last", values.getLast());
        for (int i = 0; i < 3; i++) {
            outputs.put("y" + i, any());
        }
        return outputs;
    }

    private int size() {
        return SIZES[random.nextInt(SIZES.length)];
    }

    private Node any() {
        return values.get(random.nextInt(values.size()));
    }

    private Node next() {
        Node a = any();
        long rows = a.shape().size(0);
        long columns = a.shape().size(1);
        return switch (random.nextInt(20)) {
            case 0 -> g.neg(a);
            case 1 -> g.sin(a);
            case 2 -> g.tanh(g.add(a, g.scalar(random.nextDouble(-1, 1))));
            case 3 -> g.mul(g.cos(a), a);
            case 4 -> joined(a, any());
            case 5 -> joined(a, g.slice(a, 0, 0, 1));
            case 6 -> joined(g.slice(a, 1, columns - 1, columns), a);
            case 7 -> branch(a);
            case 8 -> g.permute(a, 1, 0);
            case 9 -> g.reshape(a, Shape.of(columns, rows));
            case 10 -> rows < 40 ? g.concat(0, a, g.neg(a)) : g.slice(a, 0, 1, rows / 2);
            case 11 -> columns < 40 ? g.concat(1, g.sin(a), a, a) : g.slice(a, 1, 3, columns);
            case 12 -> g.mul(g.sum(a, 0), g.scalar(1.0 / rows));
            case 13 -> g.maxReduce(a, 1);
            case 14 -> g.mul(g.matMul(a, a, false, true), g.scalar(1.0 / columns));
            case 15 -> g.mul(g.matMul(a, a, true, false), g.scalar(1.0 / rows));
            case 16 -> g.softmax(a);
            case 17 -> g.silu(g.broadcast(g.mul(g.sum(a, 0, 1), g.scalar(1.0 / (rows * columns))), Shape.of(size(), size())));
            case 18 -> g.sin(g.gather(a, g.constant(TensorType.i32(3), 0, rows - 1, rows / 2)));
            default -> g.mul(g.cast(g.less(a, g.scalar(-0.3)), Encoding.F32), g.add(a, g.scalar(0.3)));
        };
    }

    /** Continuous where the branches meet, so that it does not matter on which side a rounding falls. */
    private Node branch(Node a) {
        return g.select(g.less(a, g.scalar(0.125)), g.mul(a, g.scalar(0.5)), g.sub(a, g.scalar(0.0625)));
    }

    /** Two values by an op of two operands where their shapes fit, else the first alone. */
    private Node joined(Node a, Node b) {
        for (int axis = 0; axis < 2; axis++) {
            long mine = a.shape().size(axis);
            long other = b.shape().size(axis);
            if (mine != other && mine != 1 && other != 1) {
                return g.max(a, g.scalar(-0.2));
            }
        }
        return switch (random.nextInt(4)) {
            case 0 -> g.sin(g.add(a, b));
            case 1 -> g.mul(g.sub(a, b), g.scalar(0.5));
            case 2 -> g.tanh(g.mul(a, b));
            default -> g.max(b, a);
        };
    }
}
