package org.intarsia.picturebook;

/**
 * How one thing lies to another. The grid makes it plain: left and right hold only within one row, above and below only
 * within one column.
 */
public enum Relation {
    LEFT_OF(-1, 0), RIGHT_OF(1, 0), ABOVE(0, -1), BELOW(0, 1);

    private final int columnSign;
    private final int rowSign;

    Relation(int columnSign, int rowSign) {
        this.columnSign = columnSign;
        this.rowSign = rowSign;
    }

    /** Whether a thing in {@code place} is, say, left of a thing in {@code other}. */
    public boolean holds(Cell place, Cell other) {
        return Integer.signum(place.column() - other.column()) == columnSign
                && Integer.signum(place.row() - other.row()) == rowSign;
    }
}
