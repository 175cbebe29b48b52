package org.intarsia.backend.cpu.product;

import org.intarsia.backend.cpu.code.Tiles;
import org.intarsia.backend.cpu.host.Memory;

/** Products of some rows with a panel whose last columns may lie beyond the result. */
final class PanelEdge {

    private PanelEdge() {
    }

    /**
     * Multiplies as {@link Tiles#multiply} does.
     *
     * @param columns of the panel that belong to the result; where they are not all, the product goes to another place first
     * @param edge    room for {@code rows} rows of a whole panel in F32
     */
    static void multiply(Tiles code, boolean accumulate, int rows, int vectors, int columns, long a, long aRow, long aStep, long depth,
            long b, long c, long cRow, long edge) {
        if (columns == vectors * code.lanes()) {
            code.multiply(accumulate, rows, vectors, a, aRow, aStep, depth, b, c, cRow);
            return;
        }
        long edgeRow = 4L * vectors * code.lanes();
        code.multiply(false, rows, vectors, a, aRow, aStep, depth, b, edge, edgeRow);
        write(edge, edgeRow, rows, columns, c, cRow, accumulate);
    }

    /** Writes rows of a product that lie elsewhere to the result, or adds them to what is there. */
    static void write(long from, long fromRow, int rows, int columns, long c, long cRow, boolean accumulate) {
        for (int row = 0; row < rows; row++) {
            long to = c + row * cRow;
            for (int column = 0; column < columns; column++) {
                float sum = Memory.getFloat(from + row * fromRow + 4L * column);
                Memory.putFloat(to + 4L * column, accumulate ? Memory.getFloat(to + 4L * column) + sum : sum);
            }
        }
    }
}
