package org.intarsia.picturebook;

import java.util.ArrayList;
import java.util.List;

/**
 * The combinations of kind and colour that no training sample ever shows or names: one colour of each kind and one kind
 * of each colour. Whoever draws them right has learnt what a kind is and what a colour is, apart from each other.
 */
public final class HeldOut {
    private static final List<Look> LOOKS = looks();

    private HeldOut() {
    }

    /** The held-out combinations, eight of the sixty-four. */
    public static List<Look> all() {
        return LOOKS;
    }

    public static boolean contains(Kind kind, Colour colour) {
        return LOOKS.get(kind.ordinal()).colour() == colour;
    }

    public static boolean contains(Thing thing) {
        return contains(thing.kind(), thing.colour());
    }

    private static List<Look> looks() {
        // Three has no common divisor with the number of colours, so each colour is met once; six keeps out what people
        // rarely ask for (an orange square, a red tree).
        List<Look> looks = new ArrayList<>();
        Colour[] colours = Colour.values();
        for (Kind kind : Kind.values()) {
            looks.add(new Look(kind, colours[(3 * kind.ordinal() + 6) % colours.length]));
        }
        return List.copyOf(looks);
    }
}
