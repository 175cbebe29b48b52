package org.intarsia.training.stages;

import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.intarsia.model.api.SpecialTokens;
import org.intarsia.model.api.Tokenizer;
import org.intarsia.picturebook.language.Language;
import org.intarsia.picturebook.language.Layout;
import org.intarsia.picturebook.samples.Sample;
import org.intarsia.picturebook.samples.Task;
import org.intarsia.picturebook.world.Scene;
import org.intarsia.training.recipe.Recipe;

/**
 * Turns a sample into the token stream that the engine would see: begin, words, source picture, separator, answer. The
 * words come before the source picture, so that what is to be copied lies at a constant distance. Safe for use by several
 * threads.
 */
public final class StreamWriter {
    private final Tokenizer tokenizer;
    private final SpecialTokens tokens;
    private final int places;
    private final Recipe.CorePart recipe;
    private final long seed;
    private final boolean layouts;
    private final Map<String, int[]> known = new ConcurrentHashMap<>();

    /**
     * @param ids    the whole stream
     * @param answer where the answer begins
     * @param picture where the picture to make begins, behind its layout; where there is none, where the answer begins
     */
    record Stream(int[] ids, int answer, int picture) {
    }

    /** @param layouts whether the layout of a picture to make stands before it */
    public StreamWriter(Tokenizer tokenizer, SpecialTokens tokens, int places, Recipe.CorePart recipe, long seed, boolean layouts) {
        this.layouts = layouts;
        this.tokenizer = tokenizer;
        this.tokens = tokens;
        this.places = places;
        this.recipe = recipe;
        this.seed = seed;
    }

    /** How many tokens the stream of a sample has at most. */
    int length(Sample sample) {
        int length = 3 + words(sample.text()).length;
        length += sample.source().isPresent() ? places + 2 : 0;
        length += sample.picture().map(scene -> places + 2 + layout(scene).length).orElse(0);
        return length + sample.answer().map(answer -> words(answer).length).orElse(0);
    }

    /**
     * Writes the stream down.
     *
     * @param index   the sample's number, which decides what is left out for guidance
     * @param source  the codes of the source picture, or null
     * @param picture the codes of the picture to make, or null
     */
    Stream write(Sample sample, long index, int[] source, int[] picture) {
        double draw = new Random(seed ^ index * 0x9E3779B97F4A7C15L).nextDouble();
        boolean making = sample.picture().isPresent();
        boolean nothing = making && draw < recipe.promptDropout();
        boolean wordless = making ? draw < recipe.promptDropout() + recipe.textDropout()
                // Without a request a picture is described in English, so that a caller need not ask.
                : sample.task() == Task.DESCRIBE && sample.language() == Language.ENGLISH && draw < 0.5;
        IntStream.Builder stream = IntStream.builder().add(tokens.begin());
        if (!wordless) {
            IntStream.of(words(sample.text())).forEach(stream);
        }
        if (source != null && !nothing) {
            picture(stream, source);
        }
        int[] prompt = stream.add(tokens.separator()).build().toArray();
        IntStream.Builder answer = IntStream.builder();
        int[] layout = sample.picture().map(this::layout).orElse(new int[0]);
        IntStream.of(layout).forEach(answer);
        if (making) {
            picture(answer, picture);
        }
        sample.answer().ifPresent(text -> IntStream.of(words(text)).forEach(answer));
        int[] ids = IntStream.concat(IntStream.of(prompt), answer.add(tokens.end()).build()).toArray();
        return new Stream(ids, prompt.length, prompt.length + layout.length);
    }

    private int[] layout(Scene scene) {
        return layouts ? words(Layout.of(scene)) : new int[0];
    }

    private void picture(IntStream.Builder stream, int[] codes) {
        stream.accept(tokens.pictureBegin());
        for (int code : codes) {
            stream.accept(tokens.pictureIds()[code]);
        }
        stream.accept(tokens.pictureEnd());
    }

    private int[] words(String text) {
        return known.computeIfAbsent(text, key -> tokenizer.encode(key, false));
    }
}
