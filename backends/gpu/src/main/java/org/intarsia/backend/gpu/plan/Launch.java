package org.intarsia.backend.gpu.plan;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.intarsia.backend.gpu.KernelSource;
import org.intarsia.graph.Node;

/**
 * One kernel with all that it is called with. For other named sizes of the same node the kernel and the arrays are the
 * same; numbers and groups differ.
 *
 * @param arrays  in the order of the kernel's; {@link #SCRATCH} or a value of the graph
 * @param numbers the kernel's parameters
 * @param groups  how many groups along three dimensions; a kernel with none of them does not run
 * @param scratch bytes that {@link #SCRATCH} must have
 */
record Launch(KernelSource source, List<Node> arrays, int[] numbers, int[] groups, long scratch) {
    /** Stands for memory that is used from one launch to the next, and then given to others; no node is null. */
    static final Node SCRATCH = null;
    /** So many groups keep a large device busy. */
    static final long MANY_GROUPS = 256;
    private static final long MOST_GROUPS = 65535;

    /** A thread for each of {@code count} elements, which is the first number. */
    static Launch each(KernelSource source, long count, List<Node> arrays, long... numbers) {
        return rows(source, Math.ceilDiv(count, source.group()), arrays, count, numbers);
    }

    /** A group for each of {@code count} rows, which is the first number. */
    static Launch groups(KernelSource source, long count, List<Node> arrays, long... numbers) {
        return rows(source, count, arrays, count, numbers);
    }

    private static Launch rows(KernelSource source, long groups, List<Node> arrays, long first, long... numbers) {
        long across = Math.min(groups, MOST_GROUPS);
        long down = groups == 0 ? 1 : Math.ceilDiv(groups, across);
        int[] all = IntStream.concat(IntStream.of(Math.toIntExact(first)), exact(numbers)).toArray();
        return new Launch(source, arrays, all, new int[] {(int) across, Math.toIntExact(down), 1}, 0);
    }

    /** A group for each tile of a matrix of {@code m} × {@code n}, in several planes. */
    static Launch tiles(KernelSource source, Tile tile, long m, long n, long planes, List<Node> arrays, long... numbers) {
        int[] groups = exact(Math.ceilDiv(n, tile.columns()), Math.ceilDiv(m, tile.rows()), planes).toArray();
        return new Launch(tile.in(source), arrays, exact(numbers).toArray(), groups, 0);
    }

    /** This with so much scratch memory. */
    Launch withScratch(long bytes) {
        return new Launch(source, arrays, numbers, groups, bytes);
    }

    /** This, not to be run. */
    Launch idle() {
        return new Launch(source, arrays, numbers, new int[] {0, 1, 1}, scratch);
    }

    /** What a launch takes of the parameters: groups, then numbers. */
    int[] parameters() {
        return IntStream.concat(IntStream.of(groups), IntStream.of(numbers)).toArray();
    }

    private static IntStream exact(long... numbers) {
        return Arrays.stream(numbers).mapToInt(Math::toIntExact);
    }
}
