package org.intarsia.engine.pipeline;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Redraw;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Sampling;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.Part;
import org.intarsia.model.api.PromptFormat;
import org.intarsia.model.api.SpecialTokens;
import org.intarsia.model.api.Text;
import org.intarsia.model.api.TokenRow;
import org.intarsia.model.api.TransformerCore;

/** The streams of a request, as the model's format writes them, and which tokens may follow. */
public final class StreamLayout {
    /** A weight this small is a rounding error. */
    private static final double NOTHING = 1e-9;

    private final Components components;
    private final Pictures pictures;
    private final int layoutTokens;

    /** @param layoutTokens the most words that the model writes before a picture */
    StreamLayout(Components components, Pictures pictures, int layoutTokens) {
        this.layoutTokens = layoutTokens;
        this.components = components;
        this.pictures = pictures;
    }

    /**
     * Returns what turns the parts of one request into tokens.
     *
     * @param written whether texts bring their special tokens themselves, so that nothing is put around them
     */
    public RequestInputs source(boolean written) {
        return new RequestInputs(written);
    }

    /** Tells whether the model has tokens of pictures, and a decoder for them. */
    public boolean makesPictures() {
        return components.core().format().tokens().pictureIds().length > 0 && components.decoderIsThere();
    }

    /** Tells whether pictures can come in the midst of text. */
    public boolean interleaves() {
        return components.core().format().interleaves() && makesPictures();
    }

    /** Returns a question and the pictures that it is about, in the order of the model's prompts. */
    public List<Part> question(String text, List<Image> pictures) {
        Stream<Part> words = Stream.of(new Text(text));
        return (components.core().format().questionFirst() ? Stream.concat(words, pictures.stream())
                : Stream.concat(pictures.stream(), words)).toList();
    }

    /** Returns all streams of a request, up to where its answer begins. */
    public GuidanceBatch guided(Request request, RequestInputs source) {
        PromptFormat format = components.core().format();
        return switch (request.goal()) {
            case PICTURE -> merged(guides(request.parts(), request.sampling(), source));
            case ANSWER, INTERLEAVED -> GuidanceBatch.alone(format.answer(request.parts(), source));
            case CONTINUATION -> GuidanceBatch.alone(format.continuation(request.parts(), source));
        };
    }

    /**
     * The streams that guide a picture in the midst of an answer.
     *
     * @param before what was handed in, and what has come out so far
     * @param own    the request's own stream, up to the picture's begin
     */
    public GuidanceBatch guided(List<Part> before, Sampling sampling, RequestInputs source, TokenRow own) {
        List<PromptFormat.GuidanceBranch> guides = new ArrayList<>(guides(before, sampling, source));
        guides.set(0, new PromptFormat.GuidanceBranch(own, guides.getFirst().weight()));
        return merged(guides);
    }

    private List<PromptFormat.GuidanceBranch> guides(List<Part> parts, Sampling sampling, RequestInputs source) {
        return components.core().format().picture(parts, source, sampling.guidanceText(), sampling.guidanceImage(),
                pictures.rows(), pictures.columns());
    }

