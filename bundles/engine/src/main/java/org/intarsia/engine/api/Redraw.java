package org.intarsia.engine.api;

import java.util.Arrays;
import java.util.BitSet;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelException;

/**
 * A picture of which some cells are drawn anew. The codes of all other cells are kept, and so are their pixels: the answer's
 * picture equals {@code picture} outside of the cells. {@link Model#redraw} finds the codes of a picture.
 *
 * @param picture the picture, of the size that {@link Model#grid} gives; where it is transparent, white is seen behind it
 * @param codes   its codes, row by row, one for each cell of {@link Model#grid}
 * @param cells   the cells that are drawn anew, numbered row by row from 0; at least one
 */
public record Redraw(Image picture, int[] codes, BitSet cells) {

    /** @throws ModelException when no cell is chosen */
    public Redraw {
        if (cells.isEmpty()) {
            throw new ModelException("no cell of the picture is chosen to be drawn anew: name one or more");
        }
        picture = picture.onWhite();
        codes = codes.clone();
        cells = (BitSet) cells.clone();
    }

    @Override
    public int[] codes() {
        return codes.clone();
    }

    @Override
    public BitSet cells() {
        return (BitSet) cells.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Redraw redraw && picture.equals(redraw.picture) && Arrays.equals(codes, redraw.codes)
                && cells.equals(redraw.cells);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * picture.hashCode() + Arrays.hashCode(codes)) + cells.hashCode();
    }

    @Override
    public String toString() {
        return "Redraw[" + picture + ", cells " + cells + "]";
    }
}
