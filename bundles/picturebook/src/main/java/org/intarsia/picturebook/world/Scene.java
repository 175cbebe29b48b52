package org.intarsia.picturebook.world;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Everything that a picture shows. Two scenes are equal exactly when their pictures are.
 *
 * @param things no two in one cell; kept in reading order, whatever order they came in
 */
public record Scene(Background background, List<Thing> things) {
    public Scene {
        things = things.stream().sorted(Comparator.comparing(Thing::cell)).toList();
        for (int i = 1; i < things.size(); i++) {
            if (things.get(i).cell().equals(things.get(i - 1).cell())) {
                throw new IllegalArgumentException("two things share the " + things.get(i).cell()
                        + ": give each a cell of its own");
            }
        }
    }

    public static Scene of(Background background, Thing... things) {
        return new Scene(background, List.of(things));
    }

    public Optional<Thing> at(Cell cell) {
        return things.stream().filter(thing -> thing.cell().equals(cell)).findFirst();
    }

    public Scene withBackground(Background other) {
        return new Scene(other, things);
    }

    public Scene with(Thing added) {
        List<Thing> more = new ArrayList<>(things);
        more.add(added);
        return new Scene(background, more);
    }

    public Scene without(Thing removed) {
        return new Scene(background, things.stream().filter(thing -> !thing.equals(removed)).toList());
    }

    /** The things that a pattern fits. */
    public List<Thing> matching(Pattern pattern) {
        return things.stream().filter(pattern::matches).toList();
    }

    /**
     * The only thing that a pattern fits.
     *
     * @throws IllegalArgumentException if it fits none or several
     */
    public Thing only(Pattern pattern) {
        List<Thing> found = matching(pattern);
        if (found.size() != 1) {
            throw new IllegalArgumentException("\"the " + pattern.words() + "\" fits " + found.size()
                    + " things: describe exactly one");
        }
        return found.getFirst();
    }
}
