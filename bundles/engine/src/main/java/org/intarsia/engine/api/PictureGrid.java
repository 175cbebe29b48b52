package org.intarsia.engine.api;

/**
 * The cells of the pictures that a model makes, one for each code. Cells are numbered row by row from 0.
 *
 * @param columns    cells in a row
 * @param rows       rows of cells
 * @param cellWidth  the width of a cell in pixels
 * @param cellHeight the height of a cell in pixels
 */
public record PictureGrid(int columns, int rows, int cellWidth, int cellHeight) {

    /** The number of cells. */
    public int cells() {
        return columns * rows;
    }

    /** The width of a picture in pixels. */
    public int width() {
        return columns * cellWidth;
    }

    /** The height of a picture in pixels. */
    public int height() {
        return rows * cellHeight;
    }
}
