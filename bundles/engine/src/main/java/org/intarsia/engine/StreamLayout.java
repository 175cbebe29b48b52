package org.intarsia.engine;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Sampling;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.Part;
import org.intarsia.model.api.StreamTokens;
import org.intarsia.model.api.Text;

/**
 * How parts stand in a token stream, and which tokens may follow: the one place that knows.
 *
 * <p>A stream is begin, parts, separator, answer; a continuation has no separator. A picture is its codes between
 * {@code pictureBegin} and {@code pictureEnd}; when a picture is asked for, its begin is given and its codes follow.
 *
 * <p>A picture is guided by two more streams, as Chameleon's authors do: one with the source pictures but without the
 * text, one with neither. The scores are mixed as nothing + guidanceImage · (pictures − nothing) + guidanceText · (all −
 * pictures). Streams that are equal are run once, and those that do not count are left out.
 */
final class StreamLayout {
    /** A weight this small is a rounding error. */
    private static final double NOTHING = 1e-9;

    private final Components components;
    private final Pictures pictures;
    private final Preferences preferences;

    StreamLayout(Components components, Pictures pictures, Preferences preferences) {
        this.components = components;
        this.pictures = pictures;
        this.preferences = preferences;
    }

    /** All streams of a request. */
    Guided guided(Request request) {
        // A picture stands in up to two streams, but is encoded once.
        List<int[]> parts = request.parts().stream().map(this::ids).toList();
        List<int[]> pictures = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            if (request.parts().get(i) instanceof Image) {
                pictures.add(parts.get(i));
            }
        }
        Ids prompt = stream(parts, request.goal(), true);
        if (request.goal() != Goal.PICTURE) {
            return new Guided(prompt.list(), List.of(prompt), new double[] {1});
        }
        Sampling sampling = request.sampling();
        boolean separator = preferences.separatorInGuidance();
        List<Ids> all = List.of(prompt, stream(pictures, Goal.PICTURE, separator),
                stream(List.of(), Goal.PICTURE, separator));
        double[] weights = {sampling.guidanceText(), sampling.guidanceImage() - sampling.guidanceText(),
            1 - sampling.guidanceImage()};
        List<Ids> rows = new ArrayList<>();
        List<Double> counts = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            int same = rows.indexOf(all.get(i));
            if (same < 0) {
                rows.add(all.get(i));
                counts.add(weights[i]);
            } else {
                counts.set(same, counts.get(same) + weights[i]);
            }
        }
        for (int i = rows.size() - 1; i >= 0; i--) {
            if (Math.abs(counts.get(i)) < NOTHING) {
                rows.remove(i);
                counts.remove(i);
            }
        }
        return new Guided(prompt.list(), rows, counts.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /** The tokens that may follow, ascending: ids of codes inside a picture, all others but a picture's in text. */
    int[] allowed(Goal goal) {
        StreamTokens tokens = components.core().tokens();
        if (goal == Goal.PICTURE) {
            return IntStream.of(tokens.pictureIds()).sorted().toArray();
        }
        BitSet banned = new BitSet();
        IntStream.concat(IntStream.of(tokens.pictureIds()),
                        IntStream.of(tokens.pictureBegin(), tokens.pictureEnd(), tokens.placeholder()))
                .filter(id -> id >= 0).forEach(banned::set);
        return IntStream.range(0, components.core().geometry().vocabulary()).filter(id -> !banned.get(id)).toArray();
    }

    private int[] ids(Part part) {
        return switch (part) {
            case Text text -> components.tokenizer().encode(text.text(), false);
            case Image image -> {
                StreamTokens tokens = components.core().tokens();
                int[] codes = pictures.encode(image);
                Ids ids = new Ids().add(tokens.pictureBegin());
                for (int code : codes) {
                    ids.add(tokens.pictureIds()[code]);
                }
                yield ids.add(tokens.pictureEnd()).from(0);
            }
        };
    }

    /** A stream up to where the answer begins. */
    private Ids stream(List<int[]> parts, Goal goal, boolean separator) {
        StreamTokens tokens = components.core().tokens();
        Ids ids = new Ids().add(tokens.begin());
        parts.forEach(ids::add);
        // Families without a separator have none to put there.
        if (goal != Goal.CONTINUATION && separator && tokens.separator() >= 0) {
            ids.add(tokens.separator());
        }
        return goal == Goal.PICTURE ? ids.add(tokens.pictureBegin()) : ids;
    }
}
