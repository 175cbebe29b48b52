package org.intarsia.http.openai.parts;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.intarsia.engine.api.Request.Priority;

/** Reads how soon a request is served: the field {@code service_tier}, as OpenAI's API has it. */
public final class ServiceTier {
    private static final String FIELD = "service_tier";

    private ServiceTier() {
    }

    /** Returns the priority of a request; a normal one where it names none. */
    public static Priority priority(Fields fields) {
        return asked(fields).orElse(Priority.NORMAL);
    }

    private static Optional<Priority> asked(Fields fields) {
        return fields.text(FIELD).map(tier -> switch (tier) {
            case "flex" -> Priority.LOW;
            // Scale is a contract about capacity, which nobody has here.
            case "auto", "default", "scale" -> Priority.NORMAL;
            case "priority" -> Priority.HIGH;
            default -> throw fields.wrong(FIELD, "must be auto, default, scale, flex or priority");
        });
    }

    /** Tells in an answer how it was served, where the request named a tier. */
    public static void tell(Fields fields, ObjectNode answer) {
        asked(fields).ifPresent(priority -> answer.put(FIELD, switch (priority) {
            case LOW -> "flex";
            case NORMAL -> "default";
            case HIGH -> "priority";
        }));
    }
}
