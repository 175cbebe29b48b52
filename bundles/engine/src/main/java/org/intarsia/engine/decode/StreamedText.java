package org.intarsia.engine.decode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.intarsia.engine.api.Alternative;
import org.intarsia.engine.api.Event;

/**
 * The text of one segment of words on its way to the listener. Text is held back while its last character is not whole, and
 * while it could still become a stop string; the first stop string that is whole ends it. Tokens are told once their text is.
 * Not safe for use by several threads.
 */
final class StreamedText {
    /** The end of a text whose last character is not complete. */
    private static final char REPLACEMENT = '\uFFFD';

    private final int request;
    private final List<String> stops;
    /** Tokens that have begun a character which is not whole yet. */
    private final List<Event.Token> begun = new ArrayList<>();
    private final Deque<Placed> waiting = new ArrayDeque<>();
    private String told = "";
    private int whole;
    private boolean stopped;

    /**
     * A token and where its text stands in that of the segment.
     *
     * @param part whether it is one of several tokens that make a character
     */
    private record Placed(Event.Token token, int start, int end, boolean part) {
        /** Among the alternatives it has the same text and bytes. */
        private Event.Token with(String text) {
            byte[] bytes = part || !isWhole(token.bytes()) ? token.bytes() : text.getBytes(StandardCharsets.UTF_8);
            List<Alternative> top = token.top().stream().map(other -> other.id() == token.id()
                    ? new Alternative(other.id(), text, other.logprob(), bytes) : other).toList();
            return new Event.Token(token.request(), token.id(), text, token.logprob(), top, bytes);
        }
    }

    StreamedText(int request, List<String> stops) {
        this.request = request;
        this.stops = stops;
    }

    /** The text that has been told. */
    String told() {
        return told;
    }

    /** Tells whether a stop string has come. */
    boolean isStopped() {
        return stopped;
    }

    /** Tells whether bytes are whole characters. */
    static boolean isWhole(byte[] bytes) {
        return Arrays.equals(new String(bytes, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8), bytes);
    }

    /** Adds a token, with its own bytes, whose text is part of what is told next and not known yet. */
    void add(Event.Token token) {
        begun.add(token);
    }

    /**
     * Tells what is new, and that there is a token where there is no new text.
     *
     * @param text all of the segment so far
     * @param last whether no more text follows in this segment
     */
    void tell(String text, boolean last, Consumer<Event> events) {
        boolean half = !last && !text.isEmpty() && text.charAt(text.length() - 1) == REPLACEMENT;
        int before = told.length();
        if (!half && !stopped && text.length() >= before) {
            place(text.length());
            told = text.substring(0, end(text, last));
        }
        if (told.length() > before || !last) {
            events.accept(new Event.TextPiece(request, told.substring(before)));
        }
        while (!waiting.isEmpty() && isTold(waiting.peek())) {
            Placed next = waiting.poll();
            events.accept(next.with(text.substring(next.start, Math.min(next.end, told.length()))));
        }
    }

    private boolean isTold(Placed token) {
        return token.end <= told.length() || stopped && token.start < told.length();
    }

    /** A character that several tokens make counts as the text of the last of them. */
    private void place(int length) {
        for (int i = 0; i < begun.size(); i++) {
            int end = i == begun.size() - 1 ? length : whole;
            waiting.add(new Placed(begun.get(i), whole, end, begun.size() > 1));
        }
        begun.clear();
        whole = length;
    }

    /** Returns the length of the part of a text that may be told. */
    private int end(String text, boolean last) {
        int from = told.length();
        int stop = text.length();
        int stopEnd = Integer.MAX_VALUE;
        for (String candidate : stops) {
            // The one that is whole first, so that it does not matter how the text is cut into tokens.
            int at = text.indexOf(candidate, from);
            if (at >= 0 && (at + candidate.length() < stopEnd || at + candidate.length() == stopEnd && at < stop)) {
                stop = at;
                stopEnd = at + candidate.length();
            }
        }
        if (stopEnd < Integer.MAX_VALUE) {
            stopped = true;
            return stop;
        }
        return last ? text.length() : Math.max(from, text.length() - heldBack(text));
    }

    /** The length of the longest end of a text with which a stop string begins. */
    private int heldBack(String text) {
        int most = 0;
        for (String candidate : stops) {
            for (int length = Math.min(candidate.length() - 1, text.length()); length > most; length--) {
                if (text.endsWith(candidate.substring(0, length))) {
                    most = length;
                }
            }
        }
        return most;
    }
}
