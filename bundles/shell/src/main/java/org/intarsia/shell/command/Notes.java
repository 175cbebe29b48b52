package org.intarsia.shell.command;

import java.util.ArrayList;
import java.util.List;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.Model;
import org.intarsia.shell.api.Console;

/**
 * What a user should know about a result that came out well in form alone. {@code --json} prints the notes with the result;
 * they also go to standard error, a line each.
 */
final class Notes {
    private final List<String> notes = new ArrayList<>();

    /** Notes that a text is empty, or has words that the model cannot know. */
    void text(Model model, String text) {
        if (text.isBlank()) {
            notes.add("the text is empty: what comes out is what model " + model.name() + " makes of nothing");
            return;
        }
        List<String> unknown = model.unknownWords(text);
        if (!unknown.isEmpty()) {
            notes.add("model " + model.name() + " does not know " + String.join(", ", unknown.stream().map(word -> "'" + word + "'")
                    .toList()) + ": no text that it learnt from had " + (unknown.size() == 1 ? "this word" : "these words")
                    + ", so what comes out may be anything");
        }
    }

    /** Notes that an answer ended because of its length. */
    void length(Answer answer, String remedy) {
        if (answer.outcome() == Answer.Outcome.LENGTH) {
            notes.add("the text is cut off after " + answer.ids().size() + " tokens: the model had not come to an end; " + remedy);
        }
    }

    void add(String note) {
        notes.add(note);
    }

    List<String> list() {
        return List.copyOf(notes);
    }

    /** Prints the notes to standard error. */
    void print(Console console) {
        notes.forEach(note -> console.err().println("note: " + note));
    }

    /** Returns why an answer ended: {@code stop}, {@code length} or {@code cancelled}. */
    static String finishReason(Answer answer) {
        return switch (answer.outcome()) {
            case COMPLETE -> "stop";
            case LENGTH -> "length";
            case CANCELLED -> "cancelled";
        };
    }
}
