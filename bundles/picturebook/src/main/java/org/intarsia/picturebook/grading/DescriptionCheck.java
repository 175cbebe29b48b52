package org.intarsia.picturebook.grading;

import java.util.ArrayList;
import java.util.List;
import org.intarsia.picturebook.language.Language;
import org.intarsia.picturebook.meaning.Description;
import org.intarsia.picturebook.world.Pattern;
import org.intarsia.picturebook.world.Scene;
import org.intarsia.picturebook.world.Thing;
import org.intarsia.picturebook.world.World;

/** Holds a scene against a description. */
final class DescriptionCheck {
    private DescriptionCheck() {
    }

    /** The fewest faults under which the things of the scene can be taken for those of the description. */
    static List<Fault> faults(Description description, Scene scene, World world) {
        List<Fault> faults = new ArrayList<>();
        description.background().ifPresent(said -> faults.addAll(SceneCheck.background(said, scene)));
        int seen = scene.things().size();
        if (seen != description.things()) {
            faults.add(new Fault(Fault.Type.COUNT, "expected " + description.things() + " things, saw " + seen));
            return faults;
        }
        faults.addAll(fewest(description, scene.things(), new ArrayList<>(), world));
        return faults;
    }

    /** Tries every order of the things, one thing after the other; there are at most a few. */
    private static List<Fault> fewest(Description description, List<Thing> left, List<Thing> taken, World world) {
        if (left.isEmpty()) {
            return inOrder(description, taken, world);
        }
        List<Fault> best = null;
        for (Thing thing : left) {
            List<Thing> rest = new ArrayList<>(left);
            rest.remove(thing);
            List<Thing> order = new ArrayList<>(taken);
            order.add(thing);
            List<Fault> faults = fewest(description, rest, order, world);
            if (best == null || faults.size() < best.size()) {
                best = faults;
            }
        }
        return best;
    }

    private static List<Fault> inOrder(Description description, List<Thing> things, World world) {
        List<Fault> faults = new ArrayList<>();
        List<Pattern> patterns = description.patterns();
        for (int i = 0; i < things.size(); i++) {
            faults.addAll(thing(patterns.get(i), things.get(i)));
        }
        description.relation().ifPresent(relation -> {
            if (!world.holds(relation, things.get(0), things.get(1))) {
                faults.add(new Fault(Fault.Type.PLACE, "the " + SceneCheck.name(things.get(0)) + " is not "
                        + Language.ENGLISH.relation(relation) + " the " + SceneCheck.name(things.get(1))));
            }
        });
        return faults;
    }

    /** What of a thing differs from what is said of it. */
    static List<Fault> thing(Pattern said, Thing seen) {
        List<Fault> faults = new ArrayList<>();
        String expected = "expected a " + Language.ENGLISH.name(said) + ", saw a " + SceneCheck.name(seen);
        if (said.kind().isPresent() && said.kind().get() != seen.kind()) {
            faults.add(new Fault(Fault.Type.KIND, expected));
        }
        if (said.colour().isPresent() && said.colour().get() != seen.colour()) {
            faults.add(new Fault(Fault.Type.COLOUR, expected));
        }
        if (said.size().isPresent() && said.size().get() != seen.size()) {
            faults.add(new Fault(Fault.Type.SIZE, expected));
        }
        return faults;
    }
}
