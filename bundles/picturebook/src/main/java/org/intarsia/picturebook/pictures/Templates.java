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
     * A silhouette on the cells of a thing: {@code side} rows, whose pixels are bits from the lowest on.
     *
     * @param middleX twice the middle of what it covers, in pixels from the left
     * @param middleY twice the middle of what it covers, in pixels from the top
     */
    private record Template(Kind kind, Size size, int side, long[] rows, int pixels, int middleX, int middleY) {
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
        if (side > Long.SIZE) {
            throw new IllegalArgumentException("a thing of " + side + " pixels is wider than the " + Long.SIZE
                    + " that are compared at once");
        }
        boolean[] mask = Silhouettes.onCells(kind, size, world);
        BitSet covered = new BitSet();
        for (int i = 0; i < mask.length; i++) {
            covered.set(i, mask[i]);
        }
        Box box = Box.of(covered, side);
        long[] words = covered.toLongArray();
        long[] rows = new long[side];
        for (int y = 0; y < side; y++) {
            rows[y] = bits(words, y * side, side);
        }
        return new Template(kind, size, side, rows, covered.cardinality(), box.left() + box.right(), box.top() + box.bottom());
    }

    /** The smallest rectangle that holds some pixels, with its last column and row. */
    private record Box(int left, int right, int top, int bottom) {
        static Box of(BitSet pixels, int width) {
            int left = width;
            int right = -1;
            for (int pixel = pixels.nextSetBit(0); pixel >= 0; pixel = pixels.nextSetBit(pixel + 1)) {
                left = Math.min(left, pixel % width);
                right = Math.max(right, pixel % width);
            }
            return new Box(left, right, pixels.nextSetBit(0) / width, (pixels.length() - 1) / width);
        }
    }

    /**
     * @param blob  pixels of the picture, {@code y * width + x}, at least one
     * @param least the smallest share that counts
     */
    Optional<Match> best(BitSet blob, double least) {
        Box box = Box.of(blob, world.width());
        long[] words = blob.toLongArray();
        int pixels = blob.cardinality();
        Template best = null;
        Cell bestCell = null;
        int bestLeft = 0;
        int bestTop = 0;
        double bestShare = least;
        for (Template template : templates) {
            if ((double) Math.min(pixels, template.pixels()) / Math.max(pixels, template.pixels()) <= bestShare) {
                continue;
            }
            Cell cell = cell(box, template);
            for (int dy = -shift; dy <= shift; dy++) {
                for (int dx = -shift; dx <= shift; dx++) {
                    int left = cell.column() * world.cell() + dx;
                    int top = cell.row() * world.cell() + dy;
                    int common = common(template, words, left, top);
                    double share = (double) common / (pixels + template.pixels() - common);
                    if (share > bestShare) {
                        bestShare = share;
                        best = template;
                        bestCell = cell;
                        bestLeft = left;
                        bestTop = top;
                    }
                }
            }
        }
        return best == null ? Optional.empty()
                : Optional.of(new Match(best.kind(), best.size(), bestCell, covered(best, bestLeft, bestTop)));
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

    /** Counts the pixels of a blob that a silhouette covers. */
    private int common(Template template, long[] blob, int left, int top) {
        int first = Math.max(left, 0);
        int count = Math.min(left + template.side(), world.width()) - first;
        int common = 0;
        for (int y = Math.max(top, 0); y < Math.min(top + template.side(), world.height()); y++) {
            long row = bits(blob, y * world.width() + first, count) << first - left;
            common += Long.bitCount(row & template.rows()[y - top]);
        }
        return common;
    }

    /** Some bits from a place on, 1 to 64; beyond the last word there are none. */
    private static long bits(long[] words, int from, int count) {
        int word = from >> 6;
        long bits = word < words.length ? words[word] >>> from : 0;
        if ((from & 63) > 0 && word + 1 < words.length) {
            bits |= words[word + 1] << -from;
        }
        return bits & -1L >>> -count;
    }

    private BitSet covered(Template template, int left, int top) {
        BitSet pixels = new BitSet();
        for (int y = Math.max(top, 0); y < Math.min(top + template.side(), world.height()); y++) {
            for (int x = Math.max(left, 0); x < Math.min(left + template.side(), world.width()); x++) {
                pixels.set(y * world.width() + x, (template.rows()[y - top] >>> x - left & 1) != 0);
            }
        }
        return pixels;
    }
}
