package org.intarsia.engine;

import java.util.ArrayList;
import java.util.BitSet;
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
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.Part;
import org.intarsia.model.api.StreamFormat;
import org.intarsia.model.api.Text;
import org.intarsia.model.api.TokenRow;
import org.intarsia.model.api.TransformerCore;
import org.intarsia.model.api.TransformerCore.Head;

/**
 * One request on its way: its streams, its sampler, and what it has told so far. Use it inside {@link Registry#using},
 * on one thread.
 */
final class TokenStream {
    /** What the decoding of half a character ends with. */
    private static final char REPLACEMENT = '\uFFFD';

    private final int number;
    private final Request request;
    private final Supplier<Origin> origin;
    private final Guided guided;
    private final List<Integer> prompt;
    /** The ids that may stand at each place of a picture; at all places of a text the same. */
    private final List<int[]> allowed;
    private final Head head;
    private final Sampler sampler;
    private final BitSet seen = new BitSet();
    private final TokenRow chosen = new TokenRow();
    private final int most;
    private final StreamFormat format;
    private Assembly assembly;
    private Map<Integer, Integer> codeOf;
    private boolean untold;
    private String told = "";
    private Answer answer;

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
        boolean picture = request.goal() == Goal.PICTURE;
        TransformerCore core = assembly.components().core();
        if (picture && core.format().tokens().pictureIds().length == 0) {
            throw new ModelException("model " + model + " makes no pictures: its vocabulary has no picture tokens");
        }
        this.allowed = picture ? assembly.layout().picturePlaces() : List.of(assembly.layout().words());
        this.head = assembly.layout().head(request.goal());
        this.guided = assembly.layout().guided(request);
        this.prompt = guided.prompt();
        prompt.forEach(seen::set);
        int context = core.geometry().context();
        int least = allowed.size();
        if (prompt.size() + least > context) {
            throw new ModelException("what was handed in takes " + prompt.size() + " tokens" + (picture
                    ? " and the picture " + least : "") + ", but model " + model + " holds " + context
                    + " in all: hand in less text or fewer pictures");
        }
        this.most = picture ? least : Math.min(request.sampling().maxTokens(), context - prompt.size());
        this.format = core.format();
        this.sampler = new Sampler(request.sampling());
    }

    List<TokenRow> rows() {
        return guided.rows();
    }

    /** What the next token is scored by. */
    Head head() {
        return head;
    }

    /** The most tokens that one of its streams will hold. */
    int length() {
        return prompt.size() + most;
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
        int[] here = allowed.get(allowed.size() == 1 ? 0 : chosen.size());
        int id = here.length == 1 ? here[0] : sampler.next(guided.mix(scores, first), here, seen);
        chosen.add(id);
        untold = true;
        if (!isLast(id)) {
            seen.set(id);
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
        if (request.goal() == Goal.PICTURE) {
            int[] codes = codes();
            news.add(new Event.PictureProgress(number, codes.length, assembly.pictures().codes()));
            if (isLast(id)) {
                end(Outcome.COMPLETE, news::add);
            } else if (request.previewEvery() > 0 && codes.length % request.previewEvery() == 0) {
                news.add(new Event.Preview(number, assembly.pictures().preview(codes)));
            }
        } else if (isEnd(id)) {
            end(Outcome.COMPLETE, news::add);
        } else {
            tellText(news::add, false);
            if (isLast(id)) {
                end(Outcome.LENGTH, news::add);
            }
        }
        news.forEach(events);
        untold = false;
    }

    private boolean isLast(int id) {
        return chosen.size() == most || isEnd(id);
    }

    private boolean isEnd(int id) {
        return request.goal() != Goal.PICTURE && format.ends(id);
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
        List<Part> parts = new ArrayList<>();
        if (request.goal() != Goal.PICTURE) {
            tellText(events, true);
            parts.add(new Text(told));
        } else if (outcome == Outcome.COMPLETE) {
            Image image = assembly.pictures().decode(codes());
            parts.add(image);
            events.accept(new Event.PictureDone(number, image));
        }
        answer = new Answer(parts, chosen.list(), prompt, outcome, origin.get());
        events.accept(new Event.Finished(number, answer));
    }

    /** Tells the text that is new; half a character waits for its other half, unless this is the end. */
    private void tellText(Consumer<Event> events, boolean last) {
        String text = assembly.components().tokenizer().decode(chosen.from(0), false);
        boolean half = !last && !text.isEmpty() && text.charAt(text.length() - 1) == REPLACEMENT;
        if (!half && text.length() > told.length()) {
            events.accept(new Event.TextPiece(number, text.substring(told.length())));
            told = text;
        }
    }

    /** The codes of the picture as far as it has come; what always stands between them is left out. */
    private int[] codes() {
        int[] pictureIds = format.tokens().pictureIds();
        if (codeOf == null) {
            codeOf = new HashMap<>();
            for (int code = 0; code < pictureIds.length; code++) {
                codeOf.put(pictureIds[code], code);
            }
        }
        return IntStream.of(chosen.from(0)).filter(codeOf::containsKey).map(codeOf::get).toArray();
    }
}
