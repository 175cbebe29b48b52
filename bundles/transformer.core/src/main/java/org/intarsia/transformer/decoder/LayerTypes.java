package org.intarsia.transformer.decoder;

import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.intarsia.model.blocks.ConfigFile;

/** Reads which layers attend within a window. */
public final class LayerTypes {
    private static final String TYPES = "layer_types";
    private static final String WINDOW = "sliding_window";

    private LayerTypes() {
    }

    /**
     * Returns for each layer whether it has a window: as {@code layer_types} says, or else by its number.
     *
     * @param layers  how many there are
     * @param sliding by number, from 0, where the file does not say
     */
    public static List<Boolean> read(ConfigFile file, int layers, IntPredicate sliding) {
        List<String> types = file.texts(TYPES);
        if (!file.has(TYPES)) {
            return IntStream.range(0, layers).mapToObj(sliding::test).toList();
        }
        if (types.size() != layers || types.stream().anyMatch(type -> !isKnown(type))) {
            file.wrong(TYPES, "should name \"full_attention\" or \"sliding_attention\" for each of the " + layers
                    + " layers; other layers are not supported");
            return IntStream.range(0, layers).mapToObj(layer -> false).toList();
        }
        return types.stream().map(LayerVariant.SLIDING::equals).toList();
    }

    private static boolean isKnown(String type) {
        return type.equals(LayerVariant.FULL) || type.equals(LayerVariant.SLIDING);
    }

    /** Returns {@code sliding_window}; 0 where it is {@code null}. */
    public static int window(ConfigFile file, int whenAbsent) {
        return file.isNull(WINDOW) ? 0 : file.size(WINDOW, whenAbsent);
    }

    /** Refuses layers with a window where none is given: then the reference has no mask for them either. */
    public static void check(ConfigFile file, List<Boolean> sliding, int window, String why) {
        if (window == 0 && sliding.contains(true)) {
            file.wrong(TYPES, "asks for \"sliding_attention\", but " + why);
        }
    }
}
