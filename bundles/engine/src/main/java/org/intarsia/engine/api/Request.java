package org.intarsia.engine.api;

import java.util.List;
import java.util.Optional;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.Part;

/**
 * What goes in, and what shall come out.
 *
 * @param parts        text and pictures, in the order in which the model shall see them
 * @param goal         what shall come out
 * @param sampling     how tokens are chosen; {@link Model#sampling} gives what the model likes best
 * @param pictures     how those of pictures are chosen where they come mixed with text
 * @param previewEvery after how many codes a picture is decoded as far as it has come; 0 for never. Of a redraw only the
 *                     codes that are drawn anew count
 * @param redraw       the picture of which some cells are drawn anew; only for {@link Goal#PICTURE}
 * @param stop         strings before whose first occurrence text ends, 0 to 4 of them, none empty; they are not part of the
 *                     answer's text, and count in the text between two pictures, not across pictures
 * @param logprobs     how many alternatives are told for each token of text, 0 to 20, with its log probability;
 *                     {@link #NO_LOGPROBS} for neither
 * @param written      whether the texts are written out whole, special tokens included, as a chat template writes them: the
 *                     tokenizer's own template is then not put around them, as {@code add_special_tokens=False} says to
 *                     transformers. Only for {@link Goal#CONTINUATION}
 * @param ends         special tokens that end the text beside those that the model's files name
 * @param draft        how many tokens of text are drafted of what was there before, and checked in one pass, 0 to 32; 0 for one token
 *                     a pass. Tokens are the same with and without
 * @param priority     who is served first where not all can be. Tokens do not depend on it
 */
public record Request(List<Part> parts, Goal goal, Sampling sampling, Sampling pictures, int previewEvery,
        Optional<Redraw> redraw, List<String> stop, int logprobs, boolean written, List<String> ends, int draft,
        Priority priority) {
    /**
     * Who is served first where not all can be: who waits for others to end begins in this order, and where the cache is full, the
     * streams of the lowest are dropped from it, and read again later. Within a priority who came first is served first.
     */
    public enum Priority {
        /** For work that nobody waits for. It may wait without end while others ask. */
        LOW,
        NORMAL,
        HIGH
    }

    /** In place of {@link #logprobs}: log probabilities are not told. */
    public static final int NO_LOGPROBS = -1;
    /** The most {@link #logprobs}. */
    public static final int MOST_LOGPROBS = 20;
    /** The most strings of {@link #stop}. */
    public static final int MOST_STOPS = 4;
    /** The most {@link #draft}. */
    public static final int MOST_DRAFT = 32;

    /** @throws ModelException when one of the values is out of its range */
    public Request {
        parts = List.copyOf(parts);
        stop = List.copyOf(stop);
        ends = List.copyOf(ends);
        if (stop.size() > MOST_STOPS) {
            throw new ModelException("text may end before " + MOST_STOPS + " strings at most, not " + stop.size());
        }
        if (stop.contains("")) {
            throw new ModelException("a string before which text ends must not be empty");
        }
        if (logprobs < NO_LOGPROBS || logprobs > MOST_LOGPROBS) {
            throw new ModelException("alternatives for each token must be 0 to " + MOST_LOGPROBS + ", or " + NO_LOGPROBS
                    + " for no log probabilities, not " + logprobs);
        }
        if (draft < 0 || draft > MOST_DRAFT) {
            throw new ModelException("the tokens of a draft must be 0 to " + MOST_DRAFT + ", not " + draft);
        }
        if (redraw.isPresent() && goal != Goal.PICTURE) {
            throw new ModelException("cells can be drawn anew only where a picture is asked for");
        }
        if (written && goal != Goal.CONTINUATION) {
            throw new ModelException("a text that is written out whole can only be continued");
        }
    }

    /** A request whose text gets what the tokenizer puts around every text. */
    public Request(List<Part> parts, Goal goal, Sampling sampling, Sampling pictures, int previewEvery,
            Optional<Redraw> redraw, List<String> stop, int logprobs) {
        this(parts, goal, sampling, pictures, previewEvery, redraw, stop, logprobs, false, List.of(), 0, Priority.NORMAL);
    }

    /** A request without redraw, stop strings and log probabilities. */
    public Request(List<Part> parts, Goal goal, Sampling sampling, Sampling pictures, int previewEvery) {
        this(parts, goal, sampling, pictures, previewEvery, Optional.empty(), List.of(), NO_LOGPROBS);
    }

    /** A request for one kind of thing. */
    public Request(List<Part> parts, Goal goal, Sampling sampling, int previewEvery) {
        this(parts, goal, sampling, sampling, previewEvery);
    }

    /** A request without previews. */
    public Request(List<Part> parts, Goal goal, Sampling sampling) {
        this(parts, goal, sampling, 0);
    }

    /** The same request, with some cells of a picture drawn anew. */
    public Request withRedraw(Redraw changed) {
        return new Request(parts, goal, sampling, pictures, previewEvery, Optional.of(changed), stop, logprobs,
                written, ends, draft, priority);
    }

    /** The same request, with text that ends before one of these. */
    public Request withStop(List<String> changed) {
        return new Request(parts, goal, sampling, pictures, previewEvery, redraw, changed, logprobs, written, ends, draft, priority);
    }

    /** The same request, with log probabilities and so many alternatives; {@link #NO_LOGPROBS} for neither. */
    public Request withLogprobs(int changed) {
        return new Request(parts, goal, sampling, pictures, previewEvery, redraw, stop, changed, written, ends, draft, priority);
    }

    /** The same request, whose text is written out whole; these special tokens end the answer, too. */
    public Request withWritten(List<String> changed) {
        return new Request(parts, goal, sampling, pictures, previewEvery, redraw, stop, logprobs, true, changed, draft, priority);
    }

    /** The same request, whose text is drafted so many tokens at a time; 0 for one token a pass. */
    public Request withDraft(int changed) {
        return new Request(parts, goal, sampling, pictures, previewEvery, redraw, stop, logprobs, written, ends, changed, priority);
    }

    /** The same request, served sooner or later than others. */
    public Request withPriority(Priority changed) {
        return new Request(parts, goal, sampling, pictures, previewEvery, redraw, stop, logprobs, written, ends, draft, changed);
    }
}
