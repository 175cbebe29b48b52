package org.intarsia.http.openai.parts;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.intarsia.engine.api.Model;
import org.intarsia.text.Quoted;

/** Notes for the user about an answer that may not be what was meant; answers hold them as {@code intarsia.notes}. */
public final class Notes {
    private final List<String> notes = new ArrayList<>();

    public void add(String note) {
        notes.add(note);
    }

    /** Notes words of a text that the model cannot know. */
    public void text(Model model, String text) {
        List<String> unknown = text.isBlank() ? List.of() : model.unknownWords(text);
        if (!unknown.isEmpty()) {
            add("model " + model.name() + " does not know " + unknown.stream().map(word -> "'" + word + "'")
                    .collect(Collectors.joining(", ")) + ": what comes out may be anything");
        }
    }

    /** Notes the fields that nobody has asked for. */
    public void ignored(Fields fields) {
        List<String> names = fields.unread();
        if (!names.isEmpty()) {
            add("ignored: " + Quoted.line(String.join(", ", names)));
        }
    }

    public ArrayNode json() {
        ArrayNode json = JsonNodeFactory.instance.arrayNode();
        notes.forEach(json::add);
        return json;
    }
}
