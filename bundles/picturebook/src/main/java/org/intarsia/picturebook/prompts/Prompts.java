package org.intarsia.picturebook.prompts;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.intarsia.picturebook.meaning.Description;
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

/** Makes up descriptions, and scenes that fit them. Immutable. */
public final class Prompts {
    private static final double[] FORM_WEIGHTS = {0.10, 0.12, 0.15, 0.15, 0.25, 0.15, 0.08};
    private static final double SIZE_SAID = 0.15;
    private static final double BACKGROUND_SAID = 0.25;
    private static final double POSITION_WITH_COLOURS = 0.65;
    private static final double COUNTING_WITH_COLOUR = 0.5;
    private static final double[] SCENE_COUNTS = {0.3, 0.4, 0.2, 0.1};
    private static final double SCENE_ALIKE = 0.12;
    private static final double SAME_KIND = 0.15;
    private static final double ALIGNED = 0.6;

    private final World world;
    private final Looks looks;

    /** @param looks the only ones that descriptions name and scenes show */
    public Prompts(Looks looks) {
        this.world = looks.world();
        this.looks = looks;
    }

    /** A description for training: one of the six forms or a longer list, now and then with sizes and a background. */
    public Description varied(Dice dice) {
        int form = dice.weighted(FORM_WEIGHTS);
        Description plain = form < PromptForm.values().length
                ? plain(PromptForm.values()[form], dice)
                : list(groups(3 + dice.below(Group.MOST - 2), true, dice));
        List<Group> groups = plain.groups().stream()
                .map(group -> dice.chance(SIZE_SAID)
                        ? new Group(group.count(), group.pattern().withSize(dice.pick(Size.values())))
                        : group)
                .map(group -> world.leftOut() > 0 ? new Group(group.count(), leaveOut(group.pattern(), dice)) : group)
                .toList();
        Optional<Background> background = dice.chance(BACKGROUND_SAID)
                ? Optional.of(dice.pick(world.backgrounds()))
                : Optional.empty();
        return new Description(groups, plain.relation(), background);
    }

    /** Says less now and then: "a tree", "a red thing". Something is always said. */
    private Pattern leaveOut(Pattern pattern, Dice dice) {
        Pattern said = dice.chance(world.leftOut())
                ? new Pattern(pattern.kind(), Optional.empty(), pattern.size()) : pattern;
        boolean kindless = dice.chance(world.leftOut());
        return kindless && said.colour().isPresent() ? said.withoutKind() : said;
    }

    /** A description of one look, once or several times, that leaves little open. */
    public Description simple(Dice dice) {
        Pattern pattern = groups(1, true, dice).getFirst().pattern();
        Pattern said = dice.chance(0.5) ? pattern.withSize(dice.pick(Size.values())) : pattern;
        Optional<Background> background = dice.chance(0.5) ? Optional.of(dice.pick(world.backgrounds())) : Optional.empty();
        int count = dice.chance(0.75) ? 1 : 2 + dice.below(Group.MOST - 1);
        return new Description(List.of(new Group(count, said)), Optional.empty(), background);
    }

    /** A description that says what the form asks for and nothing else. */
    public Description plain(PromptForm form, Dice dice) {
        return switch (form) {
            case SINGLE_OBJECT -> list(groups(1, false, dice));
            case TWO_OBJECTS -> list(groups(2, false, dice));
            case COLOURS -> list(groups(1, true, dice));
            case COLOUR_ATTRIBUTION -> list(groups(2, true, dice));
            case COUNTING -> {
                Pattern pattern = groups(1, dice.chance(COUNTING_WITH_COLOUR), dice).getFirst().pattern();
                yield list(List.of(new Group(2 + dice.below(Group.MOST - 1), pattern)));
            }
            case POSITION -> new Description(groups(2, dice.chance(POSITION_WITH_COLOURS), dice),
                    Optional.of(dice.pick(Relation.values())), Optional.empty());
        };
    }

    /** One thing or several alike, of which the size is said. */
    public Description sized(Dice dice) {
        Group group = some(dice);
        return list(List.of(new Group(group.count(), group.pattern().withSize(dice.pick(Size.values())))));
    }

    /** One thing or several alike, before a background that is said. */
    public Description grounded(Dice dice) {
        return new Description(List.of(some(dice)), Optional.empty(), Optional.of(dice.pick(world.backgrounds())));
    }

    private Group some(Dice dice) {
        Pattern pattern = groups(1, dice.chance(COUNTING_WITH_COLOUR), dice).getFirst().pattern();
        return new Group(1 + dice.below(Group.MOST), pattern);
    }

    private static Description list(List<Group> groups) {
        return new Description(groups, Optional.empty(), Optional.empty());
    }

    /** One thing each, all of different kinds. */
    private List<Group> groups(int count, boolean coloured, Dice dice) {
        List<Group> groups = new ArrayList<>();
        for (Kind kind : dice.shuffled(world.kinds()).subList(0, count)) {
            groups.add(Group.one(coloured ? Pattern.of(dice.pick(looks.coloursOf(kind)), kind) : Pattern.of(kind)));
        }
        return groups;
    }

