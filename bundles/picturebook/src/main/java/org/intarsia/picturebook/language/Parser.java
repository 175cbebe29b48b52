package org.intarsia.picturebook.language;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.intarsia.picturebook.meaning.Description;
import org.intarsia.picturebook.meaning.Group;
import org.intarsia.picturebook.world.Background;
import org.intarsia.picturebook.world.Colour;
import org.intarsia.picturebook.world.Kind;
import org.intarsia.picturebook.world.Pattern;
import org.intarsia.picturebook.world.Relation;
import org.intarsia.picturebook.world.Size;

/**
 * Reads a description by the words of one {@link Phrasebook}. It is generous with grammar - any form of a word will
 * do - and strict with meaning: a word that it does not know, or that stands in the wrong place, makes the sentence
 * unreadable.
 */
final class Parser {
    private final Phrasebook words;
    private final Map<String, Optional<Kind>> nouns;
    private final Map<String, Colour> colours;
    private final Map<String, Size> sizes;

    Parser(Phrasebook words) {
        this.words = words;
        this.nouns = words.nouns();
        this.colours = words.colours();
        this.sizes = words.sizes();
    }

    Optional<Description> parse(String sentence) {
        String rest = sentence.strip().toLowerCase(Locale.ROOT).replaceFirst("\\.$", "").replaceAll("\\s+", " ");
        Optional<Background> background = Optional.empty();
        for (Background candidate : Background.values()) {
            String phrase = " " + words.background(candidate).toLowerCase(Locale.ROOT);
            if (rest.endsWith(phrase)) {
                background = Optional.of(candidate);
                rest = rest.substring(0, rest.length() - phrase.length());
            }
        }
        for (Relation relation : Relation.values()) {
            int at = rest.indexOf(" " + words.relation(relation) + " ");
            if (at >= 0) {
                String other = rest.substring(at + words.relation(relation).length() + 2);
                return description(List.of(rest.substring(0, at), other), Optional.of(relation), background);
            }
        }
        List<String> parts = List.of(rest.split(", | " + words.and() + " ", -1));
        return description(parts, Optional.empty(), background);
    }

    private Optional<Description> description(List<String> parts, Optional<Relation> relation,
                                              Optional<Background> background) {
        List<Group> groups = new ArrayList<>();
        for (String part : parts) {
            Optional<Group> group = group(List.of(part.split(" ")));
            if (group.isEmpty() || relation.isPresent() && group.get().count() != 1) {
                return Optional.empty();
            }
            groups.add(group.get());
        }
        return Optional.of(new Description(groups, relation, background));
    }

    /** Article or number, size if said, colour if said, noun. */
    private Optional<Group> group(List<String> part) {
        int count = count(part.getFirst());
        Optional<Kind> kind = nouns.get(part.getLast());
        if (count == 0 || kind == null || part.size() < 2) {
            return Optional.empty();
        }
        int at = 1;
        Optional<Size> size = Optional.ofNullable(sizes.get(part.get(at)));
        at += size.isPresent() ? 1 : 0;
        Optional<Colour> colour = Optional.ofNullable(colours.get(part.get(at)));
        at += colour.isPresent() ? 1 : 0;
        return at == part.size() - 1
                ? Optional.of(new Group(count, new Pattern(kind, colour, size)))
                : Optional.empty();
    }

    /** Zero if the word neither counts nor is an article. */
    private int count(String word) {
        if (words.articles().contains(word)) {
            return 1;
        }
        for (int count = 2; count <= Group.MOST; count++) {
            if (words.number(count).equals(word)) {
                return count;
            }
        }
        return 0;
    }
}
