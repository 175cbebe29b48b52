package org.intarsia.engine.api;

import java.util.List;
import java.util.Map;

/**
 * The chat template of a model: a text in Jinja that writes the turns of a conversation as the model was trained to read them.
 * the service {@link org.intarsia.engine.chat.ChatRenderer} renders it.
 *
 * @param text    the template
 * @param tokens  the special tokens that the template knows by name, such as {@code bos_token}
 * @param special all special tokens of the tokenizer
 */
public record ChatTemplate(String text, Map<String, String> tokens, List<String> special) {
    public ChatTemplate {
        tokens = Map.copyOf(tokens);
        special = List.copyOf(special);
    }
}
