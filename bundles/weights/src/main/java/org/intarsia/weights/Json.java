package org.intarsia.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads JSON that nobody has checked: token by token, within limits, and never as a tree. */
final class Json {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(8)
                    .maxNumberLength(32)
                    .maxNameLength(4096)
                    .maxStringLength(16 << 20)
                    .maxDocumentLength(Header.LONGEST)
                    .build())
            // Interned or kept in a table, the names of a hostile file would outlive it.
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    private Json() {
    }

    static JsonParser parser(InputStream stream) throws IOException {
        // A decoder of our own: left alone, the parser would guess the encoding and let broken UTF-8 pass.
        return FACTORY.createParser(new InputStreamReader(stream, StandardCharsets.UTF_8.newDecoder()));
    }

    /** What is wrong with the JSON, as the rest of a sentence that begins with what it is. */
    static String complaint(IOException problem) {
        return switch (problem) {
            case StreamConstraintsException limit ->
                    "is nested too deeply or holds a name, a number or a text that is too long";
            case JsonEOFException end -> "is not valid JSON (it ends too early)";
            case JsonProcessingException syntax -> "is not valid JSON (" + firstLine(syntax.getOriginalMessage()) + ")";
            case CharacterCodingException encoding -> "is not UTF-8 text";
            default -> "cannot be read (" + problem.getMessage() + ")";
        };
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("");
    }
}
