package org.intarsia.families;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.intarsia.model.api.ModelLayout;
import org.intarsia.model.blocks.Fields;

/** The layout of published Chameleon checkpoints: special tokens, then a token for each picture code, then those of texts. */
final class ChameleonLayout implements ModelLayout {
    private static final String SEPARATOR = "<reserved08706>";
    private static final List<String> FIRST = List.of("<s>", "<pad>", "</s>", "<unk>");
    private static final List<String> AFTER_PICTURES = List.of("<eoss>", "<racm3:break>", SEPARATOR, "<image>");

    @Override
    public Map<String, String> files(String config, BytePairs text) {
        JsonNode given = Fields.read(config, "config.json of the new model");
        JsonNode vision = given.path("vq_config");
        Map<String, Integer> ids = vocabulary(vision.path("num_embeddings").asInt(), text);
        int places = places(vision);
        Map<String, JsonNode> files = new LinkedHashMap<>();
        files.put("config.json", config(given.deepCopy(), ids));
        files.put("tokenizer.json", tokenizer(ids, text));
        files.put("tokenizer_config.json", tokenizerConfig());
        files.put("processor_config.json", Fields.object().put("processor_class", "ChameleonProcessor")
                .put("image_token", "<image>").put("image_seq_length", places * places));
        files.put("preprocessor_config.json", preprocessor(vision.path("resolution").asInt()));
        Map<String, String> written = new LinkedHashMap<>();
        files.forEach((name, file) -> written.put(name, file.toString()));
        return written;
    }

    /** Returns what a processor of Chameleon reads: it puts the separator behind every prompt by its name. */
    private static ObjectNode tokenizerConfig() {
        return Fields.object().put("tokenizer_class", "PreTrainedTokenizerFast").put("bos_token", "<s>")
                .put("eos_token", "</s>").put("pad_token", "<pad>").put("unk_token", "<unk>").put("sep_token", SEPARATOR)
                .put("clean_up_tokenization_spaces", false);
    }

    /** Rows, or columns, of codes in a picture: each level but the last halves it. */
    private static int places(JsonNode vision) {
        return vision.path("resolution").asInt() >> vision.path("channel_multiplier").size() - 1;
    }

    private static Map<String, Integer> vocabulary(int codes, BytePairs text) {
        List<String> tokens = new ArrayList<>(FIRST);
        for (int code = 0; code < codes; code++) {
            tokens.add("IMGIMG" + letters(code) + "Z");
        }
        tokens.addAll(AFTER_PICTURES);
        tokens.addAll(text.tokens());
        Map<String, Integer> ids = new LinkedHashMap<>();
        for (String token : tokens) {
            ids.put(token, ids.size());
        }
        return ids;
    }

    /** A number with A to J for its digits, as Chameleon names its picture tokens. */
    private static String letters(int number) {
        StringBuilder letters = new StringBuilder();
        Integer.toString(number).chars().forEach(digit -> letters.append((char) ('A' + digit - '0')));
        return letters.toString();
    }

    private static ObjectNode config(ObjectNode config, Map<String, Integer> ids) {
        config.put("bos_token_id", ids.get("<s>")).put("eos_token_id", ids.get("</s>")).put("pad_token_id", ids.get("<pad>"));
        config.put("vocab_size", ids.size());
        ids.forEach(config.putObject("vocabulary_map")::put);
        return config;
    }

    private static ObjectNode preprocessor(int size) {
        ObjectNode node = Fields.object().put("image_processor_type", "ChameleonImageProcessor")
                .put("processor_class", "ChameleonProcessor").put("do_convert_rgb", true).put("do_resize", true)
                .put("resample", 1).put("do_center_crop", true).put("do_rescale", true).put("rescale_factor", 0.0078)
                .put("do_normalize", true);
        node.putObject("size").put("shortest_edge", size);
        node.putObject("crop_size").put("height", size).put("width", size);
        node.putArray("image_mean").add(1.0).add(1.0).add(1.0);
        node.putArray("image_std").add(1.0).add(1.0).add(1.0);
        return node;
    }

    private static ObjectNode tokenizer(Map<String, Integer> ids, BytePairs text) {
        ObjectNode root = Fields.object().put("version", "1.0").putNull("truncation").putNull("padding");
        ArrayNode added = root.putArray("added_tokens");
        ids.forEach((token, id) -> {
            boolean special = FIRST.contains(token) || AFTER_PICTURES.contains(token) || token.startsWith("IMGIMG");
            if (special) {
                added.addObject().put("id", id).put("content", token).put("single_word", false).put("lstrip", false)
                        .put("rstrip", false).put("normalized", false).put("special", true);
            }
        });
        root.putNull("normalizer");
        root.putObject("pre_tokenizer").put("type", "ByteLevel").put("add_prefix_space", false).put("trim_offsets", true)
                .put("use_regex", true);
        ObjectNode template = root.putObject("post_processor").put("type", "TemplateProcessing");
        ArrayNode single = template.putArray("single");
        single.addObject().putObject("SpecialToken").put("id", "<s>").put("type_id", 0);
        single.addObject().putObject("Sequence").put("id", "A").put("type_id", 0);
        ArrayNode pair = single.deepCopy();
        pair.addObject().putObject("Sequence").put("id", "B").put("type_id", 1);
        template.set("pair", pair);
        ObjectNode begin = template.putObject("special_tokens").putObject("<s>").put("id", "<s>");
        begin.putArray("ids").add(ids.get("<s>"));
        begin.putArray("tokens").add("<s>");
        root.putObject("decoder").put("type", "ByteLevel").put("add_prefix_space", false).put("trim_offsets", true)
                .put("use_regex", true);
        ObjectNode model = root.putObject("model").put("type", "BPE").putNull("dropout").putNull("unk_token")
                .putNull("continuing_subword_prefix").putNull("end_of_word_suffix").put("fuse_unk", false)
                .put("byte_fallback", false).put("ignore_merges", false);
        ids.forEach(model.putObject("vocab")::put);
        ArrayNode merges = model.putArray("merges");
        text.merges().forEach(merge -> merges.addArray().add(merge.get(0)).add(merge.get(1)));
        return root;
    }
}
