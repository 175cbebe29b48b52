package org.intarsia.picturebook.pictures;

import org.intarsia.picturebook.world.Kind;
import org.intarsia.picturebook.world.Scene;
import org.intarsia.picturebook.world.Size;
import org.intarsia.picturebook.world.Thing;
import org.intarsia.picturebook.world.World;

/**
 * Paints scenes. Every picture is a pure function of its scene: no antialiasing, no noise, one flat colour for the
 * background and one for each thing. Safe to share between threads; thousands of pictures a second.
 */
public final class Painter {
    private final World world;
    private final boolean[][] masks = new boolean[Kind.values().length * Size.values().length][];

    public Painter(World world) {
        this.world = world;
        for (Kind kind : world.kinds()) {
            for (Size size : Size.values()) {
                masks[index(kind, size)] = Silhouettes.onCells(kind, size, world);
            }
        }
    }

    public Picture paint(Scene scene) {
        byte[] rgb = new byte[world.width() * world.height() * 3];
        paint(scene, rgb, 0);
        return new Picture(world.width(), world.height(), rgb);
    }

    /**
     * Paints into a larger array, for batches.
     *
     * @param rgb    takes height × width × 3 bytes, row by row, red, green, blue
     * @param offset where in {@code rgb} to begin
     * @throws IllegalArgumentException if a thing stands outside of this painter's world
     */
    public void paint(Scene scene, byte[] rgb, int offset) {
        int pixels = world.width() * world.height();
        for (int i = 0; i < pixels; i++) {
            put(rgb, offset + 3 * i, world.rgb(scene.background()));
        }
        for (Thing thing : scene.things()) {
            paint(thing, rgb, offset);
        }
    }

    private void paint(Thing thing, byte[] rgb, int offset) {
        if (!world.contains(thing.cell(), thing.size())) {
            throw new IllegalArgumentException("the " + thing.cell() + " lies outside of a world of " + world.columns()
                    + "×" + world.rows() + " cells");
        }
        boolean[] mask = masks[index(thing.kind(), thing.size())];
        int side = world.extents().get(thing.size()).cells() * world.cell();
        int left = thing.cell().column() * world.cell();
        int top = thing.cell().row() * world.cell();
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                if (mask[y * side + x]) {
                    put(rgb, offset + 3 * ((top + y) * world.width() + left + x), thing.colour().rgb());
                }
            }
        }
    }

    private static int index(Kind kind, Size size) {
        return kind.ordinal() * Size.values().length + size.ordinal();
    }

    private static void put(byte[] rgb, int at, int colour) {
        rgb[at] = (byte) (colour >> 16);
        rgb[at + 1] = (byte) (colour >> 8);
        rgb[at + 2] = (byte) colour;
    }
}
