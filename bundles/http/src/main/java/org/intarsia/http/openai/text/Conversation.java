package org.intarsia.http.openai.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.intarsia.engine.chat.Message;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Model;
import org.intarsia.http.HttpException;
import org.intarsia.http.openai.parts.Fields;
import org.intarsia.http.openai.parts.Notes;
import org.intarsia.http.openai.parts.PictureInput;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.Part;
import org.intarsia.model.api.Text;
import org.intarsia.text.Quoted;

/**
 * The messages of a conversation. {@link ChatPrompts} hands them to a model of text that has a chat template as they are; other
 * models read one turn, so {@link #parts} makes one of them:
 * <ul>
 * <li>A model that makes pictures was trained on single exchanges. It is handed the texts of the system and the last turn of the
 * user; where that has no picture, the latest picture of the conversation stands behind it.
 * <li>Any other model is handed all turns, one below the other.
 * </ul>
 *
 * @param system   the texts of the system
 * @param turns    the turns of user and assistant
 * @param messages all of them in their order, without their pictures
 */
record Conversation(List<Part> system, List<Turn> turns, List<Message> messages) {
    private static final String LINE = "\n";
    private static final String SYSTEM = "system";
    private static final String USER = "user";

    /** One message. */
    record Turn(boolean user, List<Part> parts) {
        private Optional<Image> lastImage() {
            return parts.reversed().stream().filter(Image.class::isInstance).map(Image.class::cast).findFirst();
        }
    }

    /** Reads {@code messages} of a chat completion. */
    static Conversation ofMessages(Fields fields) {
        List<JsonNode> sent = fields.list("messages");
        Conversation conversation = new Conversation(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (int i = 0; i < sent.size(); i++) {
            conversation.add("messages[" + i + "]", sent.get(i));
        }
        return conversation.checked("messages");
    }

    /** Reads {@code instructions} and {@code input} of a response. */
    static Conversation ofInput(Fields fields) {
        Conversation conversation = new Conversation(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        fields.text("instructions").ifPresent(text -> {
            conversation.system.add(new Text(text));
            conversation.messages.add(new Message(SYSTEM, text));
        });
        List<JsonNode> items = fields.list("input");
        for (int i = 0; i < items.size(); i++) {
            JsonNode item = items.get(i);
            String param = "input[" + i + "]";
            if (item.isTextual()) {
                conversation.turns.add(new Turn(true, List.of(new Text(item.textValue()))));
                conversation.messages.add(new Message(USER, item.textValue()));
            } else if (item.path("type").asText("").equals("image_generation_call")) {
                conversation.turns.add(new Turn(false, List.of(PictureInput.of(param + ".result", item.path("result")).image())));
            } else {
                conversation.add(param, item);
            }
        }
        return conversation.checked("input");
    }

    private Conversation checked(String param) {
        if (turns.stream().noneMatch(Turn::user)) {
            throw HttpException.invalid(param, param + " must hold at least one message of the user");
        }
        return this;
    }

    private void add(String param, JsonNode message) {
        List<Part> parts = new ArrayList<>();
        content(param + ".content", message.path("content"), parts);
        for (JsonNode image : message.path("images")) {
            parts.add(PictureInput.of(param + ".images", image).image());
        }
        String role = message.path("role").asText("");
        switch (role) {
            case SYSTEM, "developer" -> system.addAll(parts);
            case USER -> {
                if (parts.isEmpty()) {
                    throw HttpException.invalid(param + ".content", param + ".content is missing: write a text, or hand in a picture");
                }
                turns.add(new Turn(true, parts));
            }
            case "assistant" -> turns.add(new Turn(false, parts));
            default -> throw HttpException.invalid(param + ".role", param + ".role must be system, developer, user or assistant");
        }
        messages.add(new Message(role.equals("developer") ? SYSTEM : role, joined(parts),
                Optional.ofNullable(message.path("name").textValue())));
    }

    private static void content(String param, JsonNode content, List<Part> parts) {
        if (content.isTextual()) {
            parts.add(new Text(content.textValue()));
        } else if (content.isArray()) {
            for (int i = 0; i < content.size(); i++) {
                parts.add(part(param + "[" + i + "]", content.get(i)));
            }
        } else if (!content.isNull() && !content.isMissingNode()) {
            throw HttpException.invalid(param, param + " must be a text or a list of parts");
        }
    }

    private static Part part(String param, JsonNode part) {
        String type = part.path("type").asText("");
        return switch (type) {
            case "text", "input_text", "output_text" -> text(param + ".text", part.path("text"));
            case "image_url", "input_image" -> PictureInput.of(param + ".image_url",
                    part.has("image_url") ? part.get("image_url") : part).image();
            default -> throw HttpException.invalid(param, param + " has the type " + Quoted.of(type)
                    + ", but only text and pictures can be read");
        };
    }

    private static Text text(String param, JsonNode text) {
        if (!text.isTextual()) {
            throw HttpException.invalid(param, param + " must be a text");
        }
        return new Text(text.textValue());
    }

    /** Returns whether pictures were handed in. */
    boolean hasPictures() {
        return Stream.concat(system.stream(), turns.stream().flatMap(turn -> turn.parts.stream())).anyMatch(Image.class::isInstance);
    }

    /** Returns the text of the last turn of the user. */
    String text() {
        return joined(last().parts);
    }

    private Turn last() {
        return turns.stream().filter(Turn::user).toList().getLast();
    }

    /** Returns what a model is handed; notes what it is not. */
    List<Part> parts(Model model, Goal goal, Notes notes) {
        List<Part> parts = new ArrayList<>(system);
        if (!model.makes(Goal.PICTURE)) {
            turns.forEach(turn -> parts.addAll(turn.parts));
            return merged(parts);
        }
        Turn last = last();
        parts.addAll(last.parts);
        if (last.lastImage().isEmpty()) {
            turns.reversed().stream().map(Turn::lastImage).flatMap(Optional::stream).findFirst().ifPresent(parts::add);
        }
        if (turns.size() > 1) {
            notes.add("the model reads the last turn and the latest picture, not the whole conversation");
        }
        return goal == Goal.PICTURE ? instructionFirst(parts) : merged(parts);
    }

    /** Texts that follow each other become one, with a line end between. */
    private static List<Part> merged(List<Part> parts) {
        List<Part> merged = new ArrayList<>();
        for (Part part : parts) {
            if (part instanceof Text text && !merged.isEmpty() && merged.getLast() instanceof Text before) {
                merged.set(merged.size() - 1, new Text(before.text() + LINE + text.text()));
            } else {
                merged.add(part);
            }
        }
        return merged;
    }

    /** Puts the instruction before the pictures that it is about, as models that make pictures were trained. */
    private static List<Part> instructionFirst(List<Part> parts) {
        List<Part> sorted = new ArrayList<>();
        sorted.add(new Text(joined(parts)));
        parts.stream().filter(Image.class::isInstance).forEach(sorted::add);
        return sorted;
    }

    private static String joined(List<Part> parts) {
        return String.join(LINE, parts.stream().filter(Text.class::isInstance).map(part -> ((Text) part).text()).toList());
    }
}
