package org.intarsia.tokenizer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The types of the parts of {@code tokenizer.json} that the native library does not have. It refuses such a file without a word
 * about which part it means.
 */
final class UnknownTypes {
    private static final JsonFactory JSON = new JsonFactory();
    /** Of tokenizers 0.21.4, by the field of the file. */
    private static final Map<String, List<String>> KNOWN = Map.of(
            "model", List.of("BPE", "WordPiece", "WordLevel", "Unigram"),
            "normalizer", List.of("BertNormalizer", "Strip", "StripAccents", "NFC", "NFD", "NFKC", "NFKD", "Sequence", "Lowercase",
                    "Nmt", "Precompiled", "Replace", "Prepend", "ByteLevel"),
            "pre_tokenizer", List.of("BertPreTokenizer", "ByteLevel", "CharDelimiterSplit", "Metaspace", "Whitespace", "Sequence",
                    "Split", "Punctuation", "WhitespaceSplit", "Digits", "UnicodeScripts", "FixedLength"),
            "post_processor", List.of("RobertaProcessing", "BertProcessing", "ByteLevel", "TemplateProcessing", "Sequence"),
            "decoder", List.of("BPEDecoder", "ByteLevel", "WordPiece", "Metaspace", "CTC", "Sequence", "Replace", "Fuse", "Strip",
                    "ByteFallback"));
    /** Arrays of parts, in parts of the type Sequence. */
    private static final Set<String> PARTS = Set.of("normalizers", "pretokenizers", "processors", "decoders");

    private UnknownTypes() {
    }

    /**
     * Returns the first type that the library does not have, in a clause that names its part and those that there are.
     *
     * @throws IOException when the text is no valid JSON
     */
    static Optional<String> find(String json) throws IOException {
        try (JsonParser parser = JSON.createParser(json)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                parser.nextToken();
                Optional<String> unknown = KNOWN.containsKey(field) ? inPart(parser, field) : Optional.empty();
                if (unknown.isPresent()) {
                    return unknown.map(type -> "its " + field + " has the type " + type + ", and there are "
                            + String.join(", ", KNOWN.get(field)));
                }
                // Does nothing behind a part, whose end the parser has reached.
                parser.skipChildren();
            }
        }
        return Optional.empty();
    }

    private static Optional<String> inPart(JsonParser parser, String field) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            return Optional.empty();
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (name.equals("type") && value == JsonToken.VALUE_STRING && !KNOWN.get(field).contains(parser.getText())) {
                return Optional.of(parser.getText());
            }
            if (PARTS.contains(name) && value == JsonToken.START_ARRAY) {
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    Optional<String> unknown = inPart(parser, field);
                    if (unknown.isPresent()) {
                        return unknown;
                    }
                    parser.skipChildren();
                }
            } else {
                parser.skipChildren();
            }
        }
        return Optional.empty();
    }
}
