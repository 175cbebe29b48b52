package org.intarsia.engine.decode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.intarsia.engine.api.Alternative;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.Answer.Outcome;
import org.intarsia.engine.api.Event;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Origin;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Sampling;
import org.intarsia.engine.files.ModelDefaults;
import org.intarsia.engine.pipeline.GuidanceBatch;
import org.intarsia.engine.pipeline.ModelPipeline;
import org.intarsia.engine.pipeline.StreamLayout;
import org.intarsia.engine.registry.Registry;
import org.intarsia.engine.sampling.GenerationRules;
import org.intarsia.engine.sampling.Sampler;
import org.intarsia.engine.sampling.TokenHistory;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.Part;
import org.intarsia.model.api.PromptFormat;
import org.intarsia.model.api.Text;
import org.intarsia.model.api.TokenRow;
import org.intarsia.model.api.Tokenizer;
import org.intarsia.model.api.TransformerCore;
import org.intarsia.model.api.TransformerCore.Head;

/**
 * One request on its way: its streams, its samplers, and what it has told so far. Where text and pictures come mixed, it
 * goes from segment to segment: words, until the model begins a picture, and that picture under its own guidance. Use it
 * inside {@link Registry#using}, on one thread.
 */
public final class RequestState implements DecodingLoop.Target {
    private final int number;
    private final Request request;
    private final Runnable computed;
    private final Supplier<Origin> origin;
    private final PromptFormat format;
    private final StreamLayout.RequestInputs source;
    /** Tokens that end the text beside those of the format. */
    private final Set<Integer> ends;
    private final List<Integer> prompt;
    private final int promptImageTokens;
    private final Map<Integer, Integer> codeOf;
    private final Sampler words;
    private final Sampler colours;
    private final TokenHistory history;
    private final TokenRow chosen = new TokenRow();
    private final List<Part> parts = new ArrayList<>();
    private final List<Event.Token> tokens = new ArrayList<>();
    private final int context;
    private ModelPipeline pipeline;
    private Segment segment;
    private int wordsLeft;
    /** By the place of each chosen token of text that was not told yet, the token, without any text; only where scores are asked for. */
    private final Map<Integer, Event.Token> scored = new HashMap<>();
    /** The number of chosen tokens that have been told. */
    private int told;
    /** The tokens to run behind the streams in the next pass. */
    private int[] proposed = {};
    private Answer answer;

    /** Words one after the other, the layout of a picture, or one picture. */
    private static final class Segment {
        private final GuidanceBatch guided;
        /** The ids that may stand at each place of a picture; in words the same everywhere. */
        private final List<int[]> allowed;
        private final boolean picture;
        private final boolean layout;
        private final int most;
        private final StreamedText text;
        private final DecodingLoop loop;
        private final TokenRow chosen = new TokenRow();

        private Segment(GuidanceBatch guided, List<int[]> allowed, boolean picture, boolean layout, int most, StreamedText text,
                DecodingLoop loop) {
            this.guided = guided;
            this.allowed = allowed;
            this.picture = picture;
            this.layout = layout;
            this.most = most;
            this.text = text;
            this.loop = loop;
        }

        static Segment words(GuidanceBatch guided, int[] allowed, int most, StreamedText text, int draft) {
            return new Segment(guided, List.of(allowed), false, false, most, text,
                    draft > 0 ? new PromptLookup(draft) : new Autoregressive());
        }

        static Segment picture(GuidanceBatch guided, List<int[]> allowed) {
            return new Segment(guided, allowed, true, false, allowed.size(), null, new Autoregressive());
        }

        static Segment layout(GuidanceBatch guided, List<int[]> allowed) {
            return new Segment(guided, allowed, false, true, allowed.size(), null, new Autoregressive());
        }

        int[] allowedNext() {
            return picture || layout ? allowed.get(chosen.size()) : allowed.getFirst();
        }

        boolean isFull() {
            return chosen.size() == most;
        }
    }

