package org.intarsia.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Request;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.StreamFormat;
import org.intarsia.model.api.StreamTokens;
import org.intarsia.model.api.TokenRow;
import org.intarsia.model.api.TransformerCore;
import org.intarsia.model.api.TransformerCore.Head;

/** The streams of a request, as the model's format writes them, and which tokens may follow. */
final class StreamLayout {
    /** A weight this small is a rounding error. */
    private static final double NOTHING = 1e-9;

    private final Components components;
    private final Pictures pictures;

    StreamLayout(Components components, Pictures pictures) {
        this.components = components;
        this.pictures = pictures;
    }

    /** All streams of a request. Those that are equal are run once, and those that do not count are left out. */
    Guided guided(Request request) {
        StreamFormat format = components.core().format();
        StreamFormat.Source source = new Once();
        if (request.goal() != Goal.PICTURE) {
            TokenRow prompt = request.goal() == Goal.ANSWER ? format.answer(request.parts(), source)
                    : format.continuation(request.parts(), source);
            return new Guided(prompt.list(), List.of(prompt), new double[] {1});
        }
        List<StreamFormat.Guide> guides = format.picture(request.parts(), source, request.sampling().guidanceText(),
                request.sampling().guidanceImage(), pictures.rows(), pictures.columns());
        List<TokenRow> rows = new ArrayList<>();
        List<Double> weights = new ArrayList<>();
        for (StreamFormat.Guide guide : guides) {
            int same = rows.indexOf(guide.row());
            if (same < 0) {
                rows.add(guide.row());
                weights.add(guide.weight());
            } else {
                weights.set(same, weights.get(same) + guide.weight());
            }
        }
        for (int i = rows.size() - 1; i >= 0; i--) {
            if (Math.abs(weights.get(i)) < NOTHING) {
                rows.remove(i);
                weights.remove(i);
            }
        }
        return new Guided(guides.getFirst().row().list(), rows, weights.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /** For each token of an answer's picture, the ids of which it is one, ascending. */
    List<int[]> picturePlaces() {
        StreamFormat format = components.core().format();
        int[] codes = IntStream.of(format.tokens().pictureIds()).sorted().toArray();
        return Arrays.stream(format.places(pictures.rows(), pictures.columns()))
                .mapToObj(id -> id == StreamFormat.CODE ? codes : new int[] {id}).toList();
    }

    /** The ids that may follow in text, ascending: all but those of pictures. */
    int[] words() {
        TransformerCore core = components.core();
        StreamTokens tokens = core.format().tokens();
        BitSet banned = new BitSet();
        IntStream.concat(IntStream.of(tokens.pictureIds()),
                        IntStream.of(tokens.pictureBegin(), tokens.pictureEnd(), tokens.placeholder()))
                .filter(id -> id >= 0).forEach(banned::set);
        return IntStream.range(0, core.geometry().vocabulary()).filter(id -> !banned.get(id)).toArray();
    }

    /** What the next token of such a request is scored by. */
    Head head(Goal goal) {
        return goal == Goal.PICTURE ? Head.PICTURE : Head.TEXT;
    }

    /** A picture stands in several streams, but is encoded once. */
    private final class Once implements StreamFormat.Source {
        private final Map<Image, StreamFormat.Codes> codes = new HashMap<>();
        private final Map<Image, float[]> features = new HashMap<>();

        @Override
        public int[] text(String text) {
            return components.tokenizer().encode(text, false);
        }

        @Override
        public StreamFormat.Codes codes(Image picture) {
            return codes.computeIfAbsent(picture, pictures::encode);
        }

        @Override
        public float[] features(Image picture) {
            return features.computeIfAbsent(picture, pictures::features);
        }
    }
}
