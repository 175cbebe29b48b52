package org.intarsia.model.blocks;

import java.util.List;
import java.util.Set;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.Part;
import org.intarsia.model.api.PromptFormat;
import org.intarsia.model.api.SpecialTokens;
import org.intarsia.model.api.Text;
import org.intarsia.model.api.TokenRow;

/**
 * Streams of a family that reads and writes text alone: what the tokenizer's template puts around it, and the text.
 *
 * @param family its name, for messages
 * @param tokens the special tokens
 * @param ends   what a text may end with
 */
public record TextStreams(String family, SpecialTokens tokens, Set<Integer> ends) implements PromptFormat {

    public TextStreams {
        ends = Set.copyOf(ends);
    }

    /**
     * Reads what {@code config.json} says: {@code bos_token_id}, and {@code eos_token_id}, a number or a list. What is wrong is
     * left with the file.
     */
    public static TextStreams read(String family, ConfigFile config) {
        List<Integer> ends = config.tokenIds("eos_token_id");
        int end = ends.isEmpty() ? -1 : ends.getFirst();
        return new TextStreams(family, new SpecialTokens(config.number("bos_token_id", -1), end, -1, -1, -1, -1, new int[0]),
                Set.copyOf(ends));
    }

    @Override
    public boolean ends(int id) {
        return ends.contains(id);
    }

    @Override
    public TokenRow answer(List<Part> parts, Source source) {
        return continuation(parts, source);
    }

    @Override
    public TokenRow continuation(List<Part> parts, Source source) {
        Template template = source.template();
        return new TokenRow().add(template.before()).add(source.text(text(parts))).add(template.behind());
    }

    /**
     * Returns the text of parts.
     *
     * @throws ModelException where one is a picture
     */
    public String text(List<Part> parts) {
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            switch (part) {
                case Text piece -> text.append(piece.text());
                case Image image -> throw new ModelException("a model of the " + family + " family reads text only, no pictures");
            }
        }
        return text.toString();
    }

    @Override
    public List<GuidanceBranch> picture(List<Part> parts, Source source, double guidanceText, double guidanceImage, int rows, int columns) {
        throw new ModelException("a model of the " + family + " family makes text only, no pictures");
    }

    @Override
    public int[] places(int rows, int columns) {
        return new int[0];
    }
}
