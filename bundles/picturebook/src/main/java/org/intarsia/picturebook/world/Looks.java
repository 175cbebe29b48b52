package org.intarsia.picturebook.world;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The combinations of kind and colour that may be drawn: those of training, or those held out of it. Immutable. */
public final class Looks {
    private final World world;
    private final List<Look> all = new ArrayList<>();

    private Looks(World world, Predicate<Look> which) {
        this.world = world;
        for (Kind kind : world.kinds()) {
            for (Colour colour : world.colours()) {
                Look look = new Look(kind, colour);
                if (which.test(look)) {
                    all.add(look);
                }
            }
        }
    }

    /** The looks that training shows. */
    public static Looks trained(World world) {
        return new Looks(world, look -> !world.heldOut().contains(look));
    }

    /** The looks that training never shows. */
    public static Looks heldOut(World world) {
        return new Looks(world, world.heldOut()::contains);
    }

    /** All looks. */
    public static Looks all(World world) {
        return new Looks(world, look -> true);
    }

    /** The world that they are of. */
    public World world() {
        return world;
    }

    /** One of them, each as likely. */
    public Look any(Dice dice) {
        return dice.pick(all);
    }

    /** The colours in which a kind may be drawn, in the order of the world. */
    public List<Colour> coloursOf(Kind kind) {
        return all.stream().filter(look -> look.kind() == kind).map(Look::colour).toList();
    }

    /** The kinds that may be drawn in a colour, in the order of the world. */
    public List<Kind> kindsOf(Colour colour) {
        return all.stream().filter(look -> look.colour() == colour).map(Look::kind).toList();
    }
}
