package org.intarsia.engine.chat;

import java.util.Optional;

/**
 * One turn of a conversation.
 *
 * @param role    who speaks: {@code system}, {@code user}, {@code assistant}, or what else a template knows
 * @param content the text
 * @param name    the name of the speaker, where there are several of a role
 */
public record Message(String role, String content, Optional<String> name) {

    /** A turn without a name. */
    public Message(String role, String content) {
        this(role, content, Optional.empty());
    }
}
