package org.intarsia.model.api;

/** A piece of what a caller hands in or gets back; parts come in any order and number. */
public sealed interface Part permits Text, Image {
}
