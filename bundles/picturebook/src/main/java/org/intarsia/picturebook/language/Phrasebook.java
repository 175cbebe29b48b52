package org.intarsia.picturebook.language;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import org.intarsia.picturebook.meaning.Answer;
import org.intarsia.picturebook.meaning.Description;
import org.intarsia.picturebook.meaning.Edit;
import org.intarsia.picturebook.meaning.Group;
import org.intarsia.picturebook.meaning.Question;
import org.intarsia.picturebook.world.Background;
import org.intarsia.picturebook.world.Colour;
import org.intarsia.picturebook.world.Kind;
import org.intarsia.picturebook.world.Pattern;
import org.intarsia.picturebook.world.Relation;
import org.intarsia.picturebook.world.Size;
import org.intarsia.picturebook.world.World;

/**
 * The words of one language. What languages share - the order of the parts of a description - stands here, what differs
 * in the subclasses. The cases are those of German; a language without them ignores them.
 *
 * <p>Where a language has several words for the same, a chooser takes one; the first is the canonical one.
 */
abstract class Phrasebook {
    /** Takes the canonical word everywhere. */
    static final IntUnaryOperator CANONICAL = count -> 0;

    private final IntUnaryOperator chooser;

    enum Case {
        NOMINATIVE, ACCUSATIVE, DATIVE
    }

    /** @param chooser from a number of choices, the index of one */
    Phrasebook(IntUnaryOperator chooser) {
        this.chooser = chooser;
    }

    /** One of several words for the same. */
    @SafeVarargs
    final <T> T choose(T... words) {
        return words[chooser.applyAsInt(words.length)];
    }

    final <T> T choose(List<T> words) {
        return words.get(chooser.applyAsInt(words.size()));
    }

    /** "a small red star". */
    abstract String indefinite(Pattern thing, Case grammaticalCase);

    /** "the small red star". */
    abstract String definite(Pattern thing, Case grammaticalCase);

    /** "left of the star". */
    abstract String besideThe(Relation relation, Pattern other);

    /** "to its left", "above it". */
    abstract String besideIt(Relation relation);

    /** "small red stars", after a number. */
    abstract String plural(Pattern things);

    /** "two"; zero is the word that answers "how many?". */
    abstract String number(int count);

    /** "left of", to be followed by {@link #indefinite} in the dative. */
    abstract String relation(Relation relation);

    /** "left", "up". */
    abstract String direction(Relation towards);

    /** "at night". */
    abstract String background(Background background);

    /** The word alone: "red". */
    abstract String colour(Colour colour);

    /** "and". */
    abstract String and();

    /** "is" or "are". */
    abstract String is(int count);

    /** Every word, in any form and small letters, that stands for one of these kinds, colours or sizes, or for any thing. */
    abstract Set<String> subjects(World world);

    abstract String captionRequest();

    abstract String question(Question question);

    abstract String answer(Answer answer);

    abstract String instruction(Edit edit);

    abstract String name(Pattern pattern);

    /** Every form of every noun, canonical words alone; empty for the noun that leaves the kind open. */
    abstract Map<String, Optional<Kind>> nouns();

    /** Every form of every colour, canonical words alone. */
    abstract Map<String, Colour> colours();

    /** Every form of every size, canonical words alone. */
    abstract Map<String, Size> sizes();

    /** Every form of the indefinite article. */
    abstract List<String> articles();

    final String sentence(Description description) {
        return things(description, Case.NOMINATIVE)
                + description.background().map(background -> " " + background(background)).orElse("");
    }

    /** A description without its background. */
    final String things(Description description, Case grammaticalCase) {
        List<Group> groups = description.groups();
        return description.relation()
                .map(relation -> group(groups.get(0), grammaticalCase) + " " + relation(relation) + " "
                        + group(groups.get(1), Case.DATIVE))
                .orElseGet(() -> list(groups, grammaticalCase));
    }

    private String list(List<Group> groups, Case grammaticalCase) {
        List<String> named = new ArrayList<>();
        groups.forEach(group -> named.add(group(group, grammaticalCase)));
        String last = named.removeLast();
        return named.isEmpty() ? last : String.join(", ", named) + " " + and() + " " + last;
    }

    final String group(Group group, Case grammaticalCase) {
        return group.count() == 1
                ? indefinite(group.pattern(), grammaticalCase)
                : choose(number(group.count()), Integer.toString(group.count())) + " " + plural(group.pattern());
    }
}