    /**
     * Begins a request.
     *
     * @param number the place of the request in its batch
     * @param computed hears that the device has made a picture of codes
     * @param origin tells where the answer comes from, once it is there
     * @throws ModelException when the request does not fit the model
     */
    public RequestState(int number, Request request, ModelPipeline pipeline, String model, Runnable computed, Supplier<Origin> origin) {
        this.number = number;
        this.request = request;
        this.pipeline = pipeline;
        this.computed = computed;
        this.origin = origin;
        TransformerCore core = pipeline.components().core();
        this.format = core.format();
        this.context = core.geometry().context();
        this.codeOf = pipeline.layout().codeOf();
        boolean picture = request.goal() == Goal.PICTURE;
        if (picture && codeOf.isEmpty()) {
            throw new ModelException("model " + model + " makes no pictures: its vocabulary has no picture tokens");
        }
        if (request.goal() == Goal.INTERLEAVED && !pipeline.layout().interleaves()) {
            throw new ModelException("model " + model + " does not mix text and pictures in one answer; ask for text or for"
                    + " a picture");
        }
        request.redraw().ifPresent(pipeline.pictures()::check);
        if (picture) {
            checkSubject(model);
        }
        checkBias(request.sampling(), core.geometry().vocabulary(), model);
        checkBias(request.pictures(), core.geometry().vocabulary(), model);
        this.source = pipeline.layout().source(request.written());
        this.ends = request.ends().stream().flatMapToInt(token -> pipeline.components().tokenizer().id(token).stream()).boxed()
                .collect(Collectors.toSet());
        ModelDefaults.Layout plan = pipeline.defaults().layout();
        boolean planned = picture && plan.tokens() > 0;
        GuidanceBatch whole = pipeline.layout().guided(request, source);
        GuidanceBatch guided = planned ? StreamLayout.beforeLayout(whole) : whole;
        this.prompt = guided.prompt();
        pipeline.layout().check(guided.rows(), model);
        this.promptImageTokens = pictureTokens(guided.rows().getFirst());
        this.history = new TokenHistory(prompt);
        int least = pipeline.layout().least(request.goal());
        if (pipeline.layout().room(request.goal(), prompt.size()) < 0) {
            throw new ModelException("what was handed in takes " + prompt.size() + " tokens" + (picture
                    ? " and the picture " + least : "") + ", but model " + model + " holds " + context
                    + " in all: hand in less text or fewer pictures");
        }
        this.wordsLeft = picture ? 0 : most(pipeline.defaults().rules(), model);
        this.words = planned ? new Sampler(planning(request.pictures(), plan))
                : new Sampler(request.sampling(), pipeline.defaults().rules(), this::ends);
        this.colours = new Sampler(request.pictures());
        if (planned) {
            begin(Segment.layout(guided, pipeline.layout().layoutPlaces(plan.tokens())));
        } else {
            begin(picture ? Segment.picture(guided, pipeline.layout().picturePlaces(request.redraw())) : words(guided));
        }
        addKept();
    }

    /** Returns the sampling of layouts: by their own temperature, or always the best where that of the picture is. */
    private static Sampling planning(Sampling picture, ModelDefaults.Layout plan) {
        return picture.temperature() == 0 ? picture
                : picture.toBuilder().temperature(plan.temperature()).topK(0).topP(1).build();
    }

    /** Refuses to paint what a small world has no word for. Edits are not asked, since other words can say them. */
    private void checkSubject(String model) {
        if (request.parts().stream().allMatch(Text.class::isInstance)) {
            String asked = request.parts().stream().map(part -> ((Text) part).text()).collect(Collectors.joining(" "));
            pipeline.components().presentation().words().besides(asked).ifPresent(about -> {
                throw new ModelException("model " + model + " knows no word of \"" + asked.strip() + "\" that says what to paint. "
                        + about + " Ask for some of these");
            });
        }
    }

