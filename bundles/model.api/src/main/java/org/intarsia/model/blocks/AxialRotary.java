package org.intarsia.model.blocks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;

/**
 * The rotary position embedding of tokens that have a position on each of several axes (Wang et al., "Qwen2-VL", 2024): so many
 * pairs of a head are turned by each. With one axis it is that of Su et al. (2021). Immutable.
 *
 * @param frequencies radians a position, one for each pair of a head
 * @param sections    pairs that are turned by the position on each axis, the first pairs by the first; their sum is the number of
 *                    frequencies
 */
public record AxialRotary(List<Double> frequencies, List<Integer> sections) {

    public AxialRotary {
        frequencies = List.copyOf(frequencies);
        sections = List.copyOf(sections);
    }

    /**
     * Returns the frequencies of {@code size / 2} pairs, 1 / theta^(2i / size), in the float32 steps of Hugging Face's reference.
     *
     * @param size even
     */
    public static List<Float> frequencies(double theta, int size) {
        List<Float> frequencies = new ArrayList<>();
        for (int i = 0; i < size; i += 2) {
            frequencies.add(1 / (float) Math.pow((float) theta, i / (float) size));
        }
        return frequencies;
    }

    /** How many positions a token has. */
    public int axes() {
        return sections.size();
    }

    /**
     * Rotates queries or keys.
     *
     * @param x         (S, L, heads, 2 · pairs), in the layout of {@link GraphBuilder#rope}
     * @param positions I32 (S, L) for each axis
     * @return the same shape
     */
    public Node turn(GraphBuilder graph, Node x, List<Node> positions) {
        if (positions.stream().allMatch(positions.getFirst()::equals)) {
            return graph.rope(x, positions.getFirst(), frequencies);
        }
        Node turned = x;
        int first = 0;
        for (int axis = 0; axis < sections.size(); axis++) {
            int end = first + sections.get(axis);
            // Pairs of the other axes are turned by no angle, which leaves every bit of them as it is.
            List<Double> own = new ArrayList<>(Collections.nCopies(frequencies.size(), 0.0));
            for (int pair = first; pair < end; pair++) {
                own.set(pair, frequencies.get(pair));
            }
            turned = graph.rope(turned, positions.get(axis), own);
            first = end;
        }
        return turned;
    }
}