    /**
     * A scene that fits: what the description leaves open is diced; the things of one group look alike. Where no relation
     * says otherwise, things stand in the order in which they are named, as one reads.
     */
    public Scene fill(Description description, Dice dice) {
        // The cells of a grid are drawn before the things, as they were for the shipped weights; other places hang on sizes.
        List<Cell> cells = world.isGrid() ? cells(description, dice) : List.of();
        List<Thing> things = new ArrayList<>();
        for (Group group : description.groups()) {
            Thing thing = thing(group.pattern(), dice);
            for (int i = 0; i < group.count(); i++) {
                things.add(world.isGrid() ? thing.withCell(cells.get(things.size())) : thing);
            }
        }
        List<Thing> placed = world.isGrid() ? things : placed(things, description.relation(), dice);
        return new Scene(description.background().orElseGet(() -> dice.pick(world.backgrounds())), placed);
    }

    private List<Cell> cells(Description description, Dice dice) {
        return description.relation()
                .map(relation -> related(relation, dice))
                .orElseGet(() -> dice.shuffled(world.cells()).subList(0, description.things()).stream().sorted().toList());
    }

    /** A thing that fits, in the first cell. */
    private Thing thing(Pattern pattern, Dice dice) {
        Kind kind = pattern.kind().orElseGet(() -> pattern.colour()
                .map(colour -> dice.pick(looks.kindsOf(colour))).orElseGet(() -> looks.any(dice).kind()));
        Colour colour = pattern.colour().orElseGet(() -> dice.pick(looks.coloursOf(kind)));
        Size size = pattern.size().orElseGet(() -> dice.pick(Size.values()));
        return new Thing(kind, colour, size, new Cell(0, 0));
    }

    /**
     * The things at places that are drawn again until they fit: in reading order or, where two are related, the first in
     * this relation to the second.
     */
    private List<Thing> placed(List<Thing> things, Optional<Relation> relation, Dice dice) {
        while (true) {
            List<Cell> cells = new ArrayList<>();
            things.forEach(thing -> cells.add(new Cell(dice.below(world.columns()), dice.below(world.rows()))));
            if (relation.isEmpty()) {
                Collections.sort(cells);
            }
            List<Thing> placed = IntStream.range(0, things.size()).mapToObj(i -> things.get(i).withCell(cells.get(i))).toList();
            if (fit(placed) && relation.stream().allMatch(said -> world.clearlyHolds(said, placed.get(0), placed.get(1)))) {
                return placed;
            }
        }
    }

    private boolean fit(List<Thing> things) {
        for (int i = 0; i < things.size(); i++) {
            Thing thing = things.get(i);
            if (!world.contains(thing.cell(), thing.size())
                    || !things.subList(0, i).stream().allMatch(other -> world.apart(thing, other))) {
                return false;
            }
        }
        return true;
    }

    /** A scene of as many things as there may be. */
    public Scene crowded(Dice dice) {
        List<Thing> things = IntStream.range(0, Group.MOST)
                .mapToObj(i -> thing(new Pattern(Optional.empty(), Optional.empty(), Optional.empty()), dice)).toList();
        return new Scene(dice.pick(world.backgrounds()), placed(things, Optional.empty(), dice));
    }

    /** A scene to be looked at: of one to four things, two of them often in a row or a column. */
    public Scene scene(Dice dice) {
        int count = 1 + dice.weighted(SCENE_COUNTS);
        List<Cell> cells = world.isGrid() ? cells(count, dice) : Collections.nCopies(count, new Cell(0, 0));
        boolean alike = dice.chance(SCENE_ALIKE);
        List<Thing> things = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Look look = looks.any(dice);
            Thing thing = new Thing(look.kind(), look.colour(), dice.pick(Size.values()), cells.get(i));
            if (i > 0 && alike) {
                thing = things.getFirst().withCell(cells.get(i));
            } else if (i > 0 && dice.chance(SAME_KIND)) {
                Kind kind = things.getFirst().kind();
                thing = new Thing(kind, dice.pick(looks.coloursOf(kind)), thing.size(), cells.get(i));
            }
            things.add(thing);
        }
        return new Scene(dice.pick(world.backgrounds()),
                world.isGrid() ? things : placed(things, Optional.empty(), dice));
    }

    private List<Cell> cells(int count, Dice dice) {
        return count == 2 && dice.chance(ALIGNED)
                ? related(dice.pick(Relation.values()), dice)
                : dice.shuffled(world.cells());
    }

    /** Two cells, the first in this relation to the second. */
    private List<Cell> related(Relation relation, Dice dice) {
        List<Cell> cells = world.cells();
        while (true) {
            Cell first = dice.pick(cells);
            Cell second = dice.pick(cells);
            if (relation.holds(first.column() - second.column(), first.row() - second.row(), world.slant())) {
                return List.of(first, second);
            }
        }
    }
}
