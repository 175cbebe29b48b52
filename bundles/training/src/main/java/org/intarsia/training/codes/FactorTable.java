package org.intarsia.training.codes;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.weights.Weights;

/**
 * A table with a row for each of the {@link PieceCodes}, which is the sum of one row for the kind, one for the piece and one
 * for the colour. So what is learnt of a colour holds for every kind, those that were never shown in it too. A background
 * has the last kind, the last piece, and a colour of its own behind the others. Trained as three small tables, written out as
 * one matrix at the end, so that a model loads as any other of its family. Immutable.
 */
public final class FactorTable {
    private final String name;
    private final PieceCodes codes;
    private final int width;
    private final int[] kinds;
    private final int[] pieces;
    private final int[] colours;

    /**
     * @param name  begins the names of the three tables
     * @param width of a row
     */
    public FactorTable(String name, PieceCodes codes, int width) {
        this.name = name;
        this.codes = codes;
        this.width = width;
        List<PieceCodes.Outline> outlines = codes.outlines();
        this.kinds = indices(codes.kinds(), code -> outlines.get(codes.outline(code)).kind());
        this.pieces = indices(codes.pieces(), code -> outlines.get(codes.outline(code)).piece());
        this.colours = IntStream.range(0, codes.size())
                .map(code -> code < codes.grounds() ? codes.colours() + code : codes.colour(code)).toArray();
    }

    private int[] indices(int ofGround, IntUnaryOperator ofThing) {
        return IntStream.range(0, codes.size()).map(code -> code < codes.grounds() ? ofGround : ofThing.applyAsInt(code)).toArray();
    }

    /** Adds the three tables to weights that are being made. */
    public void expect(FreshWeights fresh) {
        fresh.expect(name + ".kind", Shape.of(codes.kinds() + 1, width));
        fresh.expect(name + ".piece", Shape.of(codes.pieces() + 1, width));
        fresh.expect(name + ".colour", Shape.of(codes.colours() + codes.grounds(), width));
    }

    private Node kindTable(GraphBuilder g) {
        return g.parameter(name + ".kind", TensorType.f32(codes.kinds() + 1, width));
    }

    private Node pieceTable(GraphBuilder g) {
        return g.parameter(name + ".piece", TensorType.f32(codes.pieces() + 1, width));
    }

    private Node colourTable(GraphBuilder g) {
        return g.parameter(name + ".colour", TensorType.f32(codes.colours() + codes.grounds(), width));
    }

    /** The rows of all codes: (codes, width). */
    public Node all(GraphBuilder g) {
        return sum(g, kinds, pieces, colours);
    }

    /** The rows of the backgrounds: (backgrounds, width). */
    Node grounds(GraphBuilder g) {
        return sum(g, first(kinds), first(pieces), first(colours));
    }

    private int[] first(int[] indices) {
        return IntStream.of(indices).limit(codes.grounds()).toArray();
    }

    private Node sum(GraphBuilder g, int[] ofKind, int[] ofPiece, int[] ofColour) {
        return sum(g, (same, table) -> table, constant(g, ofKind), constant(g, ofPiece), constant(g, ofColour));
    }

    /**
     * Sums of rows, by their indices in each of the three tables.
     *
     * @param extended adds rows behind those of a table, if need be
     */
    Node sum(GraphBuilder g, BiFunction<GraphBuilder, Node, Node> extended, Node ofKind, Node ofPiece, Node ofColour) {
        return g.add(g.add(g.gather(extended.apply(g, kindTable(g)), ofKind), g.gather(extended.apply(g, pieceTable(g)), ofPiece)),
                g.gather(extended.apply(g, colourTable(g)), ofColour));
    }

    /** The row of a code in the table of kinds. */
    int kind(int code) {
        return kinds[code];
    }

    /** The row of a code in the table of pieces. */
    int piece(int code) {
        return pieces[code];
    }

    /** The row of a code in the table of colours. */
    int colour(int code) {
        return colours[code];
    }

    /** The sums of kind and piece of each outline, without a colour: (outlines, width). */
    Node outlines(GraphBuilder g) {
        List<PieceCodes.Outline> all = codes.outlines();
        return g.add(g.gather(kindTable(g), constant(g, all.stream().mapToInt(PieceCodes.Outline::kind).toArray())),
                g.gather(pieceTable(g), constant(g, all.stream().mapToInt(PieceCodes.Outline::piece).toArray())));
    }

    /** The rows of the colours of things: (colours, width). */
    Node colours(GraphBuilder g) {
        return g.slice(colourTable(g), 0, 0, codes.colours());
    }

    private static Node constant(GraphBuilder g, int[] values) {
        return g.constant(TensorType.i32(values.length), IntStream.of(values).asDoubleStream().toArray());
    }

    /** The names of the three tables. */
    public List<String> names() {
        return List.of(name + ".kind", name + ".piece", name + ".colour");
    }

    /** Writes the rows of all codes out. */
    public float[] rows(Weights weights) {
        float[] kind = weights.get(name + ".kind").floats();
        float[] piece = weights.get(name + ".piece").floats();
        float[] colour = weights.get(name + ".colour").floats();
        float[] rows = new float[codes.size() * width];
        for (int code = 0; code < codes.size(); code++) {
            for (int i = 0; i < width; i++) {
                rows[code * width + i] = kind[kinds[code] * width + i] + piece[pieces[code] * width + i]
                        + colour[colours[code] * width + i];
            }
        }
        return rows;
    }
}