    /** Streams that are equal are run once, and guides that do not count are left out; the answer's own stream never is. */
    private static GuidanceBatch merged(List<PromptFormat.GuidanceBranch> guides) {
        List<TokenRow> rows = new ArrayList<>();
        List<Double> weights = new ArrayList<>();
        for (PromptFormat.GuidanceBranch guide : guides) {
            int same = rows.indexOf(guide.row());
            if (same < 0) {
                rows.add(guide.row());
                weights.add(guide.weight());
            } else {
                weights.set(same, weights.get(same) + guide.weight());
            }
        }
        for (int i = rows.size() - 1; i > 0; i--) {
            if (Math.abs(weights.get(i)) < NOTHING) {
                rows.remove(i);
                weights.remove(i);
            }
        }
        return new GuidanceBatch(guides.getFirst().row().list(), rows, weights.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /**
     * For each token of an answer's picture, the ids of which it is one, ascending.
     *
     * @param redraw of which all codes are kept that are not drawn anew
     */
    public List<int[]> picturePlaces(Optional<Redraw> redraw) {
        PromptFormat format = components.core().format();
        int[] pictureIds = format.tokens().pictureIds();
        int[] any = IntStream.of(pictureIds).sorted().toArray();
        BitSet drawn = redraw.map(Redraw::cells).orElseGet(BitSet::new);
        int[] codes = redraw.map(Redraw::codes).orElse(new int[0]);
        List<int[]> places = new ArrayList<>();
        int cell = 0;
        for (int id : format.places(pictures.rows(), pictures.columns())) {
            if (id != PromptFormat.CODE) {
                places.add(new int[] {id});
            } else {
                places.add(redraw.isEmpty() || drawn.get(cell) ? any : new int[] {pictureIds[codes[cell]]});
                cell++;
            }
        }
        return places;
    }

    /** Returns the codes among the tokens of a picture, in their order. */
    public int[] codes(List<Integer> ids) {
        Map<Integer, Integer> codeOf = codeOf();
        return ids.stream().filter(codeOf::containsKey).mapToInt(codeOf::get).toArray();
    }

    /** Returns the code of each id that is one. */
    public Map<Integer, Integer> codeOf() {
        int[] pictureIds = components.core().format().tokens().pictureIds();
        Map<Integer, Integer> codeOf = new HashMap<>();
        for (int code = 0; code < pictureIds.length; code++) {
            codeOf.put(pictureIds[code], code);
        }
        return codeOf;
    }

    /**
     * The streams of a request for a picture, up to where its layout begins: the request's own, without the begin of the
     * picture.
     */
    public static GuidanceBatch beforeLayout(GuidanceBatch picture) {
        return GuidanceBatch.alone(withoutLast(picture.rows().getFirst()));
    }

    /** Returns the streams of a picture with its layout in front of the picture's begin, in those that guide it too. */
    public static GuidanceBatch behindLayout(GuidanceBatch picture, int[] layout) {
        List<TokenRow> rows = picture.rows().stream()
                .map(row -> withoutLast(row).add(layout).add(row.at(row.size() - 1))).toList();
        return new GuidanceBatch(rows.getFirst().list(), rows, picture.weights());
    }

    private static TokenRow withoutLast(TokenRow row) {
        return new TokenRow().add(Arrays.copyOf(row.from(0), row.size() - 1));
    }

    /**
     * For each token of a layout, the ids of which it is one, ascending: words, or the begin of the picture, which comes at
     * last.
     *
     * @param most words
     */
    public List<int[]> layoutPlaces(int most) {
        PromptFormat format = components.core().format();
        int[] ids = IntStream.of(words(true)).filter(id -> !format.ends(id)).toArray();
        List<int[]> places = new ArrayList<>(Collections.nCopies(most, ids));
        places.add(new int[] {format.tokens().pictureBegin()});
        return places;
    }

    /** Returns the fewest tokens that an answer needs: those of a whole picture with its layout, or one of text. */
    public int least(Goal goal) {
        return goal == Goal.PICTURE ? picturePlaces(Optional.empty()).size() + layoutTokens : 1;
    }

    /** Returns the tokens that are left of the context behind a prompt and the least answer; negative where they do not fit. */
    public int room(Goal goal, int prompt) {
        return components.core().geometry().context() - prompt - least(goal);
    }

    /**
     * The ids that may follow in text, ascending: all but those of pictures.
     *
     * @param orPicture whether a picture may begin, too
     */
    public int[] words(boolean orPicture) {
        TransformerCore core = components.core();
        SpecialTokens tokens = core.format().tokens();
        BitSet banned = new BitSet();
        IntStream.concat(IntStream.of(tokens.pictureIds()),
                        IntStream.of(tokens.pictureBegin(), tokens.pictureEnd(), tokens.placeholder()))
                .filter(id -> id >= 0).forEach(banned::set);
        if (orPicture) {
            banned.clear(tokens.pictureBegin());
        }
        return IntStream.range(0, core.geometry().vocabulary()).filter(id -> !banned.get(id)).toArray();
    }

    /**
     * Checks the tokens of a request's streams.
     *
     * @throws ModelException when a stream has none, or one that the model's vocabulary has not
     */
    public void check(List<TokenRow> rows, String model) {
        int vocabulary = components.core().geometry().vocabulary();
        for (TokenRow row : rows) {
            if (row.size() == 0) {
                throw new ModelException("there is nothing for model " + model + " to go on from: the text is empty, and the"
                        + " model's tokenizer puts no token in front of it; hand in some text");
            }
            IntStream.of(row.from(0)).filter(id -> id < 0 || id >= vocabulary).findFirst().ifPresent(id -> {
                throw new ModelException("the tokenizer of model " + model + " gives the id " + id + ", but the model's vocabulary"
                        + " has " + vocabulary + ", counted from 0: tokenizer.json and config.json do not belong together");
            });
        }
    }

    /** Tokenizes and encodes the parts of one request: a picture that stands in several streams once, one that was made of codes never. */
    public final class RequestInputs implements PromptFormat.Source {
        private final Map<Image, PromptFormat.Codes> codes = new HashMap<>();
        private final Map<Image, PromptFormat.Features> features = new HashMap<>();
        private PromptFormat.Template template;

        private RequestInputs(boolean written) {
            if (written) {
                template = new PromptFormat.Template(new int[0], new int[0]);
            }
        }

        /** Remembers the codes of which a picture was made. */
        public void know(Image picture, PromptFormat.Codes made) {
            codes.put(picture, made);
        }

        @Override
        public int[] text(String text) {
            return components.tokenizer().encode(text, false);
        }

        @Override
        public PromptFormat.Template template() {
            if (template == null) {
                template = TextTemplate.of(components.tokenizer());
            }
            return template;
        }

        @Override
        public PromptFormat.Codes codes(Image picture) {
            return codes.computeIfAbsent(picture, pictures::encode);
        }

        @Override
        public PromptFormat.Features features(Image picture) {
            return features.computeIfAbsent(picture, pictures::features);
        }
    }
}
