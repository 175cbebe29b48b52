package org.intarsia.picturebook.grading;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.intarsia.picturebook.language.Language;
import org.intarsia.picturebook.meaning.Edit;
import org.intarsia.picturebook.world.Background;
import org.intarsia.picturebook.world.Colour;
import org.intarsia.picturebook.world.Pattern;
import org.intarsia.picturebook.world.Relation;
import org.intarsia.picturebook.world.Scene;
import org.intarsia.picturebook.world.Thing;
import org.intarsia.picturebook.world.World;

/** Holds the scene after an edit against the edit and the scene before it. */
final class EditCheck {
    private EditCheck() {
    }

    static List<Fault> faults(Edit edit, Scene before, Scene after, World world) {
        List<Thing> untouched = new ArrayList<>(before.things());
        subject(edit, before).ifPresent(untouched::remove);
        List<Fault> faults = new ArrayList<>();
        List<Thing> rest = new ArrayList<>(after.things());
        for (Thing thing : untouched) {
            if (!rest.remove(thing)) {
                faults.add(kept("the " + SceneCheck.name(thing) + " did not stay as it was"));
                rest.removeIf(other -> other.cell().equals(thing.cell()));
            }
        }
        if (edit instanceof Edit.ChangeBackground(Background background)) {
            faults.addAll(SceneCheck.background(background, after));
        } else if (before.background() != after.background()) {
            faults.add(kept("the background did not stay as it was"));
        }
        faults.addAll(changed(edit, before, rest, world));
        return faults;
    }

    /** The thing that the edit is done to. */
    private static Optional<Thing> subject(Edit edit, Scene before) {
        return switch (edit) {
            case Edit.Recolour(Pattern thing, Colour colour) -> Optional.of(before.only(thing));
            case Edit.Replace(Pattern thing, Pattern by) -> Optional.of(before.only(thing));
            case Edit.Remove(Pattern thing) -> Optional.of(before.only(thing));
            case Edit.Move(Pattern thing, Relation towards) -> Optional.of(before.only(thing));
            case Edit.Add add -> Optional.empty();
            case Edit.ChangeBackground change -> Optional.empty();
        };
    }

    /** @param rest what the picture shows beside the things that the edit leaves alone */
    private static List<Fault> changed(Edit edit, Scene before, List<Thing> rest, World world) {
        int expected = switch (edit) {
            case Edit.Remove remove -> 0;
            case Edit.ChangeBackground change -> 0;
            default -> 1;
        };
        if (rest.size() != expected) {
            return List.of(new Fault(Fault.Type.COUNT, "expected " + expected + " changed things, saw " + rest.size()));
        }
        return switch (edit) {
            case Edit.Recolour(Pattern thing, Colour colour) -> {
                Thing was = before.only(thing);
                yield changed(was, was.withColour(colour), rest.getFirst());
            }
            case Edit.Replace(Pattern thing, Pattern by) -> {
                Thing was = before.only(thing);
                Thing asked = new Thing(by.kind().orElse(was.kind()), by.colour().orElse(was.colour()), by.size().orElse(was.size()),
                        was.cell());
                yield changed(was, asked, rest.getFirst());
            }
            case Edit.Move(Pattern thing, Relation towards) -> {
                Thing was = before.only(thing);
                Thing now = rest.getFirst();
                List<Fault> faults = new ArrayList<>(changed(was, was, now.withCell(was.cell())));
                if (!world.holds(towards, now, was)) {
                    faults.add(new Fault(Fault.Type.PLACE, "the " + SceneCheck.name(now)
                            + " did not move to where it should"));
                }
                yield faults;
            }
            case Edit.Add(Pattern thing, Optional<Edit.Placement> placement) -> {
                Thing added = rest.getFirst();
                List<Fault> faults = new ArrayList<>(DescriptionCheck.thing(thing, added));
                placement.filter(p -> !world.holds(p.relation(), added, before.only(p.other())))
                        .ifPresent(p -> faults.add(new Fault(Fault.Type.PLACE, "the " + SceneCheck.name(added)
                                + " is not " + Language.ENGLISH.relation(p.relation()) + " the "
                                + Language.ENGLISH.name(p.other()))));
                yield faults;
            }
            case Edit.Remove remove -> List.of();
            case Edit.ChangeBackground change -> List.of();
        };
    }

    /** An attribute that the edit changes must become what was asked; one that it does not must stay. */
    private static List<Fault> changed(Thing was, Thing asked, Thing now) {
        List<Fault> faults = new ArrayList<>();
        for (Fault fault : DescriptionCheck.thing(Pattern.of(asked), now)) {
            boolean same = switch (fault.type()) {
                case KIND -> was.kind() == asked.kind();
                case COLOUR -> was.colour() == asked.colour();
                default -> was.size() == asked.size();
            };
            faults.add(same ? kept(fault.reason()) : fault);
        }
        if (!now.cell().equals(was.cell())) {
            faults.add(kept("the " + SceneCheck.name(now) + " did not stay in its cell"));
        }
        return faults;
    }

    private static Fault kept(String reason) {
        return new Fault(Fault.Type.PRESERVATION, reason);
    }
}
