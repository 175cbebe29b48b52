package org.intarsia.picturebook.grading;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.intarsia.picturebook.language.Language;
import org.intarsia.picturebook.world.Background;
import org.intarsia.picturebook.world.Pattern;
import org.intarsia.picturebook.world.Scene;
import org.intarsia.picturebook.world.Thing;

/** Holds a scene against the one scene that was expected. */
final class SceneCheck {
    private SceneCheck() {
    }

    static List<Fault> faults(Scene expected, Scene seen) {
        List<Fault> faults = new ArrayList<>(background(expected.background(), seen));
        List<Thing> extra = new ArrayList<>(seen.things());
        List<Thing> missing = new ArrayList<>(expected.things());
        extra.removeAll(expected.things());
        missing.removeAll(seen.things());
        for (Thing thing : missing) {
            Optional<Thing> sameCell = extra.stream().filter(other -> other.cell().equals(thing.cell())).findFirst();
            Optional<Thing> sameLook = extra.stream().filter(Pattern.of(thing)::matches).findFirst();
            if (sameCell.isPresent()) {
                faults.addAll(DescriptionCheck.thing(Pattern.of(thing), sameCell.get()));
            } else if (sameLook.isPresent()) {
                faults.add(new Fault(Fault.Type.PLACE, "the " + name(thing) + " stands in the wrong cell"));
            } else {
                faults.add(new Fault(Fault.Type.COUNT, "the " + name(thing) + " is missing"));
            }
            sameCell.or(() -> sameLook).ifPresent(extra::remove);
        }
        for (Thing thing : extra) {
            faults.add(new Fault(Fault.Type.COUNT, "there is a " + name(thing) + " too many"));
        }
        return faults;
    }

    static List<Fault> background(Background expected, Scene seen) {
        return expected == seen.background()
                ? List.of()
                : List.of(new Fault(Fault.Type.BACKGROUND, "expected " + Language.ENGLISH.background(expected)
                        + ", saw " + Language.ENGLISH.background(seen.background())));
    }

    static String name(Thing thing) {
        return Language.ENGLISH.name(Pattern.of(thing));
    }
}
