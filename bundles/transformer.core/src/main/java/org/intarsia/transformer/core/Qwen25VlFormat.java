package org.intarsia.transformer.core;

import java.util.List;
import java.util.Set;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.Part;
import org.intarsia.model.api.PromptFormat;
import org.intarsia.model.api.SpecialTokens;
import org.intarsia.model.api.TokenRow;
import org.intarsia.model.blocks.TextStreams;

/**
 * Streams of Qwen2.5-VL, as its published chat template writes them: a picture is its features between {@code
 * <|vision_start|>} and {@code <|vision_end|>}.
 *
 * @param ends     what a text may end with
 * @param hidden   size of a feature
 * @param hasTurns whether the vocabulary has the marks of turns; without them an answer is a continuation
 */
record Qwen25VlFormat(SpecialTokens tokens, Set<Integer> ends, int hidden, boolean hasTurns) implements PromptFormat {
    static final List<String> MARKS = List.of("<|im_start|>", "<|im_end|>");
    private static final String BEFORE = "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n<|im_start|>user\n";
    private static final String BEHIND = "<|im_end|>\n<|im_start|>assistant\n";

    Qwen25VlFormat {
        ends = Set.copyOf(ends);
    }

    private TextStreams text() {
        return new TextStreams("Qwen2.5-VL", tokens, ends);
    }

    @Override
    public boolean ends(int id) {
        return text().ends(id);
    }

    @Override
    public boolean questionFirst() {
        return false;
    }

    @Override
    public TokenRow answer(List<Part> parts, Source source) {
        return hasTurns ? stream(BEFORE, parts, BEHIND, source) : continuation(parts, source);
    }

    @Override
    public TokenRow continuation(List<Part> parts, Source source) {
        return stream("", parts, "", source).add(source.template().behind());
    }

    private TokenRow stream(String before, List<Part> parts, String behind, Source source) {
        TokenRow row = new TokenRow().add(source.template().before());
        return Writing.turn(row, before, parts, "", behind, source, image -> add(row, image, source));
    }

    private void add(TokenRow row, Image image, Source source) {
        row.add(tokens.pictureBegin()).addPicture(tokens.placeholder(), source.features(image), hidden).add(tokens.pictureEnd());
    }

    @Override
    public List<GuidanceBranch> picture(List<Part> parts, Source source, double guidanceText, double guidanceImage, int rows, int columns) {
        return text().picture(parts, source, guidanceText, guidanceImage, rows, columns);
    }

    @Override
    public int[] places(int rows, int columns) {
        return text().places(rows, columns);
    }
}
