package org.intarsia.transformer.core;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.api.Part;
import org.intarsia.model.api.PromptFormat;
import org.intarsia.model.api.SpecialTokens;
import org.intarsia.model.api.Text;
import org.intarsia.model.api.TokenRow;
import org.intarsia.model.blocks.AddedTokens;
import org.intarsia.model.blocks.ConfigFile;

/**
 * Streams of Emu3 (Wang et al., "Next-token prediction is all you need", 2024). A picture is its begin, its size in codes as
 * text ("90*90"), a mark, its codes with a line end behind each row, a frame's end and its end. A picture that is asked for
 * is guided by a stream with other words, {@code intarsia.negative_prompt} in {@code generation_config.json}; none by
 * default.
 *
 * @param ends           what a text may end with
 * @param wrapper        the mark between size and codes
 * @param lineEnd        stands behind each row of codes
 * @param frameEnd       stands behind the last
 * @param negativePrompt what a picture shall not be like
 */
record Emu3Format(SpecialTokens tokens, Set<Integer> ends, int wrapper, int lineEnd, int frameEnd, String negativePrompt)
        implements PromptFormat {
    private static final String MAP = "vocabulary_map";
    private static final String GENERATION = "generation_config.json";
    private static final int BEGIN = 151849;
    private static final int END = 151850;
    private static final int MOST_CODES = 1 << 20;
    private static final Pattern PICTURE_CODE = Pattern.compile("<\\|visual token (\\d{1,9})\\|>");

    /** Reads the tokens by their names in {@code vocabulary_map}; what is wrong is left with the file. */
    static Emu3Format read(ConfigFile file, ConfigFile text, int vocabulary, ModelFiles files) {
        Map<String, Integer> ids = file.ids(MAP);
        if (ids.values().stream().anyMatch(id -> id >= vocabulary)) {
            file.wrong(MAP, "has ids beyond text_config.vocab_size, which is " + vocabulary);
        }
        Set<Integer> ends = StreamEnds.read(files, file, text);
        if (ends.isEmpty()) {
            ends.add(END);
        }
        SpecialTokens tokens = new SpecialTokens(
                begin(files, ids).orElseGet(() -> text.number("bos_token_id", BEGIN)), StreamEnds.first(ends), -1,
                id(file, ids, "<|image start|>"), id(file, ids, "<|image end|>"), id(file, ids, "<image>"),
                pictureIds(file, ids));
        return new Emu3Format(tokens, ends, id(file, ids, "<|image token|>"), id(file, ids, "<|extra_200|>"),
                id(file, ids, "<|extra_201|>"), negativePrompt(files));
    }

    private static int id(ConfigFile file, Map<String, Integer> ids, String token) {
        Integer id = ids.get(token);
        if (id == null && file.isObject(MAP)) {
            file.wrong(MAP, "has no token " + token);
        }
        return id == null ? -1 : id;
    }

    private static int[] pictureIds(ConfigFile file, Map<String, Integer> ids) {
        int[] byCode = new int[file.isObject("vq_config") ? file.at("vq_config").sizeUpTo(MOST_CODES, "codebook_size", 32768) : 32768];
        Arrays.fill(byCode, -1);
        ids.forEach((token, id) -> {
            Matcher matcher = PICTURE_CODE.matcher(token);
            if (matcher.matches() && Integer.parseInt(matcher.group(1)) < byCode.length) {
                byCode[Integer.parseInt(matcher.group(1))] = id;
            }
        });
        long missing = IntStream.of(byCode).filter(id -> id < 0).count();
        if (missing > 0 && file.isObject(MAP)) {
            file.wrong(MAP, "lacks " + missing + " of the " + byCode.length + " picture codes of vq_config");
        }
        return byCode;
    }

    private static String negativePrompt(ModelFiles files) {
        if (files.json(GENERATION).isEmpty()) {
            return "";
        }
        ConfigFile generation = ConfigFile.read(files, GENERATION);
        String prompt = generation.has("intarsia") ? generation.at("intarsia").text("negative_prompt", "") : "";
        generation.check();
        return prompt;
    }

    /**
     * Returns the {@code bos_token} of the tokenizer, which its processor writes in front of every text since the template of
     * this vocabulary adds none.
     */
    private static Optional<Integer> begin(ModelFiles files, Map<String, Integer> ids) {
        return AddedTokens.named(files, "bos_token").map(ids::get);
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
        TokenRow row = new TokenRow().add(tokens.begin());
        return Writing.turn(row, "USER: ", parts, "", " ASSISTANT:", source, image -> add(row, image, source));
    }

    @Override
    public TokenRow continuation(List<Part> parts, Source source) {
        TokenRow row = new TokenRow().add(tokens.begin());
        return Writing.parts(row, parts, source, image -> add(row, image, source));
    }

    @Override
    public List<GuidanceBranch> picture(List<Part> parts, Source source, double guidanceText, double guidanceImage, int rows,
            int columns) {
        if (parts.stream().anyMatch(Image.class::isInstance)) {
            throw new ModelException("Emu3 makes pictures from text alone; hand in no picture");
        }
        return List.of(new GuidanceBranch(asked(parts, source, rows, columns), guidanceText),
                new GuidanceBranch(asked(List.of(new Text(negativePrompt)), source, rows, columns), 1 - guidanceText));
    }

    private TokenRow asked(List<Part> parts, Source source, int rows, int columns) {
        return begin(continuation(parts, source), source, rows, columns);
    }

    private TokenRow begin(TokenRow row, Source source, int rows, int columns) {
        return row.add(tokens.pictureBegin()).add(source.text(rows + "*" + columns)).add(wrapper);
    }

    private void add(TokenRow row, Image image, Source source) {
        Codes codes = source.codes(image);
        begin(row, source, codes.rows(), codes.columns());
        int next = 0;
        for (int y = 0; y < codes.rows(); y++) {
            for (int x = 0; x < codes.columns(); x++) {
                row.add(tokens.pictureIds()[codes.codes()[next++]]);
            }
            row.add(lineEnd);
        }
        row.add(frameEnd, tokens.pictureEnd());
    }

    @Override
    public int[] places(int rows, int columns) {
        int line = columns + 1;
        int[] places = new int[rows * line + 3];
        for (int i = 0; i < rows * line; i++) {
            places[i] = i % line == columns ? lineEnd : PromptFormat.CODE;
        }
        places[rows * line] = frameEnd;
        places[rows * line + 1] = tokens.pictureEnd();
        places[rows * line + 2] = tokens.end();
        return places;
    }
}
