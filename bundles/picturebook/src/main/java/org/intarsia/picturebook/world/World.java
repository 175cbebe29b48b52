package org.intarsia.picturebook.world;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A painted world: what may be painted, in which colours and sizes and where, and how it is spoken of. Immutable.
 *
 * @param name     names the world in recipes and in models
 * @param kinds    of things, at least 4
 * @param colours  of things
 * @param grounds  the colour of each background, as {@code 0xRRGGBB}; its order is that of {@link Background}
 * @param extents  the square that a thing of each size takes
 * @param columns  cells from left to right, at least 2
 * @param rows     cells from top to bottom, at least 2
 * @param cell     width and height of a cell in pixels: a divisor or a multiple of {@link #BLOCK}
 * @param slant    how far a thing may lie beside the line on which it is, say, left of another: across, as a share of along
 * @param leftOut  how often a phrase leaves out a word that it could say, from 0 to 1
 * @param free     how often a sentence is phrased freely instead of canonically, from 0 to 1
 */
public record World(String name, List<Kind> kinds, List<Colour> colours, Map<Background, Integer> grounds,
                    Map<Size, Extent> extents, int columns, int rows, int cell, double slant, double leftOut, double free) {
    /** No two things share a block of so many pixels in each direction. */
    static final int BLOCK = 16;

    /** 64×64 pixels: four by four cells of 16 pixels, each of which holds at most one thing. */
    public static final World STANDARD = new World(4, 4, 16);

    /** 128×128 pixels: sixteen kinds and colours, things of 24 or 40 pixels at any multiple of 8 pixels. */
    public static final World WIDE = new World("wide", List.of(Kind.values()), List.of(Colour.values()),
            grounds(List.of(Background.values()), 0x2D2D64),
            extents(new Extent(3, 24), new Extent(5, 40)), 16, 16, 8, 0.9, 0.15, 0.5);

    /** All worlds, by which {@link #named} finds them. */
    public static final List<World> ALL = List.of(STANDARD, WIDE);

    /**
     * The square that a thing takes.
     *
     * @param cells  in each direction
     * @param pixels of the outline in each direction; it stands in the middle of the cells
     */
    public record Extent(int cells, int pixels) {
    }

    /**
     * A world of the eight kinds, eight colours and four backgrounds of {@link #STANDARD}, whose things stand in cells of
     * their own and lie left or right of each other only within one row, above or below only within one column.
     *
     * @param cell width and height of a cell in pixels: a multiple of 16
     */
    public World(int columns, int rows, int cell) {
        this("standard", List.of(Kind.values()).subList(0, 8), List.of(Colour.values()).subList(0, 8),
                grounds(List.of(Background.values()).subList(0, 4), 0x14143C),
                extents(new Extent(1, cell * 5 / 8), new Extent(1, cell * 7 / 8)), columns, rows, cell, 0, 0, 0);
        if (cell < BLOCK || cell % BLOCK != 0) {
            throw new IllegalArgumentException("a cell of " + cell
                    + " pixels does not cover whole image tokens: give a multiple of 16");
        }
    }

    public World {
        if (columns < 2 || rows < 2) {
            throw new IllegalArgumentException("a world of " + columns + "×" + rows
                    + " cells has no room for relations: give it at least 2×2 cells");
        }
        kinds = List.copyOf(kinds);
        colours = List.copyOf(colours);
        grounds = Collections.unmodifiableMap(new EnumMap<>(grounds));
        extents = Collections.unmodifiableMap(new EnumMap<>(extents));
    }

    private static Map<Background, Integer> grounds(List<Background> backgrounds, int night) {
        Map<Background, Integer> grounds = new EnumMap<>(Background.class);
        backgrounds.forEach(background -> grounds.put(background, switch (background) {
            case DAY -> 0xAFD7FA;
            case NIGHT -> night;
            case MEADOW -> 0xA5D778;
            case SEA -> 0x3C96A0;
            case SUNSET -> 0xF0967D;
            case DESERT -> 0xDCC88C;
        }));
        return grounds;
    }

    private static Map<Size, Extent> extents(Extent small, Extent big) {
        return new EnumMap<>(Map.of(Size.SMALL, small, Size.BIG, big));
    }

    /**
     * The world of this name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static World named(String name) {
        return ALL.stream().filter(world -> world.name().equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no world '" + name + "': the worlds are "
                        + ALL.stream().map(World::name).toList()));
    }

    /** Width of a picture in pixels. */
    public int width() {
        return columns * cell;
    }

    /** Height of a picture in pixels. */
    public int height() {
        return rows * cell;
    }

    /** The side, in pixels, of the square that a thing of this size fills. */
    public int pixels(Size size) {
        return extents.get(size).pixels();
    }

    /** The backgrounds of this world, in the order of {@link Background}. */
    public List<Background> backgrounds() {
        return List.copyOf(grounds.keySet());
    }

    /** The colour of a background as {@code 0xRRGGBB}. */
    public int rgb(Background background) {
        return grounds.get(background);
    }

    /** Tells whether every thing stands in one cell, so that any two cells hold any two things. */
    public boolean isGrid() {
        return extents.values().stream().allMatch(extent -> extent.cells() == 1);
    }

    /** Tells whether the cell lies on the grid. */
    public boolean contains(Cell place) {
        return place.column() >= 0 && place.column() < columns && place.row() >= 0 && place.row() < rows;
    }

    /** Tells whether a thing of this size may stand with its top left corner in the cell. */
    public boolean contains(Cell place, Size size) {
        int last = extents.get(size).cells() - 1;
        return contains(place) && contains(new Cell(place.column() + last, place.row() + last));
    }

    /**
     * Tells whether two things may stand in one picture: in blocks of their own, and with a cell between them where a thing
     * fills its cells.
     */
    public boolean apart(Thing one, Thing other) {
        int gap = isGrid() ? 0 : 1;
        return apart(one.cell().column(), one.size(), other.cell().column(), other.size(), gap)
                || apart(one.cell().row(), one.size(), other.cell().row(), other.size(), gap);
    }

    private boolean apart(int one, Size oneSize, int other, Size otherSize, int gap) {
        if (one > other) {
            return apart(other, otherSize, one, oneSize, gap);
        }
        int end = one + extents.get(oneSize).cells();
        return end + gap <= other && (end * cell - 1) / BLOCK < other * cell / BLOCK;
    }

    /** Tells whether the one thing lies, say, left of the other. */
    public boolean holds(Relation relation, Thing one, Thing other) {
        return holds(relation, one, other, slant);
    }

    /** The same without doubt: half as far beside the line as would do. */
    public boolean clearlyHolds(Relation relation, Thing one, Thing other) {
        return holds(relation, one, other, slant / 2);
    }

    private boolean holds(Relation relation, Thing one, Thing other, double slack) {
        return relation.holds(middle(one.cell().column(), one) - middle(other.cell().column(), other),
                middle(one.cell().row(), one) - middle(other.cell().row(), other), slack);
    }

    /**
     * The middle of a thing along one axis, in half cells.
     *
     * @param first the column or the row of its cell
     */
    public int middle(int first, Thing thing) {
        return 2 * first + extents.get(thing.size()).cells();
    }

    /** The cells where a thing of this size may stand, in reading order. */
    public List<Cell> cells(Size size) {
        return cells().stream().filter(cell -> contains(cell, size)).toList();
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

    /** Says in a sentence what pictures of this world show. */
    public String about() {
        return "It paints one to four of " + listed(kinds) + ", in " + listed(colours) + ", small or big, before the backgrounds "
                + listed(backgrounds()) + ".";
    }

    /** The English word of a kind, colour, size or background, as messages and layouts have it. */
    public static String word(Enum<?> meaning) {
        return meaning.name().toLowerCase(Locale.ROOT);
    }

    private static String listed(List<? extends Enum<?>> meanings) {
        List<String> words = meanings.stream().map(World::word).toList();
        return String.join(", ", words.subList(0, words.size() - 1)) + " and " + words.getLast();
    }

    /**
     * The combinations of kind and colour that no training sample ever shows or names, one for each kind: a model that draws
     * them right has learnt what a kind is and what a colour is, apart from each other.
     */
    public List<Look> heldOut() {
        // Three has no common divisor with the number of colours, so each colour is met once; six keeps out what people
        // rarely ask for (an orange square, a red tree).
        List<Look> looks = new ArrayList<>();
        for (int kind = 0; kind < kinds.size(); kind++) {
            looks.add(new Look(kinds.get(kind), colours.get((3 * kind + 6) % colours.size())));
        }
        return List.copyOf(looks);
    }

    /** Tells that no training sample shows or names the look of this thing. */
    public boolean isHeldOut(Thing thing) {
        return heldOut().contains(new Look(thing.kind(), thing.colour()));
    }
}
