package org.intarsia.tokenizer;

import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.api.Tokenizer;
import org.intarsia.model.blocks.AddedTokens;
import org.intarsia.model.blocks.ConfigFile;

/**
 * A tokenizer whose template is not that of {@code tokenizer.json}, since {@code tokenizer_config.json} says what stands
 * around every text: {@code add_bos_token}, {@code add_eos_token}. transformers then replaces the template, too.
 */
final class FramedTokenizer implements Tokenizer {
    private static final String CONFIG = "tokenizer_config.json";
    private static final String ADD_BEGIN = "add_bos_token";
    private static final String ADD_END = "add_eos_token";

    private final Tokenizer tokenizer;
    private final int[] before;
    private final int[] behind;

    private FramedTokenizer(Tokenizer tokenizer, int[] before, int[] behind) {
        this.tokenizer = tokenizer;
        this.before = before;
        this.behind = behind;
    }

    /** Returns the tokenizer as the model's {@code tokenizer_config.json} wants it, which says mostly nothing. */
    static Tokenizer of(Tokenizer tokenizer, ModelFiles files) {
        if (files.json(CONFIG).isEmpty()) {
            return tokenizer;
        }
        ConfigFile config = ConfigFile.read(files, CONFIG);
        boolean begin = config.flag(ADD_BEGIN, false);
        boolean end = config.flag(ADD_END, false);
        config.check();
        if (!config.has(ADD_BEGIN) && !config.has(ADD_END)) {
            return tokenizer;
        }
        return new FramedTokenizer(tokenizer, begin ? special(tokenizer, files, "bos_token") : new int[0],
                end ? special(tokenizer, files, "eos_token") : new int[0]);
    }

    /** Returns a special token; transformers adds none that has no name. */
    private static int[] special(Tokenizer tokenizer, ModelFiles files, String name) {
        return AddedTokens.named(files, name).map(tokenizer::id).orElse(OptionalInt.empty()).stream().toArray();
    }

    @Override
    public int[] encode(String text, boolean special) {
        int[] plain = tokenizer.encode(text, false);
        return special ? Stream.of(before, plain, behind).flatMapToInt(IntStream::of).toArray() : plain;
    }

    @Override
    public String decode(int[] ids, boolean special) {
        return tokenizer.decode(ids, special);
    }

    @Override
    public OptionalInt id(String token) {
        return tokenizer.id(token);
    }

    @Override
    public String token(int id) {
        return tokenizer.token(id);
    }

    @Override
    public byte[] bytes(int id) {
        return tokenizer.bytes(id);
    }

    @Override
    public int size() {
        return tokenizer.size();
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
