package org.intarsia.picturebook.world;

/** A combination of kind and colour: what {@link World#heldOut} keeps out of training. */
public record Look(Kind kind, Colour colour) {
}
