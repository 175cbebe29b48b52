package org.intarsia.picturebook;

/** A quarter of the picture: the short answer to "where?". */
public enum Quarter {
    TOP_LEFT, TOP_RIGHT, BOTTOM_LEFT, BOTTOM_RIGHT;

    /** The quarter that a cell lies in; the middle row or column of an odd grid counts as bottom or right. */
    public static Quarter of(Cell cell, World world) {
        boolean top = cell.row() < world.rows() / 2;
        boolean left = cell.column() < world.columns() / 2;
        if (top) {
            return left ? TOP_LEFT : TOP_RIGHT;
        }
        return left ? BOTTOM_LEFT : BOTTOM_RIGHT;
    }
}
