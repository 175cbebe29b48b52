package org.intarsia.picturebook;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes up descriptions, and scenes that fit them. */
final class Prompts {
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

    Prompts(World world, Looks looks) {
        this.world = world;
        this.looks = looks;
    }

    /** A description for training: one of the six forms or a longer list, now and then with sizes and a background. */
    Description varied(Dice dice) {
        int form = dice.weighted(FORM_WEIGHTS);
        Description plain = form < PromptForm.values().length
                ? plain(PromptForm.values()[form], dice)
                : list(groups(3 + dice.below(Group.MOST - 2), true, dice));
        List<Group> groups = plain.groups().stream()
                .map(group -> dice.chance(SIZE_SAID)
                        ? new Group(group.count(), group.pattern().withSize(dice.pick(Size.values())))
                        : group)
                .toList();
        Optional<Background> background = dice.chance(BACKGROUND_SAID)
                ? Optional.of(dice.pick(Background.values()))
                : Optional.empty();
        return new Description(groups, plain.relation(), background);
    }

    /** A description of one look, once or several times, that leaves little open. */
    Description simple(Dice dice) {
        Pattern pattern = groups(1, true, dice).getFirst().pattern();
        Pattern said = dice.chance(0.5) ? pattern.withSize(dice.pick(Size.values())) : pattern;
        Optional<Background> background = dice.chance(0.5) ? Optional.of(dice.pick(Background.values())) : Optional.empty();
        int count = dice.chance(0.75) ? 1 : 2 + dice.below(Group.MOST - 1);
        return new Description(List.of(new Group(count, said)), Optional.empty(), background);
    }

    /** A description that says what the form asks for and nothing else. */
    Description plain(PromptForm form, Dice dice) {
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

    private static Description list(List<Group> groups) {
        return new Description(groups, Optional.empty(), Optional.empty());
    }

    /** One thing each, all of different kinds. */
    private List<Group> groups(int count, boolean coloured, Dice dice) {
        List<Group> groups = new ArrayList<>();
        for (Kind kind : dice.shuffled(List.of(Kind.values())).subList(0, count)) {
            groups.add(Group.one(coloured ? Pattern.of(dice.pick(looks.coloursOf(kind)), kind) : Pattern.of(kind)));
        }
        return groups;
    }

    /**
     * A scene that fits: what the description leaves open is diced; the things of one group look alike. Where no relation
     * says otherwise, things stand in the order in which they are named, as one reads.
     */
    Scene fill(Description description, Dice dice) {
        int count = description.groups().stream().mapToInt(Group::count).sum();
        List<Cell> cells = description.relation()
                .map(relation -> related(relation, dice))
                .orElseGet(() -> dice.shuffled(world.cells()).subList(0, count).stream().sorted().toList());
        List<Thing> things = new ArrayList<>();
        for (Group group : description.groups()) {
            Pattern pattern = group.pattern();
            Colour colour = pattern.colour().orElseGet(() -> dice.pick(looks.coloursOf(pattern.kind())));
            Size size = pattern.size().orElseGet(() -> dice.pick(Size.values()));
            for (int i = 0; i < group.count(); i++) {
                things.add(new Thing(pattern.kind(), colour, size, cells.get(things.size())));
            }
        }
        return new Scene(description.background().orElseGet(() -> dice.pick(Background.values())), things);
    }

    /** A scene to be looked at: of one to four things, two of them often in a row or a column. */
    Scene scene(Dice dice) {
        int count = 1 + dice.weighted(SCENE_COUNTS);
        List<Cell> cells = count == 2 && dice.chance(ALIGNED)
                ? related(dice.pick(Relation.values()), dice)
                : dice.shuffled(world.cells());
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
        return new Scene(dice.pick(Background.values()), things);
    }

    /** Two cells, the first in this relation to the second. */
    private List<Cell> related(Relation relation, Dice dice) {
        List<Cell> cells = world.cells();
        while (true) {
            Cell first = dice.pick(cells);
            Cell second = dice.pick(cells);
            if (relation.holds(first, second)) {
                return List.of(first, second);
            }
        }
    }
}
