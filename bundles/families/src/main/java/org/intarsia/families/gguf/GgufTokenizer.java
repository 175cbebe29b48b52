package org.intarsia.families.gguf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.intarsia.model.api.ModelException;
import org.intarsia.weights.Metadata;

/**
 * The tokenizer in the metadata of a GGUF file, as the JSON files of Hugging Face that describe the same one. There are two
 * kinds: byte-level pairs ({@code gpt2}), which know how text is split by the name of a rule ({@link PreTokenizers}); and
 * pairs of characters as SentencePiece makes them ({@code llama}), whose merges follow from the scores of the tokens.
 */
final class GgufTokenizer {
    private static final String PREFIX = "tokenizer.ggml.";
    private static final String SPACE = "▁";
    private static final int NORMAL = 1;
    private static final int UNKNOWN = 2;
    private static final int CONTROL = 3;
    private static final int USER_DEFINED = 4;
    private static final int UNUSED = 5;
    private static final int NONE = -1;

    /** Tokens that end an answer in templates for talks; files name one end only. */
    private static final Set<String> ENDS = Set.of("<|eot_id|>", "<|eom_id|>", "<|im_end|>", "<end_of_turn>");

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Path file;
    private final Metadata metadata;
    private final List<String> tokens;
    private final List<Number> types;
    private final boolean sentencePiece;
    private final String rule;

    GgufTokenizer(Path file, Metadata metadata) {
        this.file = file;
        this.metadata = metadata;
        tokens = metadata.texts(PREFIX + "tokens").orElse(List.of());
        types = numbers("token_type", NORMAL);
        String model = metadata.text(PREFIX + "model").orElse("");
        sentencePiece = model.equals("llama");
        rule = metadata.text(PREFIX + "pre").orElse("default");
        if (!tokens.isEmpty() && !sentencePiece && !model.equals("gpt2")) {
            throw new ModelException("'" + file + "' has a tokenizer of the kind '" + model
                    + "'; those that can be used are gpt2 and llama");
        }
    }

    /** A number for each token; the same for all where the file has none. */
    private List<Number> numbers(String key, Number otherwise) {
        List<Number> numbers = metadata.numbers(PREFIX + key)
                .orElseGet(() -> tokens.stream().map(token -> otherwise).toList());
        if (numbers.size() != tokens.size()) {
            throw new ModelException("'" + file + "' is damaged: it has " + tokens.size() + " tokens, but "
                    + numbers.size() + " items in " + PREFIX + key);
        }
        return numbers;
    }

    /** {@code tokenizer.json}; nothing where the file has no tokenizer. */
    Optional<String> tokenizer() {
        if (tokens.isEmpty()) {
            return Optional.empty();
        }
        ObjectNode tokenizer = JSON.objectNode();
        tokenizer.put("version", "1.0");
        tokenizer.putNull("truncation");
        tokenizer.putNull("padding");
        tokenizer.set("added_tokens", addedTokens());
        boolean spaceInFront = metadata.flag(PREFIX + "add_space_prefix").orElse(true);
        tokenizer.set("normalizer", sentencePiece ? normalizer(spaceInFront) : JSON.nullNode());
        tokenizer.set("pre_tokenizer", sentencePiece ? JSON.nullNode() : PreTokenizers.named(rule, file));
        tokenizer.set("post_processor", template());
        tokenizer.set("decoder", sentencePiece ? pieceDecoder(spaceInFront) : PreTokenizers.byteLevel(true));
        tokenizer.set("model", model());
        return Optional.of(tokenizer.toString());
    }

    private ObjectNode model() {
        ObjectNode model = TokenizerParts.pairs(JSON.objectNode(), merges());
        model.put("unk_token", sentencePiece ? unknown() : null);
        model.put("fuse_unk", sentencePiece);
        model.put("byte_fallback", sentencePiece);
        model.put("ignore_merges", !sentencePiece && PreTokenizers.takesWholeWords(rule));
        // All of them, added ones too: the library gives other ids to added tokens that it does not find here.
        ObjectNode vocabulary = model.putObject("vocab");
        for (int id = 0; id < tokens.size(); id++) {
            if (type(id) != UNUSED) {
                vocabulary.put(tokens.get(id), id);
            }
        }
        return model;
    }

    private List<Merge> merges() {
        Optional<List<String>> stored = metadata.texts(PREFIX + "merges");
        if (stored.isEmpty()) {
            return sentencePiece ? mergesByScore() : List.of();
        }
        return stored.get().stream().map(merge -> {
            int space = merge.indexOf(' ', 1);
            if (space < 0) {
                throw new ModelException("'" + file + "' is damaged: its " + PREFIX + "merges hold one without a space");
            }
            return new Merge(merge.substring(0, space), merge.substring(space + 1));
        }).toList();
    }

    /** SentencePiece joins whatever gives the token of the best score, so each way to divide a token is a merge. */
    private List<Merge> mergesByScore() {
        List<Number> scores = numbers("scores", 0);
        Map<String, Integer> ids = new HashMap<>();
        for (int id = 0; id < tokens.size(); id++) {
            if (type(id) == NORMAL || type(id) == USER_DEFINED) {
                ids.put(tokens.get(id), id);
            }
        }
        return Merge.divisions(ids, Comparator.comparing((String token) -> scores.get(ids.get(token)).floatValue()).reversed());
    }

