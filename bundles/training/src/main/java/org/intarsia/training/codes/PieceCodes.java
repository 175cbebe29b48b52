package org.intarsia.training.codes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.intarsia.picturebook.pictures.Painter;
import org.intarsia.picturebook.pictures.Picture;
import org.intarsia.picturebook.world.Background;
import org.intarsia.picturebook.world.Cell;
import org.intarsia.picturebook.world.Kind;
import org.intarsia.picturebook.world.Scene;
import org.intarsia.picturebook.world.Size;
import org.intarsia.picturebook.world.Thing;
import org.intarsia.picturebook.world.World;

/**
 * Codes of scenes by the pieces of things. A block of pixels shows the bare background, which has a code, or one piece of one
 * thing: its code is the kind, the piece and the colour. A piece is the size of the thing, where the thing begins within its
 * first block, and which of the thing's blocks it is; pieces that show nothing have the code of the background.
 *
 * <p>A code depends on the scene alone, and so does not have to be learnt before the transformer is. All kinds have the same
 * pieces and all pieces the same colours: what a model learns of the one holds for the others, see {@link FactorTable}.
 * Immutable.
 */
public final class PieceCodes {
    private final World world;
    private final int side;
    private final List<Piece> pieces = new ArrayList<>();
    private final Map<Outline, Integer> outlines = new LinkedHashMap<>();

    /**
     * A part of a thing.
     *
     * @param left   where the thing begins within its first block, in pixels
     * @param top    the same from the top
     * @param column which of its blocks, from the left
     * @param row    which of its blocks, from the top
     */
    private record Piece(Size size, int left, int top, int column, int row) {
    }

    /** A piece of a kind: the number of either. */
    record Outline(int kind, int piece) {
    }

    /** @param side of a block, in pixels; a multiple of the world's cell */
    public PieceCodes(World world, int side) {
        this.world = world;
        this.side = side;
        Painter painter = new Painter(world);
        for (Size size : Size.values()) {
            for (int top = 0; top < side; top += world.cell()) {
                for (int left = 0; left < side; left += world.cell()) {
                    addPieces(size, left, top, painter);
                }
            }
        }
    }

    private void addPieces(Size size, int left, int top, Painter painter) {
        Cell place = new Cell(left / world.cell(), top / world.cell());
        int rows = blocks(top, size);
        int columns = blocks(left, size);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                pieces.add(new Piece(size, left, top, column, row));
                for (int kind = 0; kind < world.kinds().size(); kind++) {
                    Picture picture = painter.paint(Scene.of(world.backgrounds().getFirst(),
                            new Thing(world.kinds().get(kind), world.colours().getFirst(), size, place)));
                    if (shows(picture, column, row)) {
                        outlines.put(new Outline(kind, pieces.size() - 1), outlines.size());
                    }
                }
            }
        }
    }

    private int blocks(int begin, Size size) {
        return Math.ceilDiv(begin + world.extents().get(size).cells() * world.cell(), side);
    }

    /** Tells whether a block shows anything but the background. */
    private boolean shows(Picture picture, int column, int row) {
        int ground = world.rgb(world.backgrounds().getFirst());
        for (int y = row * side; y < (row + 1) * side; y++) {
            for (int x = column * side; x < (column + 1) * side; x++) {
                int at = 3 * (y * picture.width() + x);
                int rgb = (picture.rgb()[at] & 0xFF) << 16 | (picture.rgb()[at + 1] & 0xFF) << 8 | picture.rgb()[at + 2] & 0xFF;
                if (rgb != ground) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The number of codes. */
    public int size() {
        return grounds() + outlines.size() * colours();
    }

    /** The number of codes that are backgrounds: the first ones. */
    int grounds() {
        return world.backgrounds().size();
    }

    int kinds() {
        return world.kinds().size();
    }

    int pieces() {
        return pieces.size();
    }

    int colours() {
        return world.colours().size();
    }

    /** The pieces of kinds that show something. */
    List<Outline> outlines() {
        return List.copyOf(outlines.keySet());
    }

    /** The number of the outline of a code that is no background. */
    int outline(int code) {
        return (code - grounds()) / colours();
    }

    /** The number of the colour of a code that is no background. */
    int colour(int code) {
        return (code - grounds()) % colours();
    }

    /** The codes of a scene, row by row. */
    public int[] of(Scene scene) {
        int across = world.width() / side;
        int[] codes = new int[across * (world.height() / side)];
        Arrays.fill(codes, ground(scene.background()));
        for (Thing thing : scene.things()) {
            int x = thing.cell().column() * world.cell();
            int y = thing.cell().row() * world.cell();
            for (int row = 0; row < blocks(y % side, thing.size()); row++) {
                for (int column = 0; column < blocks(x % side, thing.size()); column++) {
                    int piece = pieces.indexOf(new Piece(thing.size(), x % side, y % side, column, row));
                    Integer outline = outlines.get(new Outline(kind(thing.kind()), piece));
                    if (outline != null) {
                        codes[(y / side + row) * across + x / side + column] =
                                grounds() + outline * colours() + world.colours().indexOf(thing.colour());
                    }
                }
            }
        }
        return codes;
    }

    private int kind(Kind kind) {
        return world.kinds().indexOf(kind);
    }

    private int ground(Background background) {
        return world.backgrounds().indexOf(background);
    }
}
