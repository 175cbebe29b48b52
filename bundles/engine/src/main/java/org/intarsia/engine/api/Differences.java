package org.intarsia.engine.api;

import java.util.List;
import java.util.OptionalInt;
import org.intarsia.model.api.Image;

/** In what two answers differ. */
public final class Differences {
    /** The highest value of a colour. */
    private static final int MOST = 255;

    private Differences() {
    }

    /** The first place where tokens differ, or where only one list goes on; nothing where they are equal. */
    public static OptionalInt firstToken(List<Integer> some, List<Integer> others) {
        int shorter = Math.min(some.size(), others.size());
        for (int place = 0; place < shorter; place++) {
            if (!some.get(place).equals(others.get(place))) {
                return OptionalInt.of(place);
            }
        }
        return some.size() == others.size() ? OptionalInt.empty() : OptionalInt.of(shorter);
    }

    /** The largest difference of a colour, of 255; 255 where sizes differ. */
    public static int colours(Image one, Image other) {
        if (one.width() != other.width() || one.height() != other.height()) {
            return MOST;
        }
        int most = 0;
        for (int i = 0; i < one.rgb().length; i++) {
            most = Math.max(most, Math.abs(Byte.toUnsignedInt(one.rgb()[i]) - Byte.toUnsignedInt(other.rgb()[i])));
        }
        return most;
    }

    /** The same over all pictures of two answers, in their order; 255 where one has more of them. */
    public static int colours(List<Image> some, List<Image> others) {
        if (some.size() != others.size()) {
            return MOST;
        }
        int most = 0;
        for (int i = 0; i < some.size(); i++) {
            most = Math.max(most, colours(some.get(i), others.get(i)));
        }
        return most;
    }
}
