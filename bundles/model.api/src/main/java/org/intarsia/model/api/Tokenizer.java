package org.intarsia.model.api;

import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import org.osgi.annotation.versioning.ConsumerType;

/** Text ↔ ids, exactly as the checkpoint's {@code tokenizer.json} says. Safe for use by several threads. */
@ConsumerType
public interface Tokenizer extends AutoCloseable {

    /**
     * The ids of a text.
     *
     * @param special whether to add what the tokenizer's template adds, such as a beginning of sequence
     */
    int[] encode(String text, boolean special);

    /**
     * The text of ids; broken UTF-8 becomes replacement characters.
     *
     * @param special whether to keep special tokens in the text
     */
    String decode(int[] ids, boolean special);

    /** The id of a token, for example {@code <racm3:break>}; empty when there is none. */
    OptionalInt id(String token);

    /** The token with this id as the vocabulary spells it; empty text when there is none. */
    String token(int id);

    /**
     * Returns the bytes that a token stands for in a text; they may be a part of a character. By default those of its text, in
     * which replacement characters stand for such a part.
     */
    default byte[] bytes(int id) {
        return decode(new int[] {id}, true).getBytes(StandardCharsets.UTF_8);
    }

    /** One more than the largest id. */
    int size();

    @Override
    void close();
}
