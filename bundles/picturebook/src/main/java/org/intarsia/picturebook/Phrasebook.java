package org.intarsia.picturebook;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The words of one language. What languages share - the order of the parts of a description - stands here, what differs
 * in the subclasses. The cases are those of German; a language without them ignores them.
 */
abstract class Phrasebook {
    enum Case {
        NOMINATIVE, ACCUSATIVE, DATIVE
    }

    /** "a small red star". */
    abstract String indefinite(Pattern thing, Case grammaticalCase);

    /** "small red stars", after a number. */
    abstract String plural(Pattern things);

    /** "two"; zero is the word that answers "how many?". */
    abstract String number(int count);

    /** "left of", to be followed by {@link #indefinite} in the dative. */
    abstract String relation(Relation relation);

    /** "at night". */
    abstract String background(Background background);

    /** "and". */
    abstract String and();

    abstract String captionRequest();

    abstract String question(Question question);

    abstract String answer(Answer answer);

    abstract String instruction(Edit edit);

    abstract String name(Pattern pattern);

    /** Every form of every noun. */
    abstract Map<String, Kind> nouns();

    /** Every form of every colour. */
    abstract Map<String, Colour> colours();

    /** Every form of every size. */
    abstract Map<String, Size> sizes();

    /** Every form of the indefinite article. */
    abstract List<String> articles();

    final String sentence(Description description) {
        StringBuilder sentence = new StringBuilder();
        List<Group> groups = description.groups();
        Optional<Relation> relation = description.relation();
        if (relation.isPresent()) {
            sentence.append(group(groups.get(0), Case.NOMINATIVE))
                    .append(' ').append(relation(relation.get()))
                    .append(' ').append(group(groups.get(1), Case.DATIVE));
        } else {
            sentence.append(list(groups));
        }
        description.background().ifPresent(background -> sentence.append(' ').append(background(background)));
        return sentence.toString();
    }

    private String list(List<Group> groups) {
        List<String> named = new ArrayList<>();
        groups.forEach(group -> named.add(group(group, Case.NOMINATIVE)));
        String last = named.removeLast();
        return named.isEmpty() ? last : String.join(", ", named) + " " + and() + " " + last;
    }

    private String group(Group group, Case grammaticalCase) {
        return group.count() == 1
                ? indefinite(group.pattern(), grammaticalCase)
                : number(group.count()) + " " + plural(group.pattern());
    }
}
