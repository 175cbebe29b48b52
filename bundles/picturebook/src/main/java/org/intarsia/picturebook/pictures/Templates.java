package org.intarsia.picturebook.pictures;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.intarsia.picturebook.world.Cell;
import org.intarsia.picturebook.world.Kind;
import org.intarsia.picturebook.world.Size;
import org.intarsia.picturebook.world.World;

/** Finds the silhouette that fits a blob best, by the share of their union that the two have in common. */
final class Templates {
    /**
     * A silhouette on the cells of a thing: {@code side * side} values, row by row.
     *
     * @param middleX twice the middle of what it covers, in pixels from the left
     * @param middleY twice the middle of what it covers, in pixels from the top
     */
    private record Template(Kind kind, Size size, int side, boolean[] mask, int pixels, int middleX, int middleY) {
    }

    /** The best silhouette, and the pixels of the picture that it covers. */
    record Match(Kind kind, Size size, Cell cell, BitSet pixels) {
    }

    private final World world;
    private final int shift;
    private final List<Template> templates = new ArrayList<>();

    /** @param shift how far, in pixels, a thing may stand off its place */
    Templates(World world, int shift) {
        this.world = world;
        this.shift = shift;
        for (Kind kind : world.kinds()) {
            for (Size size : Size.values()) {
                templates.add(template(kind, size));
            }
        }
    }

    private Template template(Kind kind, Size size) {
        int side = world.extents().get(size).cells() * world.cell();
        boolean[] mask = Silhouettes.onCells(kind, size, world);
        BitSet covered = new BitSet();
        for (int i = 0; i < mask.length; i++) {
            covered.set(i, mask[i]);
        }
        Box box = Box.of(covered, side);
        return new Template(kind, size, side, mask, covered.cardinality(), box.left() + box.right(), box.top() + box.bottom());
    }

    /** The smallest rectangle that holds some pixels, with its last column and row. */
    private record Box(int left, int right, int top, int bottom) {
        static Box of(BitSet pixels, int width) {
            return new Box(pixels.stream().map(pixel -> pixel % width).min().orElseThrow(),
                    pixels.stream().map(pixel -> pixel % width).max().orElseThrow(),
                    pixels.nextSetBit(0) / width, (pixels.length() - 1) / width);
        }
    }

    /**
     * @param blob  pixels of the picture, {@code y * width + x}, at least one
     * @param least the smallest share that counts
     */
    Optional<Match> best(BitSet blob, double least) {
        Box box = Box.of(blob, world.width());
        Match best = null;
        double bestShare = least;
        for (Template template : templates) {
            Cell cell = cell(box, template);
            for (int dy = -shift; dy <= shift; dy++) {
                for (int dx = -shift; dx <= shift; dx++) {
                    int left = cell.column() * world.cell() + dx;
                    int top = cell.row() * world.cell() + dy;
                    double share = share(template, blob, left, top);
                    if (share > bestShare) {
                        bestShare = share;
                        best = new Match(template.kind(), template.size(), cell, covered(template, left, top));
                    }
                }
            }
        }
        return Optional.ofNullable(best);
    }

    /** The cell at which the middle of a silhouette comes nearest to that of a blob. */
    private Cell cell(Box blob, Template template) {
        int last = template.side() / world.cell();
        return new Cell(nearest(blob.left() + blob.right() - template.middleX(), world.columns() - last),
                nearest(blob.top() + blob.bottom() - template.middleY(), world.rows() - last));
    }

    /** @param distance from the picture's edge, in half pixels */
    private int nearest(int distance, int last) {
        return Math.clamp(Math.floorDiv(distance + world.cell(), 2 * world.cell()), 0, last);
    }

    private double share(Template template, BitSet blob, int left, int top) {
        int common = 0;
        for (int pixel = blob.nextSetBit(0); pixel >= 0; pixel = blob.nextSetBit(pixel + 1)) {
            int x = pixel % world.width() - left;
            int y = pixel / world.width() - top;
            boolean inside = x >= 0 && x < template.side() && y >= 0 && y < template.side();
            if (inside && template.mask()[y * template.side() + x]) {
                common++;
            }
        }
        return (double) common / (blob.cardinality() + template.pixels() - common);
    }

    private BitSet covered(Template template, int left, int top) {
        BitSet pixels = new BitSet();
        for (int i = 0; i < template.mask().length; i++) {
            int x = left + i % template.side();
            int y = top + i / template.side();
            if (template.mask()[i] && x >= 0 && x < world.width() && y >= 0 && y < world.height()) {
                pixels.set(y * world.width() + x);
            }
        }
        return pixels;
    }
}
