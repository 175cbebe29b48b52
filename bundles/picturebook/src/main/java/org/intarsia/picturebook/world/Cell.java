package org.intarsia.picturebook.world;

import java.util.Comparator;

/**
 * A place on the grid of a {@link World}, counted from the top left, from zero. Cells are ordered as one reads: row by
 * row, then from left to right.
 */
public record Cell(int column, int row) implements Comparable<Cell> {
    private static final Comparator<Cell> READING_ORDER =
            Comparator.comparingInt(Cell::row).thenComparingInt(Cell::column);

    @Override
    public int compareTo(Cell other) {
        return READING_ORDER.compare(this, other);
    }
}
