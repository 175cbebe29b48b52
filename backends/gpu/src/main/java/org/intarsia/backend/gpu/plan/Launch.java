package org.intarsia.backend.gpu.plan;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.intarsia.backend.gpu.KernelSource;
import org.intarsia.graph.Node;

/**
 * One kernel with all that it is called with. For other named sizes of the same node the kernel and the arrays are the
 * same; numbers and groups differ.
 *
 * @param arrays  in the order of the kernel's; {@link #SCRATCH} or a value of the graph
 * @param windows by number, those arrays of which the kernel sees a part alone
 * @param numbers the kernel's parameters
 * @param groups  how many groups along three dimensions; a kernel with none of them does not run
 * @param scratch bytes that {@link #SCRATCH} must have
 */
record Launch(KernelSource source, List<Node> arrays, Map<Integer, Window> windows, int[] numbers, int[] groups,
        long scratch) {
    /** Stands for memory that is used from one launch to the next, and then given to others; no node is null. */
    static final Node SCRATCH = null;
    /** So many groups keep a large device busy. */
    static final long MANY_GROUPS = 256;
    private static final long MOST_GROUPS = 65535;

    /** A part of an array, in bytes. It begins at a multiple of what offsets of bindings are multiples of. */
    record Window(long offset, long bytes) {
    }

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
        return new Launch(source, arrays, Map.of(), all, new int[] {(int) across, Math.toIntExact(down), 1}, 0);
    }

    /** A group for each tile of a matrix of {@code m} × {@code n}, in several planes. */
    static Launch tiles(KernelSource source, Tile tile, long m, long n, long planes, List<Node> arrays, long... numbers) {
        int[] groups = exact(Math.ceilDiv(n, tile.columns()), Math.ceilDiv(m, tile.rows()), planes).toArray();
        return new Launch(tile.in(source), arrays, Map.of(), exact(numbers).toArray(), groups, 0);
    }

    /** This with so much scratch memory. */
    Launch withScratch(long bytes) {
        return new Launch(source, arrays, windows, numbers, groups, bytes);
    }

    /** This, of an array of which it sees so much alone. */
    Launch within(int array, long offset, long bytes) {
        Map<Integer, Window> more = new TreeMap<>(windows);
        more.put(array, new Window(offset, bytes));
        return new Launch(source, arrays, more, numbers, groups, scratch);
    }

    /** This, not to be run. */
    Launch idle() {
        return new Launch(source, arrays, windows, numbers, new int[] {0, 1, 1}, scratch);
    }

    /** Whether there is anything to do. */
    boolean works() {
        return Arrays.stream(groups).allMatch(count -> count > 0);
    }

    /** What a launch takes of the parameters: groups, then numbers. */
    int[] parameters() {
        return IntStream.concat(IntStream.of(groups), IntStream.of(numbers)).toArray();
    }

    private static IntStream exact(long... numbers) {
        return Arrays.stream(numbers).mapToInt(Math::toIntExact);
    }
}
