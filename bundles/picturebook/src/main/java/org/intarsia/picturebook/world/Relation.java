package org.intarsia.picturebook.world;

/** The direction in which one thing lies from another, by their middles. */
public enum Relation {
    LEFT_OF(-1, 0), RIGHT_OF(1, 0), ABOVE(0, -1), BELOW(0, 1);

    private final int columnSign;
    private final int rowSign;

    Relation(int columnSign, int rowSign) {
        this.columnSign = columnSign;
        this.rowSign = rowSign;
    }

    /** The relation of the other thing to the one. */
    public Relation inverse() {
        return switch (this) {
            case LEFT_OF -> RIGHT_OF;
            case RIGHT_OF -> LEFT_OF;
            case ABOVE -> BELOW;
            case BELOW -> ABOVE;
        };
    }

    /** The columns and rows of a step in this direction: −1, 0 or 1. */
    public Cell step() {
        return new Cell(columnSign, rowSign);
    }

    /**
     * Tells whether a thing lies, say, left of another.
     *
     * @param columns how far right of the other it lies, negative for left
     * @param rows    how far below the other it lies, negative for above
     * @param slant   how far it may lie beside the line: across, as a share of along
     */
    public boolean holds(int columns, int rows, double slant) {
        int along = columns * columnSign + rows * rowSign;
        int across = Math.abs(columnSign == 0 ? columns : rows);
        return along > 0 && across <= slant * along;
    }
}
