package org.intarsia.picturebook.world;

import java.util.Optional;
import java.util.StringJoiner;

/**
 * What words say about a thing.
 *
 * @param kind   empty where the words leave the kind open
 * @param colour empty where the words leave the colour open
 * @param size   empty where the words leave the size open
 */
public record Pattern(Optional<Kind> kind, Optional<Colour> colour, Optional<Size> size) {
    public static Pattern of(Kind kind) {
        return new Pattern(Optional.of(kind), Optional.empty(), Optional.empty());
    }

    public static Pattern of(Colour colour, Kind kind) {
        return new Pattern(Optional.of(kind), Optional.of(colour), Optional.empty());
    }

    /** Everything there is to say about a thing, except its place. */
    public static Pattern of(Thing thing) {
        return new Pattern(Optional.of(thing.kind()), Optional.of(thing.colour()), Optional.of(thing.size()));
    }

    public Pattern withSize(Size said) {
        return new Pattern(kind, colour, Optional.of(said));
    }

    /** Says nothing of the kind: "a red thing". */
    public Pattern withoutKind() {
        return new Pattern(Optional.empty(), colour, size);
    }

    public boolean matches(Thing thing) {
        return (kind.isEmpty() || kind.get() == thing.kind())
                && (colour.isEmpty() || colour.get() == thing.colour())
                && (size.isEmpty() || size.get() == thing.size());
    }

    /** English words for messages: "small red star", "red thing". The languages have the same, and more, but know this class. */
    String words() {
        StringJoiner words = new StringJoiner(" ");
        size.map(World::word).ifPresent(words::add);
        colour.map(World::word).ifPresent(words::add);
        return words.add(kind.map(World::word).orElse("thing")).toString();
    }
}
