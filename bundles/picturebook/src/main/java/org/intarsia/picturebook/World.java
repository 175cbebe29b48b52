package org.intarsia.picturebook;

import java.util.ArrayList;
import java.util.List;

/**
 * The measures of the painted world: a grid of square cells, each of which holds at most one thing.
 *
 * @param columns cells from left to right, at least 2
 * @param rows    cells from top to bottom, at least 2
 * @param cell    width and height of a cell in pixels: a multiple of 16, so that a thing covers whole image tokens of
 *                8×8 pixels
 */
public record World(int columns, int rows, int cell) {
    /** 64×64 pixels: four by four cells of 16 pixels, 64 image tokens. */
    public static final World STANDARD = new World(4, 4, 16);

    public World {
        if (columns < 2 || rows < 2) {
            throw new IllegalArgumentException("a world of " + columns + "×" + rows
                    + " cells has no room for relations: give it at least 2×2 cells");
        }
        if (cell < 16 || cell % 16 != 0) {
            throw new IllegalArgumentException("a cell of " + cell
                    + " pixels does not cover whole image tokens: give a multiple of 16");
        }
    }

    /** Width of a picture in pixels. */
    public int width() {
        return columns * cell;
    }

    /** Height of a picture in pixels. */
    public int height() {
        return rows * cell;
    }

    /** The side, in pixels, of the square that a thing of this size fills: 7/8 of a cell, or 5/8 of it. */
    public int pixels(Size size) {
        return switch (size) {
            case BIG -> cell * 7 / 8;
            case SMALL -> cell * 5 / 8;
        };
    }

    /** Whether the cell lies on the grid. */
    public boolean contains(Cell place) {
        return place.column() >= 0 && place.column() < columns && place.row() >= 0 && place.row() < rows;
    }

    /** All cells in reading order. */
    public List<Cell> cells() {
        List<Cell> cells = new ArrayList<>(columns * rows);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                cells.add(new Cell(column, row));
            }
        }
        return cells;
    }
}
