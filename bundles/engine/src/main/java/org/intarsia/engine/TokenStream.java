package org.intarsia.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.Answer.Outcome;
import org.intarsia.engine.api.Event;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Origin;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Sampling;
import org.intarsia.engine.logits.GenerationRules;
import org.intarsia.engine.logits.TokenHistory;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.Part;
import org.intarsia.model.api.StreamFormat;
import org.intarsia.model.api.Text;
import org.intarsia.model.api.TokenRow;
import org.intarsia.model.api.TransformerCore;
import org.intarsia.model.api.TransformerCore.Head;

/**
 * One request on its way: its streams, its samplers, and what it has told so far. Where text and pictures come mixed, it
 * goes from segment to segment: words, until the model begins a picture, and that picture under its own guidance. Use it
 * inside {@link Registry#using}, on one thread.
 */
final class TokenStream {
    /** What the decoding of half a character ends with. */
    private static final char REPLACEMENT = '\uFFFD';

    private final int number;
    private final Request request;
    private final Supplier<Origin> origin;
    private final StreamFormat format;
    private final StreamLayout.Once source;
    private final List<Integer> prompt;
    private final Map<Integer, Integer> codeOf = new HashMap<>();
    private final Sampler words;
    private final Sampler colours;
    private final TokenHistory history;
    private final TokenRow chosen = new TokenRow();
    private final List<Part> parts = new ArrayList<>();
    private final int context;
    private Assembly assembly;
    private Segment segment;
    private int wordsLeft;
    private boolean untold;
    private Answer answer;

    /** Words one after the other, or one picture. */
    private static final class Segment {
        private final Guided guided;
        /** The ids that may stand at each place of a picture; in words the same everywhere. */
        private final List<int[]> allowed;
        private final boolean picture;
        private final int most;
        private final TokenRow chosen = new TokenRow();
        private String told = "";

        Segment(Guided guided, List<int[]> allowed, boolean picture, int most) {
            this.guided = guided;
            this.allowed = allowed;
            this.picture = picture;
            this.most = most;
        }

        int[] allowedNext() {
            return picture ? allowed.get(chosen.size()) : allowed.getFirst();
        }

        boolean isFull() {
            return chosen.size() == most;
        }
    }

    /**
     * @param number the place of the request in its batch
     * @param origin tells where the answer comes from, once it is there
     * @throws ModelException when the request does not fit the model
     */
    TokenStream(int number, Request request, Assembly assembly, String model, Supplier<Origin> origin) {
        this.number = number;
        this.request = request;
        this.assembly = assembly;
        this.origin = origin;
        TransformerCore core = assembly.components().core();
        this.format = core.format();
        this.context = core.geometry().context();
        int[] pictureIds = format.tokens().pictureIds();
        for (int code = 0; code < pictureIds.length; code++) {
            codeOf.put(pictureIds[code], code);
        }
        boolean picture = request.goal() == Goal.PICTURE;
        if (picture && pictureIds.length == 0) {
            throw new ModelException("model " + model + " makes no pictures: its vocabulary has no picture tokens");
        }
        if (request.goal() == Goal.INTERLEAVED && !assembly.layout().interleaves()) {
            throw new ModelException("model " + model + " does not mix text and pictures in one answer; ask for text or for"
                    + " a picture");
        }
        this.source = assembly.layout().source();
        Guided guided = assembly.layout().guided(request, source);
        this.prompt = guided.prompt();
        assembly.layout().check(guided.rows(), model);
        this.history = new TokenHistory(prompt);
        int least = assembly.layout().least(request.goal());
        if (assembly.layout().room(request.goal(), prompt.size()) < 0) {
            throw new ModelException("what was handed in takes " + prompt.size() + " tokens" + (picture
                    ? " and the picture " + least : "") + ", but model " + model + " holds " + context
                    + " in all: hand in less text or fewer pictures");
        }
        this.wordsLeft = picture ? 0 : most(assembly.preferences().rules(), model);
        this.words = new Sampler(request.sampling(), assembly.preferences().rules(), format::ends);
        this.colours = new Sampler(request.pictures());
        begin(picture ? new Segment(guided, assembly.layout().picturePlaces(), true, least) : words(guided));
    }

    /** The most tokens of text that may follow the prompt. */
    private int most(GenerationRules rules, String model) {
        int asked = request.sampling().maxTokens();
        if (asked != Sampling.UNLIMITED || rules.maxLength().isEmpty()) {
            return asked;
        }
        int length = rules.maxLength().getAsInt();
        if (prompt.size() >= length) {
            throw new ModelException("what was handed in takes " + prompt.size() + " tokens, but max_length in"
                    + " generation_config.json of model " + model + " allows " + length + " with the answer: hand in less, or"
                    + " say how many tokens may be added");
        }
        return length - prompt.size();
    }

    private void begin(Segment next) {
        segment = next;
    }

    private Segment words(Guided guided) {
        int room = context - guided.rows().getFirst().size();
        int[] ids = assembly.layout().words(request.goal() == Goal.INTERLEAVED
                && room > assembly.layout().picturePlaces().size() + 1);
        return new Segment(guided, List.of(ids), false, Math.min(wordsLeft, room));
    }

    List<TokenRow> rows() {
        return segment.guided.rows();
    }