    private static void checkBias(Sampling sampling, int vocabulary, String model) {
        if (!sampling.logitBias().isEmpty() && sampling.logitBias().lastKey() >= vocabulary) {
            throw new ModelException("logit bias names the token " + sampling.logitBias().lastKey() + ", but the vocabulary of model "
                    + model + " has " + vocabulary + ", counted from 0");
        }
    }

    private boolean ends(int id) {
        return format.ends(id) || ends.contains(id);
    }

    private int pictureTokens(TokenRow row) {
        return (int) IntStream.range(0, row.size()).filter(i -> codeOf.containsKey(row.at(i)) || row.hasFeatures(i, 1)).count();
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

    private Segment words(GuidanceBatch guided) {
        int room = context - guided.rows().getFirst().size();
        int[] ids = pipeline.layout().words(request.goal() == Goal.INTERLEAVED
                && room > pipeline.layout().picturePlaces(Optional.empty()).size() + 1);
        return Segment.words(guided, ids, Math.min(wordsLeft, room), new StreamedText(number, request.stop()), request.draft());
    }

    /** Returns the token rows that the next pass reads: the request's own first, then those that guide it. */
    public List<TokenRow> rows() {
        return segment.guided.rows();
    }

    /** Returns the head that scores the next token. */
    public Head head() {
        return segment.picture ? Head.PICTURE : Head.TEXT;
    }

    /** Says how much of the prompt is read: nothing, or all. */
    public Event.Reading reading(boolean done) {
        return new Event.Reading(number, done ? prompt.size() : 0, prompt.size());
    }

    /** Returns the answer; null until it is there. */
    public Answer answer() {
        return answer;
    }

    /** Returns the tokens that the next pass runs behind each of the rows; what it gives goes to {@link #choose}. */
    public int[] propose() {
        proposed = answer == null ? segment.loop.propose(history, segment.most - segment.chosen.size()) : new int[0];
        return proposed;
    }

    /**
     * Chooses the next tokens; {@link #tell} must follow.
     *
     * @param scores of the rows of the whole batch
     * @param first  where this request's rows begin
     * @return how many
     */
    public int choose(float[][][] scores, int first) {
        List<float[]> logits = IntStream.range(0, scores[first].length).mapToObj(place -> segment.guided.mix(IntStream
                .range(first, first + rows().size()).mapToObj(row -> scores[row][place]).toArray(float[][]::new))).toList();
        int before = chosen.size();
        segment.loop.accept(proposed, logits, this);
        return chosen.size() - before;
    }

    @Override
    public int choose(float[] logits) {
        int[] allowed = segment.allowedNext();
        return allowed.length == 1 ? allowed[0] : (segment.picture ? colours : words).next(logits, allowed, history);
    }

    @Override
    public boolean accept(int id, float[] logits) {
        if (isScored(id)) {
            scored.put(chosen.size(), score(id, logits, segment.allowedNext()));
        }
        add(id);
        addKept();
        return !segment.isFull() && (segment.picture || !ends(id) && id != format.tokens().pictureBegin());
    }

    private boolean isScored(int id) {
        return request.logprobs() != Request.NO_LOGPROBS && !segment.picture && !ends(id)
                && id != format.tokens().pictureBegin();
    }

    private Event.Token score(int id, float[] logits, int[] allowed) {
        if (allowed.length == 1) {
            return new Event.Token(number, id, "", OptionalDouble.empty(), List.of());
        }
        LogProbabilities known = new LogProbabilities(logits, allowed);
        List<Alternative> top = known.best(request.logprobs()).stream().map(best -> new Alternative(best, "", known.of(best))).toList();
        return new Event.Token(number, id, "", OptionalDouble.of(known.of(id)), top);
    }

    private void add(int id) {
        chosen.add(id);
        segment.chosen.add(id);
        boolean last = !segment.picture && ends(id) || segment.isFull() && !segment.layout && request.goal() != Goal.INTERLEAVED;
        if (!last) {
            history.add(id);
            rows().forEach(row -> row.add(id));
        }
    }

    /** Adds the codes that a redraw keeps, up to the next that is drawn anew: the next run reads them in one go. */
    private void addKept() {
        while (request.redraw().isPresent() && segment.picture && !segment.isFull() && segment.allowedNext().length == 1) {
            add(segment.allowedNext()[0]);
        }
    }

    /** Tells whether there are tokens of which nothing was told: a redraw keeps them, or their device was lost before. */
    public boolean isUntold() {
        return answer == null && told < chosen.size();
    }

    /** Tells whether a whole picture has been chosen that was not decoded yet. */
    public boolean isPictureDone() {
        return answer == null && segment.picture && segment.isFull();
    }

    /** Tells whether a device computes for what is told next: a picture is decoded, or encoded for the words behind it. */
    public boolean paints() {
        return isPictureDone() || segment.picture && request.previewEvery() > 0;
    }

    /** Tells of the new tokens, of those of text one by one. Safe to retry after a failure. */
    public void tell(Consumer<Event> events) {
        while (isUntold()) {
            List<Event> news = new ArrayList<>();
            int known = segment.picture ? chosen.size() : told + 1;
            int id = chosen.at(known - 1);
            if (segment.picture) {
                tellPicture(news::add);
            } else if (segment.layout) {
                if (id == format.tokens().pictureBegin()) {
                    beginPlannedPicture();
                }
            } else if (ends(id)) {
                end(Outcome.COMPLETE, known, news::add);
            } else if (id == format.tokens().pictureBegin()) {
                beginPicture(news::add);
            } else {
                tellText(known, news::add, false);
                if (segment.text.isStopped() || known == chosen.size() && segment.isFull()) {
                    end(Outcome.LENGTH, known, news::add);
                }
            }
            news.forEach(events);
            told = known;
        }
    }

    private void tellPicture(Consumer<Event> events) {
        int[] codes = codes();
        int before = codes.length - (int) IntStream.of(chosen.from(told)).filter(codeOf::containsKey).count();
        for (int i = before; i < codes.length; i++) {
            events.accept(new Event.PictureProgress(number, i + 1, pipeline.pictures().codes(), codes[i]));
        }
        if (!segment.isFull()) {
            if (request.previewEvery() > 0 && drawn(before) / request.previewEvery() < drawn(codes.length) / request.previewEvery()) {
                events.accept(new Event.Preview(number, pipeline.pictures().preview(codes, request.redraw())));
            }
        } else if (request.goal() == Goal.PICTURE) {
            end(Outcome.COMPLETE, chosen.size(), events);
        } else {
            Image image = pipeline.pictures().decode(codes);
            computed.run();
            source.know(image, pipeline.pictures().grid(codes));
            parts.add(image);
            events.accept(new Event.PictureDone(number, image));
            TokenRow own = rows().getFirst();
            begin(words(GuidanceBatch.alone(own)));
            if (segment.most == 0) {
                end(Outcome.LENGTH, chosen.size(), events);
            }
        }
    }

    /** Returns how many of the first codes of a picture are drawn and not kept. */
    private int drawn(int codes) {
        return request.redraw().map(redraw -> redraw.cells().get(0, codes).cardinality()).orElse(codes);
    }

    /** The layout is whole: the picture follows, and what guides it sees the layout, too. */
    private void beginPlannedPicture() {
        int[] layout = Arrays.copyOf(segment.chosen.from(0), segment.chosen.size() - 1);
        begin(Segment.picture(StreamLayout.behindLayout(pipeline.layout().guided(request, source), layout),
                pipeline.layout().picturePlaces(request.redraw())));
        addKept();
    }

    /** The model has begun a picture: what guides it sees what came before, with and without the words. */
    private void beginPicture(Consumer<Event> events) {
        List<Part> before = new ArrayList<>(request.parts());
        before.addAll(parts);
        before.add(new Text(text(chosen.size())));
        TokenRow own = rows().getFirst();
        GuidanceBatch guided = pipeline.layout().guided(before, request.pictures(), source, own);
        List<int[]> places = new ArrayList<>(pipeline.layout().picturePlaces(Optional.empty()));
        places.add(new int[] {format.tokens().pictureEnd()});
        tellText(chosen.size(), events, true);
        if (segment.text.isStopped()) {
            end(Outcome.COMPLETE, chosen.size(), events);
            return;
        }
        if (!segment.text.told().isEmpty()) {
            parts.add(new Text(segment.text.told()));
        }
        wordsLeft -= segment.chosen.size();
        begin(Segment.picture(guided, places));
    }

    /** Goes on with other components. */
    public void move(ModelPipeline next) {
        pipeline = next;
    }

    /** Ends the request before its time. */
    public void cancel(Consumer<Event> events) {
        end(Outcome.CANCELLED, chosen.size(), events);
    }

    /** @param known how many of the chosen tokens count: others were chosen behind a stop string, in the same pass */
    private void end(Outcome reason, int known, Consumer<Event> events) {
        List<Part> all = new ArrayList<>(parts);
        Outcome outcome = reason;
        if (!segment.picture && !segment.layout) {
            tellText(known, events, true);
            String text = segment.text.told();
            if (!text.isEmpty() || all.isEmpty()) {
                all.add(new Text(text));
            }
            if (segment.text.isStopped()) {
                outcome = Outcome.COMPLETE;
            }
        } else if (segment.picture && outcome == Outcome.COMPLETE) {
            Image image = pipeline.pictures().whole(codes(), request.redraw());
            computed.run();
            all.add(image);
            events.accept(new Event.PictureDone(number, image));
        }
        answer = new Answer(all, chosen.list().subList(0, known), prompt, outcome, origin.get(), promptImageTokens, tokens);
        events.accept(new Event.Finished(number, answer));
    }

    /**
     * Tells the text that is new, and the tokens that made it.
     *
     * @param known how many of the chosen tokens count
     * @param last  whether no more text follows in this segment
     */
    private void tellText(int known, Consumer<Event> events, boolean last) {
        String text = text(known);
        for (int place = told; place < known; place++) {
            if (scored.containsKey(place)) {
                segment.text.add(spelled(scored.get(place), place));
                scored.remove(place);
            }
        }
        segment.text.tell(text, last, event -> {
            if (event instanceof Event.Token token) {
                tokens.add(token);
            }
            events.accept(event);
        });
    }

    /**
     * Adds the token's own bytes, and the texts of the alternatives: behind the token before them, since some tokenizers drop a
     * space at the begin.
     */
    private Event.Token spelled(Event.Token token, int place) {
        Tokenizer tokenizer = pipeline.components().tokenizer();
        int before = place > 0 ? chosen.at(place - 1) : prompt.getLast();
        String begin = tokenizer.decode(new int[] {before}, true);
        List<Alternative> top = token.top().stream().map(other -> {
            String both = tokenizer.decode(new int[] {before, other.id()}, true);
            String text = both.startsWith(begin) ? both.substring(begin.length())
                    : tokenizer.decode(new int[] {other.id()}, true);
            byte[] own = tokenizer.bytes(other.id());
            return StreamedText.isWhole(own) ? new Alternative(other.id(), text, other.logprob())
                    : new Alternative(other.id(), text, other.logprob(), own);
        }).toList();
        return new Event.Token(token.request(), token.id(), token.text(), token.logprob(), top, tokenizer.bytes(token.id()));
    }

    /** The text of the segment up to one of the chosen tokens. */
    private String text(int known) {
        int count = segment.chosen.size() - (chosen.size() - known);
        return pipeline.components().tokenizer().decode(Arrays.copyOf(segment.chosen.from(0), count), false);
    }

    /** The codes of the picture as far as it has come; what always stands between them is left out. */
    private int[] codes() {
        return IntStream.of(segment.chosen.from(0)).filter(codeOf::containsKey).map(codeOf::get).toArray();
    }
}
