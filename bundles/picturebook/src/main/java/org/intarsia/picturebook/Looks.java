package org.intarsia.picturebook;

import java.util.ArrayList;
import java.util.List;

/** The combinations of kind and colour that may be drawn: those of training, or those held out of it. */
enum Looks {
    TRAINED(false), HELD_OUT(true);

    private final List<Look> all = new ArrayList<>();

    Looks(boolean heldOut) {
        for (Kind kind : Kind.values()) {
            for (Colour colour : Colour.values()) {
                if (HeldOut.contains(kind, colour) == heldOut) {
                    all.add(new Look(kind, colour));
                }
            }
        }
    }

    Look any(Dice dice) {
        return dice.pick(all);
    }

    List<Colour> coloursOf(Kind kind) {
        return all.stream().filter(look -> look.kind() == kind).map(Look::colour).toList();
    }

    List<Kind> kindsOf(Colour colour) {
        return all.stream().filter(look -> look.colour() == colour).map(Look::kind).toList();
    }
}
