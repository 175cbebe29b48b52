package org.intarsia.picturebook.pictures;

import java.awt.Shape;
import java.awt.geom.Area;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.EnumMap;
import java.util.Map;
import org.intarsia.picturebook.world.Kind;
import org.intarsia.picturebook.world.Size;
import org.intarsia.picturebook.world.World;

/**
 * The outlines of the kinds, each drawn in the unit square (y downwards), and their masks at a given size. A pixel
 * belongs to a mask wholly or not at all: no antialiasing, because an image tokenizer learns, and the grader reads,
 * hard edges best.
 */
final class Silhouettes {
    private static final int SAMPLES = 8;
    private static final Map<Kind, Shape> OUTLINES = outlines();

    private Silhouettes() {
    }

    /**
     * @param pixels width and height of the mask
     * @return {@code pixels * pixels} values, row by row
     */
    static boolean[] mask(Kind kind, int pixels) {
        Shape outline = OUTLINES.get(kind);
        boolean[] mask = new boolean[pixels * pixels];
        for (int y = 0; y < pixels; y++) {
            for (int x = 0; x < pixels; x++) {
                mask[y * pixels + x] = covers(outline, x, y, pixels);
            }
        }
        return mask;
    }

    /** The mask of a thing in the middle of its cells, {@code side * side} values for {@code side} pixels of all its cells. */
    static boolean[] onCells(Kind kind, Size size, World world) {
        int pixels = world.pixels(size);
        int side = world.extents().get(size).cells() * world.cell();
        int margin = (side - pixels) / 2;
        boolean[] silhouette = mask(kind, pixels);
        boolean[] mask = new boolean[side * side];
        for (int i = 0; i < silhouette.length; i++) {
            mask[(margin + i / pixels) * side + margin + i % pixels] = silhouette[i];
        }
        return mask;
    }

    /** Whether the outline covers at least half of a pixel. */
    private static boolean covers(Shape outline, int x, int y, int pixels) {
        int hits = 0;
        for (int sample = 0; sample < SAMPLES * SAMPLES; sample++) {
            double dx = (sample % SAMPLES + 0.5) / SAMPLES;
            double dy = (sample / SAMPLES + 0.5) / SAMPLES;
            if (outline.contains((x + dx) / pixels, (y + dy) / pixels)) {
                hits++;
            }
        }
        return 2 * hits >= SAMPLES * SAMPLES;
    }

    private static Map<Kind, Shape> outlines() {
        Map<Kind, Shape> outlines = new EnumMap<>(Kind.class);
        outlines.put(Kind.CIRCLE, new Ellipse2D.Double(0, 0, 1, 1));
        outlines.put(Kind.SQUARE, new Rectangle2D.Double(0, 0, 1, 1));
        outlines.put(Kind.TRIANGLE, polygon(0.5, 0, 1, 1, 0, 1));
        outlines.put(Kind.STAR, star());
        outlines.put(Kind.HEART, heart());
        outlines.put(Kind.HOUSE, house());
        outlines.put(Kind.TREE, tree());
        outlines.put(Kind.BOAT, boat());
        outlines.put(Kind.CROSS, polygon(0.34, 0, 0.66, 0, 0.66, 0.34, 1, 0.34, 1, 0.66, 0.66, 0.66, 0.66, 1, 0.34, 1,
                0.34, 0.66, 0, 0.66, 0, 0.34, 0.34, 0.34));
        outlines.put(Kind.CLOUD, cloud());
        outlines.put(Kind.MUSHROOM, mushroom());
        outlines.put(Kind.FISH, fish());
        outlines.put(Kind.CAR, car());
        outlines.put(Kind.FLOWER, flower());
        outlines.put(Kind.MOON, moon());
        outlines.put(Kind.ARROW, polygon(0.5, 0, 1, 0.5, 0.66, 0.5, 0.66, 1, 0.34, 1, 0.34, 0.5, 0, 0.5));
        return outlines;
    }

    /** Five points, with blunt tips so that they survive at ten pixels. */
    private static Shape star() {
        return polygon(0.44, 0, 0.56, 0, 0.66, 0.34, 1, 0.34, 1, 0.42, 0.76, 0.62, 0.92, 1, 0.8, 1,
                0.5, 0.8, 0.2, 1, 0.08, 1, 0.24, 0.62, 0, 0.42, 0, 0.34, 0.34, 0.34);
    }

    private static Shape heart() {
        Area heart = new Area(new Ellipse2D.Double(0, 0, 0.55, 0.6));
        heart.add(new Area(new Ellipse2D.Double(0.45, 0, 0.55, 0.6)));
        heart.add(new Area(polygon(0.02, 0.4, 0.5, 0.25, 0.98, 0.4, 0.56, 1, 0.44, 1)));
        return heart;
    }

