package org.intarsia.model.api;

/** Words. */
public record Text(String text) implements Part {
}
