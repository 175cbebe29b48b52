package org.intarsia.picturebook.world;

/** One painted thing: one kind, one flat colour, in the middle of one cell. */
public record Thing(Kind kind, Colour colour, Size size, Cell cell) {
    public Thing withKind(Kind other) {
        return new Thing(other, colour, size, cell);
    }

    public Thing withColour(Colour other) {
        return new Thing(kind, other, size, cell);
    }

    public Thing withSize(Size other) {
        return new Thing(kind, colour, other, cell);
    }

    public Thing withCell(Cell other) {
        return new Thing(kind, colour, size, other);
    }
}
