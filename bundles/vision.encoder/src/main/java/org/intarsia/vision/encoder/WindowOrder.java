package org.intarsia.vision.encoder;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The order in which a tower with window attention holds the patches of a picture, so that those of a window stand together:
 * units of patches that are merged into one feature, row by row within their window, and windows of one size behind each other.
 * Windows at the right and lower edge may be smaller.
 *
 * @param units  for each place of a unit, its number in the picture, row by row
 * @param groups the windows of one size, in their order
 * @param asked  for each place of a unit in the reference's order, in which windows stand row by row whatever their size, its place
 *               here
 */
record WindowOrder(int[] units, List<Group> groups, int[] asked) {

    /**
     * Windows of one size.
     *
     * @param windows how many
     * @param size    units in each
     */
    record Group(int windows, int size) {
    }

    /**
     * Divides a picture.
     *
     * @param rows    of units
     * @param columns units in each
     * @param edge    units along the edge of a window
     */
    static WindowOrder of(int rows, int columns, int edge) {
        List<int[]> windows = new ArrayList<>();
        for (int top = 0; top < rows; top += edge) {
            for (int left = 0; left < columns; left += edge) {
                windows.add(window(top, left, Math.min(edge, rows - top), Math.min(edge, columns - left), columns));
            }
        }
        // Stable, so that windows of one size keep the order of the reference.
        List<int[]> bySize = windows.stream().sorted(Comparator.comparingInt(window -> -window.length)).toList();
        List<Group> groups = new ArrayList<>();
        for (int[] window : bySize) {
            Group last = groups.isEmpty() ? null : groups.getLast();
            if (last != null && last.size == window.length) {
                groups.set(groups.size() - 1, new Group(last.windows + 1, last.size));
            } else {
                groups.add(new Group(1, window.length));
            }
        }
        int[] units = bySize.stream().flatMapToInt(IntStream::of).toArray();
        int[] places = inverse(units);
        return new WindowOrder(units, groups, windows.stream().flatMapToInt(IntStream::of).map(unit -> places[unit]).toArray());
    }

    private static int[] window(int top, int left, int height, int width, int columns) {
        return IntStream.range(0, height * width).map(i -> (top + i / width) * columns + left + i % width).toArray();
    }

    /** For each unit of the picture, row by row, its place. */
    int[] places() {
        return inverse(units);
    }

    private static int[] inverse(int[] order) {
        int[] inverse = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            inverse[order[i]] = i;
        }
        return inverse;
    }
}