    /** What the next token is scored by. */
    Head head() {
        return segment.picture ? Head.PICTURE : Head.TEXT;
    }

    /** The most tokens that one of its rows will hold in this segment. */
    int length() {
        return rows().stream().mapToInt(TokenRow::size).max().orElseThrow() + segment.most - segment.chosen.size();
    }

    /** The answer, once it is there. */
    Answer answer() {
        return answer;
    }

    /**
     * Chooses the next token; {@link #tell} must follow.
     *
     * @param scores of the rows of the whole batch
     * @param first  where this request's rows begin
     */
    void choose(float[][] scores, int first) {
        int[] allowed = segment.allowedNext();
        Sampler sampler = segment.picture ? colours : words;
        int id = allowed.length == 1 ? allowed[0] : sampler.next(segment.guided.mix(scores, first), allowed, history);
        chosen.add(id);
        segment.chosen.add(id);
        untold = true;
        boolean last = !segment.picture && format.ends(id) || segment.isFull() && request.goal() != Goal.INTERLEAVED;
        if (!last) {
            history.add(id);
            rows().forEach(row -> row.add(id));
        }
    }

    /** Whether a token is chosen of which nothing has been told: a device was lost, or a component, before it was. */
    boolean isUntold() {
        return untold;
    }

    /** Tells of the token that was chosen last, unless that is done. It may be begun again when it fails. */
    void tell(Consumer<Event> events) {
        if (!untold) {
            return;
        }
        List<Event> news = new ArrayList<>();
        int id = chosen.at(chosen.size() - 1);
        if (segment.picture) {
            tellPicture(news::add);
        } else if (format.ends(id)) {
            end(Outcome.COMPLETE, news::add);
        } else if (id == format.tokens().pictureBegin()) {
            beginPicture(news::add);
        } else {
            tellText(news::add, false);
            if (segment.isFull()) {
                end(Outcome.LENGTH, news::add);
            }
        }
        news.forEach(events);
        untold = false;
    }

    private void tellPicture(Consumer<Event> events) {
        int[] codes = codes();
        events.accept(new Event.PictureProgress(number, codes.length, assembly.pictures().codes()));
        if (!segment.isFull()) {
            if (request.previewEvery() > 0 && codes.length % request.previewEvery() == 0) {
                events.accept(new Event.Preview(number, assembly.pictures().preview(codes)));
            }
        } else if (request.goal() == Goal.PICTURE) {
            end(Outcome.COMPLETE, events);
        } else {
            Image image = assembly.pictures().decode(codes);
            source.know(image, assembly.pictures().grid(codes));
            parts.add(image);
            events.accept(new Event.PictureDone(number, image));
            TokenRow own = rows().getFirst();
            begin(words(Guided.alone(own)));
            if (segment.most == 0) {
                end(Outcome.LENGTH, events);
            }
        }
    }

    /** The model has begun a picture: what guides it sees what came before, with and without the words. */
    private void beginPicture(Consumer<Event> events) {
        List<Part> before = new ArrayList<>(request.parts());
        before.addAll(parts);
        before.add(new Text(text()));
        TokenRow own = rows().getFirst();
        Guided guided = assembly.layout().guided(before, request.pictures(), source, own);
        List<int[]> places = new ArrayList<>(assembly.layout().picturePlaces());
        places.add(new int[] {format.tokens().pictureEnd()});
        tellText(events, true);
        keepText();
        wordsLeft -= segment.chosen.size();
        begin(new Segment(guided, places, true, places.size()));
    }

    /** Goes on with other components. */
    void move(Assembly next) {
        assembly = next;
    }

    /** Ends the request before its time. */
    void cancel(Consumer<Event> events) {
        end(Outcome.CANCELLED, events);
    }

    private void end(Outcome outcome, Consumer<Event> events) {
        List<Part> all = new ArrayList<>(parts);
        if (!segment.picture) {
            tellText(events, true);
            if (!segment.told.isEmpty() || all.isEmpty()) {
                all.add(new Text(segment.told));
            }
        } else if (outcome == Outcome.COMPLETE) {
            Image image = assembly.pictures().decode(codes());
            all.add(image);
            events.accept(new Event.PictureDone(number, image));
        }
        answer = new Answer(all, chosen.list(), prompt, outcome, origin.get());
        events.accept(new Event.Finished(number, answer));
    }

    private void keepText() {
        if (!segment.told.isEmpty()) {
            parts.add(new Text(segment.told));
        }
    }

    /**
     * Tells the text that is new, and that there is a token where there is none; half a character waits for its other half,
     * unless this is the end.
     */
    private void tellText(Consumer<Event> events, boolean last) {
        String text = text();
        boolean half = !last && !text.isEmpty() && text.charAt(text.length() - 1) == REPLACEMENT;
        String told = segment.told;
        if (!half && text.length() > told.length()) {
            segment.told = text;
            events.accept(new Event.TextPiece(number, text.substring(told.length())));
        } else if (!last) {
            events.accept(new Event.TextPiece(number, ""));
        }
    }

    private String text() {
        return assembly.components().tokenizer().decode(segment.chosen.from(0), false);
    }

    /** The codes of the picture as far as it has come; what always stands between them is left out. */
    private int[] codes() {
        return IntStream.of(segment.chosen.from(0)).filter(codeOf::containsKey).map(codeOf::get).toArray();
    }
}
