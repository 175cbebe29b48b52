package org.intarsia.transformer.core;

import java.util.List;
import java.util.Set;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.api.Part;
import org.intarsia.model.api.StreamFormat;
import org.intarsia.model.api.StreamTokens;
import org.intarsia.model.api.Text;
import org.intarsia.model.api.TokenRow;
import org.intarsia.model.blocks.AddedTokens;
import org.intarsia.model.blocks.ConfigFile;

/**
 * Streams of text: what the tokenizer's template puts around it, and the text. Where the vocabulary has Llama 3's marks of turns, an answer follows a turn of the user.
 *
 * @param ends  what a text may end with
 * @param turns whether there are marks of turns
 */
record LlamaFormat(StreamTokens tokens, Set<Integer> ends, boolean turns) implements StreamFormat {
    private static final String HEADER = "<|start_header_id|>";
    private static final String HEADER_END = "<|end_header_id|>";
    private static final String TURN_END = "<|eot_id|>";

    LlamaFormat {
        ends = Set.copyOf(ends);
    }

    static LlamaFormat read(ConfigFile config, ModelFiles files) {
        AddedTokens added = AddedTokens.read(files);
        Set<Integer> ends = StreamEnds.read(files, config);
        StreamTokens tokens = new StreamTokens(config.number("bos_token_id", -1), StreamEnds.first(ends), -1, -1, -1, -1,
                new int[0]);
        if (added.has(TURN_END) && StreamEnds.published(files).isEmpty()) {
            ends.add(added.id(TURN_END));
        }
        return new LlamaFormat(tokens, ends, added.has(HEADER) && added.has(HEADER_END) && added.has(TURN_END));
    }

    @Override
    public boolean ends(int id) {
        return ends.contains(id);
    }

    @Override
    public TokenRow answer(List<Part> parts, Source source) {
        if (!turns) {
            return continuation(parts, source);
        }
        // A talk's template writes the begin itself, whatever the tokenizer adds to a text.
        TokenRow row = tokens.begin() < 0 ? new TokenRow().add(source.template().before()) : new TokenRow().add(tokens.begin());
        return row.add(source.text(HEADER + "user" + HEADER_END + "\n\n" + text(parts) + TURN_END + HEADER + "assistant"
                + HEADER_END + "\n\n"));
    }

    @Override
    public TokenRow continuation(List<Part> parts, Source source) {
        StreamFormat.Template template = source.template();
        return new TokenRow().add(template.before()).add(source.text(text(parts))).add(template.behind());
    }

    private static String text(List<Part> parts) {
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            switch (part) {
                case Text piece -> text.append(piece.text());
                case Image image -> throw new ModelException("a model of the Llama family reads text only, no pictures");
            }
        }
        return text.toString();
    }

    @Override
    public List<Guide> picture(List<Part> parts, Source source, double guidanceText, double guidanceImage, int rows,
            int columns) {
        throw new ModelException("a model of the Llama family makes text only, no pictures");
    }

    @Override
    public int[] places(int rows, int columns) {
        return new int[0];
    }
}
