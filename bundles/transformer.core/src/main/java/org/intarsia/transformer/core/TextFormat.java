package org.intarsia.transformer.core;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.api.Part;
import org.intarsia.model.api.PromptFormat;
import org.intarsia.model.api.SpecialTokens;
import org.intarsia.model.api.TokenRow;
import org.intarsia.model.blocks.AddedTokens;
import org.intarsia.model.blocks.ConfigFile;
import org.intarsia.model.blocks.TextStreams;

/**
 * Streams of text: what the tokenizer's template puts around it, and the text. Where the vocabulary has the family's marks
 * of turns, an answer follows a turn of the user.
 *
 * @param ends  what a text may end with
 * @param style how the family writes turns
 * @param turns the marks, where the vocabulary has them
 */
record TextFormat(SpecialTokens tokens, Set<Integer> ends, Style style, Optional<Turns> turns) implements PromptFormat {
    TextFormat {
        ends = Set.copyOf(ends);
    }

    /**
     * How a family writes its streams.
     *
     * @param name        of the family, for messages
     * @param writesBegin whether a talk begins with {@code bos_token_id} even where the tokenizer adds none
     * @param begin       {@code bos_token_id} where config.json has none; −1 for none
     * @param end         {@code eos_token_id} where no file has one; −1 for none
     * @param turns       its marks of turns; nothing where it has none
     */
    record Style(String name, boolean writesBegin, int begin, int end, Optional<Turns> turns) {
        static Style of(String name) {
            return new Style(name, false, -1, -1, Optional.empty());
        }

        Style withBegin() {
            return new Style(name, true, begin, end, turns);
        }

        /** With the ids that its configuration class in transformers has as defaults. */
        Style withDefaults(int newBegin, int newEnd) {
            return new Style(name, writesBegin, newBegin, newEnd, turns);
        }

        /** With turns: see {@link Turns}. */
        Style withTurns(String before, String end, String behind, String... marks) {
            return new Style(name, writesBegin, begin, this.end, Optional.of(new Turns(before, end, behind, List.of(marks))));
        }
    }

    /**
     * Marks of turns.
     *
     * @param before stands in front of what the user says
     * @param end    ends a turn, and with it an answer; empty where the end of a text does
     * @param behind stands behind that end, up to where the answer begins
     * @param marks  the special tokens among them, which the vocabulary must have
     */
    record Turns(String before, String end, String behind, List<String> marks) {
        /** With a space behind the first mark where the chat template writes one: some Mistrals have it, others have not. */
        Turns spaced(String template) {
            return template.contains(before + " ") ? new Turns(before + " ", end, behind, marks) : this;
        }
    }

    static TextFormat read(ConfigFile config, ModelFiles files, Style style) {
        AddedTokens added = AddedTokens.read(files);
        Set<Integer> ends = StreamEnds.read(files, config);
        if (ends.isEmpty() && style.end() >= 0) {
            ends.add(style.end());
        }
        SpecialTokens tokens = new SpecialTokens(config.number("bos_token_id", style.begin()), StreamEnds.first(ends), -1, -1, -1,
                -1, new int[0]);
        Optional<Turns> turns = style.turns().filter(marked -> marked.marks().stream().allMatch(added::has))
                .map(marked -> marked.spaced(AddedTokens.named(files, "chat_template").orElse("")));
        style.turns().map(Turns::end).filter(added::has).filter(end -> StreamEnds.published(files).isEmpty())
                .ifPresent(end -> ends.add(added.id(end)));
        return new TextFormat(tokens, ends, style, turns);
    }

    private TextStreams plain() {
        return new TextStreams(style.name(), tokens, ends);
    }

    @Override
    public boolean ends(int id) {
        return plain().ends(id);
    }

    @Override
    public TokenRow answer(List<Part> parts, Source source) {
        if (turns.isEmpty()) {
            return continuation(parts, source);
        }
        TokenRow row = style.writesBegin() && tokens.begin() >= 0 ? new TokenRow().add(tokens.begin())
                : new TokenRow().add(source.template().before());
        return row.add(source.text(turns.get().before() + plain().text(parts) + turns.get().end() + turns.get().behind()));
    }

    @Override
    public TokenRow continuation(List<Part> parts, Source source) {
        return plain().continuation(parts, source);
    }

    @Override
    public List<GuidanceBranch> picture(List<Part> parts, Source source, double guidanceText, double guidanceImage, int rows,
            int columns) {
        return plain().picture(parts, source, guidanceText, guidanceImage, rows, columns);
    }

    @Override
    public int[] places(int rows, int columns) {
        return plain().places(rows, columns);
    }
}
