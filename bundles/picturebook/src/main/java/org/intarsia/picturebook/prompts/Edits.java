package org.intarsia.picturebook.prompts;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.intarsia.picturebook.meaning.Edit;
import org.intarsia.picturebook.meaning.Group;
import org.intarsia.picturebook.world.Background;
import org.intarsia.picturebook.world.Cell;
import org.intarsia.picturebook.world.Colour;
import org.intarsia.picturebook.world.Dice;
import org.intarsia.picturebook.world.Kind;
import org.intarsia.picturebook.world.Look;
import org.intarsia.picturebook.world.Looks;
import org.intarsia.picturebook.world.Pattern;
import org.intarsia.picturebook.world.Relation;
import org.intarsia.picturebook.world.Scene;
import org.intarsia.picturebook.world.Size;
import org.intarsia.picturebook.world.Thing;
import org.intarsia.picturebook.world.World;

/**
 * Makes up edits together with the scene before and a scene after. In the held-out case, the edit is about a held-out
 * look: it brings one about, or it is done to one. Immutable.
 */
public final class Edits {
    /** What is changed, how, and one right result. */
    public record Case(Scene before, Edit edit, Scene after) {
    }

    private static final double SIZE_SAID = 0.2;
    private static final double COLOUR_SAID = 0.3;
    private static final double PLACED = 0.4;
    /** The fewest cells that a thing moves where cells are finer than things. */
    private static final int FEWEST_CELLS = 4;

    private final World world;
    private final Looks results;
    /** Scenes in which to bring about a look. */
    private final Prompts ordinary;
    /** Scenes in which to do something to a look. */
    private final Prompts subjects;

    /** @param looks those that the edits are about */
    public Edits(Looks looks) {
        this.world = looks.world();
        this.results = looks;
        this.ordinary = new Prompts(Looks.trained(world));
        this.subjects = new Prompts(looks);
    }

    /** An edit of this form, with scenes that are made up for it. */
    public Case next(EditForm form, Dice dice) {
        while (true) {
            Optional<Case> found = of(form, switch (form) {
                case RECOLOUR, ADD, REPLACE -> ordinary.scene(dice);
                case REMOVE, MOVE, BACKGROUND -> subjects.scene(dice);
            }, dice);
            if (found.isPresent()) {
                return found.get();
            }
        }
    }

    /** An edit of this scene; empty if the dice find none. */
    public Optional<Case> of(EditForm form, Scene scene, Dice dice) {
        return switch (form) {
            case RECOLOUR -> recolour(scene, dice);
            case ADD -> add(scene, dice);
            case REPLACE -> replace(scene, dice);
            case REMOVE -> remove(scene, dice);
            case MOVE -> move(scene, dice);
            case BACKGROUND -> background(scene, dice);
        };
    }

    private Optional<Case> recolour(Scene scene, Dice dice) {
        Thing thing = dice.pick(scene.things());
        List<Colour> colours = results.coloursOf(thing.kind()).stream().filter(c -> c != thing.colour()).toList();
        if (colours.isEmpty()) {
            return Optional.empty();
        }
        Colour colour = dice.pick(colours);
        return References.to(thing, scene, false, dice).map(reference -> new Case(scene,
                new Edit.Recolour(reference, colour), scene.without(thing).with(thing.withColour(colour))));
    }

    private Optional<Case> replace(Scene scene, Dice dice) {
        Thing thing = dice.pick(scene.things());
        boolean coloured = dice.chance(COLOUR_SAID);
        Colour colour = coloured ? results.any(dice).colour() : thing.colour();
        List<Kind> kinds = results.kindsOf(colour).stream().filter(kind -> kind != thing.kind()).toList();
        if (kinds.isEmpty()) {
            return Optional.empty();
        }
        Kind kind = dice.pick(kinds);
        Pattern by = coloured ? Pattern.of(colour, kind) : Pattern.of(kind);
        return References.to(thing, scene, false, dice).map(reference -> new Case(scene,
                new Edit.Replace(reference, by), scene.without(thing).with(thing.withKind(kind).withColour(colour))));
    }

    private Optional<Case> add(Scene scene, Dice dice) {
        if (scene.things().size() >= Group.MOST) {
            return Optional.empty();
        }
        Look look = results.any(dice);
        Size size = dice.pick(Size.values());
        Pattern coloured = Pattern.of(look.colour(), look.kind());
        Pattern pattern = dice.chance(SIZE_SAID) ? coloured.withSize(size) : coloured;
        Optional<Edit.Placement> placement = Optional.empty();
        Thing unplaced = new Thing(look.kind(), look.colour(), size, new Cell(0, 0));
        List<Thing> free = world.cells(size).stream().map(unplaced::withCell).filter(thing -> fits(thing, scene)).toList();
        boolean placed = dice.chance(PLACED);
        if (placed) {
            Thing other = dice.pick(scene.things());
            Relation relation = dice.pick(Relation.values());
            placement = References.to(other, scene, false, dice).map(p -> new Edit.Placement(relation, p));
            free = free.stream().filter(thing -> world.clearlyHolds(relation, thing, other)).toList();
        }
        if (free.isEmpty() || placed && placement.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Case(scene, new Edit.Add(pattern, placement), scene.with(dice.pick(free))));
    }

    private Optional<Case> remove(Scene scene, Dice dice) {
        Thing thing = dice.pick(scene.things());
        return References.to(thing, scene, false, dice)
                .map(reference -> new Case(scene, new Edit.Remove(reference), scene.without(thing)));
    }

    /** Shows the smallest move that is right and plain to see: to the nearest free place on that side. */
    private Optional<Case> move(Scene scene, Dice dice) {
        Thing thing = dice.pick(scene.things());
        Relation towards = dice.pick(Relation.values());
        Scene rest = scene.without(thing);
        Cell step = towards.step();
        Optional<Thing> target = IntStream.range(world.isGrid() ? 1 : FEWEST_CELLS, Math.max(world.columns(), world.rows()))
                .mapToObj(cells -> thing.withCell(new Cell(thing.cell().column() + cells * step.column(),
                        thing.cell().row() + cells * step.row())))
                .filter(moved -> world.contains(moved.cell(), moved.size()) && fits(moved, rest)).findFirst();
        return target.flatMap(moved -> References.to(thing, scene, false, dice).map(reference -> new Case(scene,
                new Edit.Move(reference, towards), rest.with(moved))));
    }

    private boolean fits(Thing thing, Scene scene) {
        return scene.things().stream().allMatch(other -> world.apart(thing, other));
    }

    private Optional<Case> background(Scene scene, Dice dice) {
        Background background = dice.pick(world.backgrounds());
        return background == scene.background()
                ? Optional.empty()
                : Optional.of(new Case(scene, new Edit.ChangeBackground(background), scene.withBackground(background)));
    }
}
