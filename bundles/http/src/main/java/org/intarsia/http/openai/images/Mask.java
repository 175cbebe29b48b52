package org.intarsia.http.openai.images;

import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.PictureGrid;
import org.intarsia.engine.api.Redraw;
import org.intarsia.http.HttpException;
import org.intarsia.http.openai.parts.Fields;
import org.intarsia.http.openai.parts.PictureInput;
import org.intarsia.model.api.Image;

/**
 * Says which cells of a picture are drawn anew: those that a transparent pixel of the mask lies in, and those that
 * {@code intarsia.cells} numbers, row by row from 0.
 *
 * @param mask  the mask; may be absent
 * @param cells the numbers
 */
record Mask(Optional<Image> mask, BitSet cells) {
    private static final String MASK = "mask";
    private static final String CELLS = "cells";
    /** No grid has more; a request may say anything. */
    private static final int MOST_CELLS = 1 << 20;

    /** Reads the mask and the cells of a request; empty where it has neither. */
    static Optional<Mask> read(Fields fields) {
        Optional<Image> mask = fields.files(MASK).stream().findFirst().map(content -> PictureInput.of(MASK, content))
                .or(() -> fields.node(MASK).map(node -> PictureInput.of(MASK, node))).map(PictureInput::image);
        Fields options = fields.object("intarsia");
        List<Long> numbers = options.wholes(CELLS, 0, MOST_CELLS);
        if (mask.isEmpty() && numbers.isEmpty() && options.node(CELLS).isPresent()) {
            throw options.wrong(CELLS, "must number at least one cell; leave it out to change the whole picture");
        }
        BitSet cells = new BitSet();
        numbers.forEach(number -> cells.set(number.intValue()));
        return mask.isEmpty() && numbers.isEmpty() ? Optional.empty() : Optional.of(new Mask(mask, cells));
    }

    /** Gets ready to draw the cells anew: with the codes of the picture's record, where this model made it. */
    Redraw redraw(Model model, PictureInput picture) {
        PictureGrid grid = model.grid();
        Image image = picture.image();
        if (image.width() != grid.width() || image.height() != grid.height()) {
            throw HttpException.invalid("image", "image has " + image.width() + " × " + image.height() + " pixels, but cells can be"
                    + " drawn anew only in pictures of the model's size, " + grid.width() + " × " + grid.height()
                    + "; leave out the mask to change the whole picture");
        }
        BitSet all = (BitSet) cells.clone();
        mask.ifPresent(some -> all.or(touched(some, image, grid)));
        if (all.isEmpty() || all.length() > grid.cells()) {
            throw HttpException.invalid("intarsia." + CELLS, "cells must be numbers from 0 to " + (grid.cells() - 1) + ", at least one");
        }
        return model.redraw(image, picture.record(), all);
    }

    private static BitSet touched(Image mask, Image image, PictureGrid grid) {
        if (mask.width() != image.width() || mask.height() != image.height()) {
            throw HttpException.invalid(MASK, "mask has " + mask.width() + " × " + mask.height() + " pixels, the picture "
                    + image.width() + " × " + image.height() + ": both must be of the same size");
        }
        BitSet touched = new BitSet();
        for (int pixel = 0; pixel < mask.alpha().length; pixel++) {
            if (mask.alpha()[pixel] == 0) {
                int column = pixel % mask.width() / grid.cellWidth();
                int row = pixel / mask.width() / grid.cellHeight();
                touched.set(row * grid.columns() + column);
            }
        }
        if (touched.isEmpty()) {
            throw HttpException.invalid(MASK, "mask has no transparent pixel: make those transparent that are to be drawn anew");
        }
        return touched;
    }
}
