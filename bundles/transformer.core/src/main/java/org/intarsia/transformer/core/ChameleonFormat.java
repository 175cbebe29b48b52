package org.intarsia.transformer.core;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.api.Part;
import org.intarsia.model.api.PromptFormat;
import org.intarsia.model.api.SpecialTokens;
import org.intarsia.model.api.TokenRow;
import org.intarsia.model.blocks.ConfigFile;

/**
 * Streams of the Chameleon family: the begin that the tokenizer's template adds, parts, separator, answer; a continuation has no
 * separator. A picture is its codes between {@code pictureBegin} and {@code pictureEnd}; when a picture is asked for, its begin is given.
 *
 * <p>A picture is guided by two more streams, as Chameleon's authors do: one with the pictures that were handed in but
 * without the text, one with neither. The scores are mixed as nothing + guidanceImage · (pictures − nothing) +
 * guidanceText · (all − pictures).
 *
 * @param ends                what a text may end with
 * @param separatorInGuidance whether the streams without text keep the separator before the picture:
 *                            {@code intarsia.separator_in_guidance} in {@code generation_config.json}
 */
record ChameleonFormat(SpecialTokens tokens, Set<Integer> ends, boolean separatorInGuidance) implements PromptFormat {
    private static final String FILE = "generation_config.json";
    private static final String OWN = "intarsia";

    /** Reads what the model says about its streams. */
    static ChameleonFormat read(ModelFiles files, ConfigFile model, SpecialTokens tokens) {
        Set<Integer> ends = StreamEnds.read(files, model);
        if (ends.isEmpty()) {
            ends.add(tokens.end());
        }
        if (files.json(FILE).isEmpty()) {
            return new ChameleonFormat(tokens, ends, false);
        }
        ConfigFile config = ConfigFile.read(files, FILE);
        boolean separator = config.has(OWN) && config.at(OWN).flag("separator_in_guidance", false);
        config.check();
        return new ChameleonFormat(tokens, ends, separator);
    }

    @Override
    public boolean ends(int id) {
        return ends.contains(id);
    }

    @Override
    public boolean interleaves() {
        return true;
    }

    @Override
    public TokenRow answer(List<Part> parts, Source source) {
        return stream(parts, source).add(tokens.separator()).add(source.template().behind());
    }

    @Override
    public TokenRow continuation(List<Part> parts, Source source) {
        return stream(parts, source).add(source.template().behind());
    }

    @Override
    public List<GuidanceBranch> picture(List<Part> parts, Source source, double guidanceText, double guidanceImage, int rows,
            int columns) {
        List<Part> pictures = parts.stream().filter(Image.class::isInstance).toList();
        return List.of(
                new GuidanceBranch(asked(parts, source, true), guidanceText),
                new GuidanceBranch(asked(pictures, source, separatorInGuidance), guidanceImage - guidanceText),
                new GuidanceBranch(asked(List.of(), source, separatorInGuidance), 1 - guidanceImage));
    }

    private TokenRow asked(List<Part> parts, Source source, boolean separator) {
        TokenRow row = stream(parts, source);
        return (separator ? row.add(tokens.separator()) : row).add(tokens.pictureBegin());
    }

    @Override
    public int[] places(int rows, int columns) {
        int[] places = new int[rows * columns];
        Arrays.fill(places, CODE);
        return places;
    }

    private TokenRow stream(List<Part> parts, Source source) {
        TokenRow row = new TokenRow().add(source.template().before());
        return Writing.parts(row, parts, source, image -> {
            row.add(tokens.pictureBegin());
            for (int code : source.codes(image).codes()) {
                row.add(tokens.pictureIds()[code]);
            }
            row.add(tokens.pictureEnd());
        });
    }
}
