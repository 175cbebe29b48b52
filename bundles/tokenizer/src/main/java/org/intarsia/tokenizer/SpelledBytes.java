package org.intarsia.tokenizer;

import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads bytes as vocabularies spell them. SentencePiece spells the bytes of characters that it has no token for as
 * {@code <0xE2>}. Byte-level vocabularies, GPT-2's and all after it, spell each byte as one character: printable ones of
 * Latin-1 as themselves, the others as the characters from U+0100 on, in their order.
 */
final class SpelledBytes {
    private static final Pattern FALLBACK = Pattern.compile("<0x([0-9A-Fa-f]{2})>");
    private static final int BYTES = 256;
    private static final String CHARACTERS = characters();

    private SpelledBytes() {
    }

    private static String characters() {
        StringBuilder characters = new StringBuilder();
        char next = BYTES;
        for (char unit = 0; unit < BYTES; unit++) {
            boolean printable = unit > ' ' && unit < 0x7F || unit > 0xA0 && unit != 0xAD;
            characters.append(printable ? unit : next++);
        }
        return characters.toString();
    }

    /** Returns the bytes of a token; nothing where it is spelled in neither way. */
    static Optional<byte[]> of(String token) {
        Matcher fallback = FALLBACK.matcher(token);
        if (fallback.matches()) {
            return Optional.of(HexFormat.of().parseHex(fallback.group(1)));
        }
        byte[] bytes = new byte[token.length()];
        for (int i = 0; i < bytes.length; i++) {
            int unit = CHARACTERS.indexOf(token.charAt(i));
            if (unit < 0) {
                return Optional.empty();
            }
            bytes[i] = (byte) unit;
        }
        return Optional.of(bytes);
    }
}