    /** A wide roof over narrower walls with an open door: the eaves tell it from an arrow, the door from a square. */
    private static Shape house() {
        Area house = new Area(polygon(0.44, 0, 0.56, 0, 1, 0.44, 1, 0.5, 0, 0.5, 0, 0.44));
        house.add(new Area(new Rectangle2D.Double(0.125, 0.5, 0.75, 0.5)));
        house.subtract(new Area(new Rectangle2D.Double(0.39, 0.63, 0.22, 0.37)));
        return house;
    }

    /** A fir of two tiers, on a trunk. */
    private static Shape tree() {
        Area tree = new Area(polygon(0.42, 0, 0.58, 0, 0.92, 0.4, 0.66, 0.42, 1, 0.78, 0, 0.78, 0.34, 0.42, 0.08, 0.4));
        tree.add(new Area(new Rectangle2D.Double(0.36, 0.78, 0.28, 0.22)));
        return tree;
    }

    /** A hull, a mast, and a sail on one side of it: the only outline that is not symmetrical. */
    private static Shape boat() {
        Area boat = new Area(polygon(0, 0.68, 1, 0.68, 0.8, 1, 0.2, 1));
        boat.add(new Area(new Rectangle2D.Double(0.35, 0, 0.15, 0.7)));
        boat.add(new Area(polygon(0.5, 0, 0.98, 0.5, 0.5, 0.5)));
        return boat;
    }

    /** Three bulges on a flat base, wide and low. */
    private static Shape cloud() {
        Area cloud = new Area(new Ellipse2D.Double(0, 0.42, 0.4, 0.4));
        cloud.add(new Area(new Ellipse2D.Double(0.2, 0.16, 0.5, 0.56)));
        cloud.add(new Area(new Ellipse2D.Double(0.56, 0.36, 0.44, 0.46)));
        cloud.add(new Area(new Rectangle2D.Double(0.2, 0.5, 0.6, 0.32)));
        return cloud;
    }

    /** A half disc on a stem. */
    private static Shape mushroom() {
        Area cap = new Area(new Ellipse2D.Double(0, 0, 1, 1.1));
        cap.intersect(new Area(new Rectangle2D.Double(0, 0, 1, 0.55)));
        cap.add(new Area(new Rectangle2D.Double(0.34, 0.5, 0.32, 0.5)));
        return cap;
    }

    /** A body that looks to the left, and a tail. */
    private static Shape fish() {
        Area fish = new Area(new Ellipse2D.Double(0, 0.2, 0.76, 0.6));
        fish.add(new Area(polygon(0.62, 0.5, 1, 0.14, 1, 0.86)));
        fish.subtract(new Area(new Ellipse2D.Double(0.14, 0.36, 0.13, 0.13)));
        return fish;
    }

    /** A body, a roof with a window, and two wheels. */
    private static Shape car() {
        Area car = new Area(new Rectangle2D.Double(0, 0.45, 1, 0.32));
        car.add(new Area(polygon(0.28, 0.14, 0.72, 0.14, 0.88, 0.46, 0.14, 0.46)));
        car.subtract(new Area(new Rectangle2D.Double(0.38, 0.24, 0.24, 0.2)));
        car.add(new Area(new Ellipse2D.Double(0.1, 0.6, 0.3, 0.3)));
        car.add(new Area(new Ellipse2D.Double(0.6, 0.6, 0.3, 0.3)));
        return car;
    }

    /** Five round petals about an open middle, on a stem. */
    private static Shape flower() {
        Area flower = new Area();
        for (int petal = 0; petal < 5; petal++) {
            double angle = 2 * Math.PI * petal / 5 - Math.PI / 2;
            flower.add(new Area(new Ellipse2D.Double(0.5 + 0.23 * Math.cos(angle) - 0.16, 0.38 + 0.22 * Math.sin(angle) - 0.16,
                    0.32, 0.32)));
        }
        flower.subtract(new Area(new Ellipse2D.Double(0.41, 0.29, 0.18, 0.18)));
        flower.add(new Area(new Rectangle2D.Double(0.45, 0.6, 0.1, 0.4)));
        flower.add(new Area(polygon(0.5, 0.98, 0.5, 0.86, 0.84, 0.72)));
        return flower;
    }

    /** A crescent that opens to the right. */
    private static Shape moon() {
        Area moon = new Area(new Ellipse2D.Double(0, 0, 1, 1));
        moon.subtract(new Area(new Ellipse2D.Double(0.34, 0.06, 0.86, 0.86)));
        return moon;
    }

    private static Shape polygon(double... points) {
        Path2D path = new Path2D.Double();
        path.moveTo(points[0], points[1]);
        for (int i = 2; i < points.length; i += 2) {
            path.lineTo(points[i], points[i + 1]);
        }
        path.closePath();
        return path;
    }
}
