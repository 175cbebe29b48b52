package org.intarsia.picturebook.language;

import java.util.List;
import java.util.StringJoiner;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.intarsia.picturebook.world.Scene;
import org.intarsia.picturebook.world.Size;
import org.intarsia.picturebook.world.Thing;
import org.intarsia.picturebook.world.World;

/**
 * A scene as a row of words: the background, then of each thing in reading order its size, colour and kind, and the column
 * (a, b, c…) and row (0, 1, 2…) of its top left cell: "night big red star f 3". A model writes it before it paints, so that
 * every place is chosen once and not again at each image token.
 */
public final class Layout {
    private Layout() {
    }

    /** The words of a scene. */
    public static String of(Scene scene) {
        StringJoiner words = new StringJoiner(" ").add(World.word(scene.background()));
        for (Thing thing : scene.things()) {
            words.add(World.word(thing.size())).add(World.word(thing.colour())).add(World.word(thing.kind()))
                    .add(column(thing.cell().column())).add(Integer.toString(thing.cell().row()));
        }
        return words.toString();
    }

    /** Every word that a layout in this world may have behind its first, with the space in front. */
    public static List<String> words(World world) {
        int least = world.extents().values().stream().mapToInt(World.Extent::cells).min().orElseThrow();
        return Stream.of(Stream.of(Size.values()).map(World::word), world.colours().stream().map(World::word),
                        world.kinds().stream().map(World::word),
                        IntStream.rangeClosed(0, world.columns() - least).mapToObj(Layout::column),
                        IntStream.rangeClosed(0, world.rows() - least).mapToObj(Integer::toString))
                .flatMap(words -> words).map(word -> " " + word).toList();
    }

    private static String column(int column) {
        return Character.toString('a' + column);
    }
}
