package org.intarsia.picturebook;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/** Finds the silhouette that fits a blob best, by the share of their union that the two have in common. */
final class Templates {
    /** How far, in pixels, a thing may stand off the middle of its cell, for a cell of 16 pixels. */
    private static final int SHIFT = 1;

    /** A silhouette on a cell: {@code cell * cell} values, row by row. */
    private record Template(Kind kind, Size size, boolean[] mask, int pixels) {
    }

    /** The best silhouette, and the pixels of the picture that it covers. */
    record Match(Kind kind, Size size, Cell cell, BitSet pixels) {
    }

    private final World world;
    private final int shift;
    private final List<Template> templates = new ArrayList<>();

    Templates(World world) {
        this.world = world;
        this.shift = SHIFT * world.cell() / 16;
        for (Kind kind : Kind.values()) {
            for (Size size : Size.values()) {
                templates.add(onCell(kind, size));
            }
        }
    }

    private Template onCell(Kind kind, Size size) {
        int side = world.pixels(size);
        int margin = (world.cell() - side) / 2;
        boolean[] silhouette = Silhouettes.mask(kind, side);
        boolean[] mask = new boolean[world.cell() * world.cell()];
        int pixels = 0;
        for (int i = 0; i < silhouette.length; i++) {
            if (silhouette[i]) {
                mask[(margin + i / side) * world.cell() + margin + i % side] = true;
                pixels++;
            }
        }
        return new Template(kind, size, mask, pixels);
    }

    /**
     * @param blob  pixels of the picture, {@code y * width + x}, at least one
     * @param least the smallest share that counts
     */
    Optional<Match> best(BitSet blob, double least) {
        Cell cell = cell(blob);
        Match best = null;
        double bestShare = least;
        for (Template template : templates) {
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

    /** The cell that holds the middle of the blob's bounding box. */
    private Cell cell(BitSet blob) {
        int width = world.width();
        int left = blob.stream().map(pixel -> pixel % width).min().orElseThrow();
        int right = blob.stream().map(pixel -> pixel % width).max().orElseThrow();
        int top = blob.nextSetBit(0) / width;
        int bottom = (blob.length() - 1) / width;
        return new Cell((left + right) / 2 / world.cell(), (top + bottom) / 2 / world.cell());
    }

    private double share(Template template, BitSet blob, int left, int top) {
        int common = 0;
        for (int pixel = blob.nextSetBit(0); pixel >= 0; pixel = blob.nextSetBit(pixel + 1)) {
            int x = pixel % world.width() - left;
            int y = pixel / world.width() - top;
            boolean inside = x >= 0 && x < world.cell() && y >= 0 && y < world.cell();
            if (inside && template.mask()[y * world.cell() + x]) {
                common++;
            }
        }
        return (double) common / (blob.cardinality() + template.pixels() - common);
    }

    private BitSet covered(Template template, int left, int top) {
        BitSet pixels = new BitSet();
        for (int i = 0; i < template.mask().length; i++) {
            int x = left + i % world.cell();
            int y = top + i / world.cell();
            if (template.mask()[i] && x >= 0 && x < world.width() && y >= 0 && y < world.height()) {
                pixels.set(y * world.width() + x);
            }
        }
        return pixels;
    }
}
