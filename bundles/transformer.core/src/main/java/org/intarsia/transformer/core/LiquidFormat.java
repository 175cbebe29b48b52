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
import org.intarsia.model.blocks.TextStreams;

/**
 * Streams of Liquid as its authors write them (FoundationVision/Liquid, {@code evaluation/inference_*.py}). A question stands in
 * Gemma's turns, a picture as its codes between {@code <boi>} and {@code <eoi>}, with a line end behind. A picture that is asked
 * for follows its description and an instruction, without turns; what guides it is {@code <unconditional>} in their place.
 *
 * @param ends          what a text may end with
 * @param unconditional the token that stands in place of a description in the guiding stream
 */
record LiquidFormat(SpecialTokens tokens, Set<Integer> ends, int unconditional) implements PromptFormat {
    static final String BEGIN = "<boi>";
    static final String END = "<eoi>";
    static final String UNCONDITIONAL = "<unconditional>";
    private static final String USER = "<start_of_turn>user\n";
    private static final String MODEL = "<end_of_turn>\n<start_of_turn>model\n";
    private static final String INSTRUCTION = " Generate an image based on this description.";

    LiquidFormat {
        ends = Set.copyOf(ends);
    }

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
        return stream(USER, parts, "\n", MODEL, source);
    }

    @Override
    public TokenRow continuation(List<Part> parts, Source source) {
        return stream("", parts, "", "", source);
    }

    private TokenRow stream(String before, List<Part> parts, String afterPicture, String behind, Source source) {
        TokenRow row = new TokenRow().add(source.template().before());
        return Writing.turn(row, before, parts, afterPicture, behind, source, image -> {
            row.add(tokens.pictureBegin());
            for (int code : source.codes(image).codes()) {
                row.add(tokens.pictureIds()[code]);
            }
            row.add(tokens.pictureEnd());
        }).add(source.template().behind());
    }

    @Override
    public List<GuidanceBranch> picture(List<Part> parts, Source source, double guidanceText, double guidanceImage, int rows, int columns) {
        if (parts.stream().anyMatch(Image.class::isInstance)) {
            throw new ModelException("Liquid makes pictures from text alone; hand in no picture");
        }
        int[] before = source.template().before();
        String text = new TextStreams("Liquid", tokens, ends).text(parts);
        TokenRow described = new TokenRow().add(before).add(source.text(text + INSTRUCTION)).add(tokens.pictureBegin());
        TokenRow nothing = new TokenRow().add(before).add(unconditional, tokens.pictureBegin());
        return List.of(new GuidanceBranch(described, guidanceText), new GuidanceBranch(nothing, 1 - guidanceText));
    }

    @Override
    public int[] places(int rows, int columns) {
        int[] places = new int[rows * columns];
        Arrays.fill(places, CODE);
        return places;
    }
}
