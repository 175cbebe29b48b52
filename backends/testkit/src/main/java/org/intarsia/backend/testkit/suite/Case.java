package org.intarsia.backend.testkit.suite;

import java.util.List;
import java.util.Map;
import org.intarsia.graph.Graph;

/**
 * One graph with values, run once or several times; what a device makes of it is compared with the interpreter.
 *
 * @param name      unique among all cases: the kind, what is special, the shapes
 * @param kind      the op under test, as {@link org.intarsia.graph.Op#kind()} says, or {@code composite}
 * @param graph     what is computed
 * @param bound     the values of parameters and the first values of states, by name, row-major, representable in their
 *                  encoding
 * @param blocks    the bytes of those parameters that are block-quantised, of which {@code bound} holds the values
 * @param steps     the runs, one after the other on one plan; states go on from one to the next
 * @param tolerance how far every output and state may lie from the interpreter's
 */
public record Case(String name, String kind, Graph graph, Map<String, double[]> bound, Map<String, byte[]> blocks,
        List<Step> steps, Tolerance tolerance) {

    /**
     * One run.
     *
     * @param sizes  the named sizes
     * @param inputs the values of the inputs by name, row-major for these sizes
     */
    public record Step(Map<String, Long> sizes, Map<String, double[]> inputs) {
        public Step {
            sizes = Map.copyOf(sizes);
            inputs = Map.copyOf(inputs);
        }
    }

    public Case {
        bound = Map.copyOf(bound);
        blocks = Map.copyOf(blocks);
        steps = List.copyOf(steps);
    }

    @Override
    public String toString() {
        return name;
    }
}
