package org.intarsia.engine.chat;

import java.util.List;
import java.util.Map;
import org.intarsia.engine.api.ChatTemplate;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Writes conversations out by the chat template of a model, as {@code apply_chat_template} of transformers does. A service;
 * safe for use by several threads. Special tokens in the text of a message are read as such by the model, as in transformers:
 * whoever lets strangers write messages takes them out before.
 */
@ProviderType
public interface ChatRenderer {

    /**
     * Writes a conversation, up to where the assistant's next turn begins.
     *
     * @param variables further variables for the template, such as {@code enable_thinking}: texts, numbers, truth values,
     *                  lists and maps of these
     * @throws org.intarsia.model.api.ModelException when the template refuses the conversation, in its own words, cannot be
     *     read, or takes too long
     */
    ChatPrompt render(ChatTemplate template, List<Message> messages, Map<String, ?> variables);
}
