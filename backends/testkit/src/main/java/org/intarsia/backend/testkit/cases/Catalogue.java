package org.intarsia.backend.testkit.cases;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.intarsia.backend.testkit.suite.Case;
import org.intarsia.backend.testkit.suite.Tolerance;
import org.intarsia.graph.GraphException;
import org.intarsia.graph.Node;

/** Collects cases; each {@code …Cases} class adds those of one group of ops. */
final class Catalogue {
    /** Around the widths of vectors, 4 to 64 elements, and beyond. */
    static final long[] LENGTHS = {1, 3, 5, 7, 16, 17, 31, 33, 63, 64, 65, 127, 257};

    private final List<Case> cases = new ArrayList<>();
    private final Set<String> names = new HashSet<>();

    /** A case for the value of an op. */
    void value(String kind, String variant, Tolerance tolerance, Function<Draft, Node> body) {
        Draft draft = new Draft(kind + " " + variant);
        Node result = body.apply(draft);
        add(draft.ask(kind, tolerance, Map.of("y", result)));
    }

    /** A case for the value of an op, and one for its gradients, whose tolerance is four times as wide. */
    void smooth(String kind, String variant, Tolerance tolerance, Function<Draft, Node> body) {
        value(kind, variant, tolerance, body);
        Draft draft = new Draft("gradient of " + kind + " " + variant);
        Node result = body.apply(draft);
        add(draft.askGradients(kind, Tolerance.of(Math.max(16, tolerance.roundings() * 4)), result));
    }

    void add(Case made) {
        if (!names.add(made.name())) {
            throw new GraphException("conformance: two cases are named '" + made.name() + "'");
        }
        cases.add(made);
    }

    List<Case> cases() {
        return List.copyOf(cases);
    }

    /** Sizes as they stand in names: 2×3×5. */
    static String by(long... sizes) {
        return sizes.length == 0 ? "scalar" : String.join("×", Arrays.stream(sizes).mapToObj(Long::toString).toList());
    }
}
