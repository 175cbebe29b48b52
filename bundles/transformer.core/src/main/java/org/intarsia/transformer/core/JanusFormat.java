package org.intarsia.transformer.core;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.Part;
import org.intarsia.model.api.PromptFormat;
import org.intarsia.model.api.SpecialTokens;
import org.intarsia.model.api.TokenRow;

/**
 * Streams of Janus (Wu et al., 2024; Chen et al., "Janus-Pro", 2025). A picture that is read stands in the stream as
 * features between its begin and its end; one that is made, as codes behind a begin. What guides it is the same stream
 * with padding in place of everything but what the tokenizer's template puts in front, and that begin.
 *
 * @param ends    what a text may end with
 * @param padding stands in place of the words in the guiding stream
 * @param hidden  size of a feature
 */
record JanusFormat(SpecialTokens tokens, Set<Integer> ends, int padding, int hidden) implements PromptFormat {
    private static final String USER = "<|User|>: ";
    private static final String ASSISTANT = "\n\n<|Assistant|>:";

    @Override
    public boolean ends(int id) {
        return ends.contains(id);
    }

    @Override
    public boolean questionFirst() {
        return false;
    }

    @Override
    public TokenRow answer(List<Part> parts, Source source) {
        return turn(parts, source).add(source.template().behind());
    }

    @Override
    public TokenRow continuation(List<Part> parts, Source source) {
        TokenRow row = new TokenRow().add(source.template().before());
        return Writing.parts(row, parts, source, image -> add(row, image, source)).add(source.template().behind());
    }

    @Override
    public List<GuidanceBranch> picture(List<Part> parts, Source source, double guidanceText, double guidanceImage, int rows,
            int columns) {
        if (parts.stream().anyMatch(Image.class::isInstance)) {
            throw new ModelException("Janus makes pictures from text alone; hand in no picture");
        }
        TokenRow words = turn(parts, source);
        int[] begin = source.template().before();
        int[] padded = new int[words.size() - begin.length];
        Arrays.fill(padded, padding);
        TokenRow nothing = new TokenRow().add(begin).add(padded);
        return List.of(new GuidanceBranch(words.add(tokens.pictureBegin()), guidanceText),
                new GuidanceBranch(nothing.add(tokens.pictureBegin()), 1 - guidanceText));
    }

    @Override
    public int[] places(int rows, int columns) {
        int[] places = new int[rows * columns];
        Arrays.fill(places, CODE);
        return places;
    }

    /** A turn of the user, up to where the assistant's begins; a line end stands behind each picture. */
    private TokenRow turn(List<Part> parts, Source source) {
        TokenRow row = new TokenRow().add(source.template().before());
        return Writing.turn(row, USER, parts, "\n", ASSISTANT, source, image -> add(row, image, source));
    }

    private void add(TokenRow row, Image image, Source source) {
        row.add(tokens.pictureBegin()).addPicture(tokens.placeholder(), source.features(image), hidden)
                .add(tokens.pictureEnd());
    }
}