    private ArrayNode addedTokens() {
        ArrayNode added = JSON.arrayNode();
        for (int id = 0; id < tokens.size(); id++) {
            if (type(id) == CONTROL || type(id) == USER_DEFINED || type(id) == UNKNOWN) {
                TokenizerParts.add(added, id, tokens.get(id), type(id) != USER_DEFINED);
            }
        }
        return added;
    }

    private int type(int id) {
        return types.get(id).intValue();
    }

    private static JsonNode normalizer(boolean spaceInFront) {
        ObjectNode sequence = JSON.objectNode();
        sequence.put("type", "Sequence");
        ArrayNode normalizers = sequence.putArray("normalizers");
        if (spaceInFront) {
            normalizers.addObject().put("type", "Prepend").put("prepend", SPACE);
        }
        replace(normalizers.addObject(), " ", SPACE);
        return sequence;
    }

    private static JsonNode pieceDecoder(boolean spaceInFront) {
        ObjectNode sequence = JSON.objectNode();
        sequence.put("type", "Sequence");
        ArrayNode decoders = sequence.putArray("decoders");
        replace(decoders.addObject(), SPACE, " ");
        decoders.addObject().put("type", "ByteFallback");
        decoders.addObject().put("type", "Fuse");
        if (spaceInFront) {
            decoders.addObject().put("type", "Strip").put("content", " ").put("start", 1).put("stop", 0);
        }
        return sequence;
    }

    private static void replace(ObjectNode node, String text, String by) {
        node.put("type", "Replace").put("content", by).putObject("pattern").put("String", text);
    }

    /** The tokens that stand around every text. */
    private JsonNode template() {
        Optional<String> begin = metadata.flag(PREFIX + "add_bos_token")
                .orElse(sentencePiece || PreTokenizers.takesWholeWords(rule)) ? special("bos", 1) : Optional.empty();
        Optional<String> end = metadata.flag(PREFIX + "add_eos_token").orElse(false) ? special("eos", 2) : Optional.empty();
        if (begin.isEmpty() && end.isEmpty()) {
            return JSON.nullNode();
        }
        ObjectNode template = JSON.objectNode();
        template.put("type", "TemplateProcessing");
        frame(template.putArray("single"), "A", 0, begin, end);
        frame(frame(template.putArray("pair"), "A", 0, begin, end), "B", 1, begin, end);
        ObjectNode special = template.putObject("special_tokens");
        Stream.of(begin, end).flatMap(Optional::stream).distinct().forEach(token -> {
            ObjectNode described = special.putObject(token).put("id", token);
            described.putArray("ids").add(tokens.indexOf(token));
            described.putArray("tokens").add(token);
        });
        return template;
    }

    private static ArrayNode frame(ArrayNode target, String sequence, int number, Optional<String> begin,
            Optional<String> end) {
        begin.ifPresent(token -> target.addObject().putObject("SpecialToken").put("id", token).put("type_id", number));
        target.addObject().putObject("Sequence").put("id", sequence).put("type_id", number);
        end.ifPresent(token -> target.addObject().putObject("SpecialToken").put("id", token).put("type_id", number));
        return target;
    }

    /** A special token; SentencePiece has usual ids for them. */
    private Optional<String> special(String name, int usual) {
        return id(name, usual).map(id -> tokens.get(Math.toIntExact(id)));
    }

    /** @param usual where SentencePiece puts it if nothing is said, or {@link #NONE} */
    private Optional<Long> id(String name, int usual) {
        String key = PREFIX + name + "_token_id";
        Optional<Long> id = metadata.integer(key).or(() -> sentencePiece && usual >= 0 ? Optional.of((long) usual)
                : Optional.empty());
        if (id.isPresent() && !tokens.isEmpty() && (id.get() < 0 || id.get() >= tokens.size())) {
            throw new ModelException("'" + file + "' is damaged: its " + key + " is " + id.get() + ", but it has "
                    + tokens.size() + " tokens");
        }
        return tokens.isEmpty() ? Optional.empty() : id;
    }

    private String unknown() {
        return id("unknown", 0).map(id -> tokens.get(Math.toIntExact(id))).orElse(null);
    }

    /** {@code tokenizer_config.json}. */
    String tokenizerConfig() {
        ObjectNode config = JSON.objectNode();
        special("bos", 1).ifPresent(token -> config.put("bos_token", token));
        special("eos", 2).ifPresent(token -> config.put("eos_token", token));
        metadata.flag(PREFIX + "add_bos_token").ifPresent(flag -> config.put("add_bos_token", flag));
        metadata.flag(PREFIX + "add_eos_token").ifPresent(flag -> config.put("add_eos_token", flag));
        metadata.text("tokenizer.chat_template").ifPresent(template -> config.put("chat_template", template));
        return config.toString();
    }

    /** Returns the tokens that end a text, the first being the file's own. */
    Set<Long> ends() {
        Set<Long> ends = new LinkedHashSet<>();
        id("eos", 2).ifPresent(ends::add);
        id("eot", NONE).ifPresent(ends::add);
        for (int id = 0; id < tokens.size(); id++) {
            if (type(id) == CONTROL && ENDS.contains(tokens.get(id))) {
                ends.add((long) id);
            }
        }
        return ends;
    }
}
