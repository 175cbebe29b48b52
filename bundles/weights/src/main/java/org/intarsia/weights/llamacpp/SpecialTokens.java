package org.intarsia.weights.llamacpp;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.intarsia.text.Quoted;
import org.intarsia.weights.WeightsException;

/** The special tokens of a model, whether they stand around each text, and the template of talks, as metadata. */
final class SpecialTokens {
    private static final String PREFIX = "tokenizer.ggml.";
    private static final String TEMPLATE = "tokenizer.chat_template";
    private static final Map<String, String> IDS = Map.of("bos", "bos_token_id", "eos", "eos_token_id",
            "unk", "unknown_token_id", "sep", "seperator_token_id", "pad", "padding_token_id", "mask", "mask_token_id");

    private final TokenizerFiles files;
    private final int tokens;
    /** The texts of the tokens by their names in {@link #IDS}. */
    private final Map<String, String> names = new HashMap<>();

    SpecialTokens(TokenizerFiles files, int tokens) {
        this.files = files;
        this.tokens = tokens;
    }

    void put(Map<String, Object> metadata) {
        IDS.keySet().forEach(name -> files.special(name).ifPresent(token -> names.put(name, token)));
        putTemplate(metadata);
        TreeMap<Integer, TokenizerFiles.Added> added = files.added();
        IDS.forEach((name, key) -> id(name, added).ifPresent(id -> metadata.put(PREFIX + key, id)));
        for (String name : List.of("bos", "eos", "sep")) {
            if (files.settings().get("add_" + name + "_token") instanceof Boolean flag) {
                metadata.put(add(name), flag);
            }
        }
        files.chatTemplate().ifPresent(template -> putChatTemplate(template, metadata));
    }

    /** As the name in {@code tokenizer_config.json} says, else the id in {@code config.json}. */
    private Optional<Integer> id(String name, Map<Integer, TokenizerFiles.Added> added) {
        return Optional.ofNullable(names.get(name)).flatMap(text -> added.entrySet().stream()
                        .filter(token -> token.getValue().content().equals(text)).map(Map.Entry::getKey).findFirst())
                .or(() -> files.config().get(name + "_token_id") instanceof Integer id ? Optional.of(id) : Optional.empty())
                .filter(id -> id >= 0 && id < tokens);
    }

    /** Reads the template that puts tokens around each text. */
    private void putTemplate(Map<String, Object> metadata) {
        Map<String, Object> outer = JsonTree.child(files.tokenizer(), "post_processor");
        List<Object> steps = outer.containsKey("processors") ? JsonTree.list(outer, "processors") : List.of(outer);
        for (Object each : steps) {
            Map<String, Object> step = JsonTree.object(each);
            List<Object> single = JsonTree.list(step, "single");
            if ("TemplateProcessing".equals(step.get("type")) && single.size() > 1) {
                Optional<String> first = special(single.getFirst());
                Optional<String> last = special(single.getLast());
                first.ifPresent(token -> putAround("bos", token, metadata));
                last.ifPresent(token -> putAround("eos", token, metadata));
                putSeparator(JsonTree.list(step, "pair"), first, last, metadata);
            }
        }
    }

    /** llama.cpp puts no other tokens around a text than these two. */
    private void putAround(String name, String token, Map<String, Object> metadata) {
        String other = names.putIfAbsent(name, token);
        if (other != null && !other.equals(token)) {
            throw new WeightsException("the tokenizer of '" + files.directory() + "' puts " + Quoted.of(token)
                    + " around each text, but has " + Quoted.of(other) + " as its " + name + "_token, and llama.cpp puts only"
                    + " that there");
        }
        metadata.put(add(name), true);
    }

    private static String add(String name) {
        return PREFIX + "add_" + name + "_token";
    }

    private boolean is(String token, String name) {
        return token.equals(names.get(name));
    }

    /** Says whether a token stands between two texts, which is so for models that compare them. */
    private void putSeparator(List<Object> pair, Optional<String> first, Optional<String> last, Map<String, Object> metadata) {
        int from = !pair.isEmpty() && first.isPresent() && special(pair.getFirst()).equals(first) ? 1 : 0;
        int to = pair.size() - (!pair.isEmpty() && last.isPresent() && special(pair.getLast()).equals(last) ? 1 : 0);
        if (to - from > 2) {
            Optional<String> between = special(pair.get(from + 1));
            boolean separates = between.filter(token -> is(token, "sep") || is(token, "eos")).isPresent() && last.isEmpty();
            metadata.put(add("sep"), separates);
        }
    }

    private static Optional<String> special(Object part) {
        return Optional.ofNullable(JsonTree.child(JsonTree.object(part), "SpecialToken").get("id")).map(Object::toString);
    }

    private static void putChatTemplate(Object template, Map<String, Object> metadata) {
        if (template instanceof String text) {
            metadata.put(TEMPLATE, text);
            return;
        }
        if (!(template instanceof List<?> named)) {
            return;
        }
        Map<String, String> others = new TreeMap<>();
        for (Object each : named) {
            Map<String, Object> one = JsonTree.object(each);
            if (one.get("name") instanceof String name && one.get("template") instanceof String text) {
                others.put(name.replaceAll("[^A-Za-z0-9]", "_"), text);
            }
        }
        Optional.ofNullable(others.remove("default")).ifPresent(text -> metadata.put(TEMPLATE, text));
        others.forEach((name, text) -> metadata.put(TEMPLATE + "." + name, text));
        if (!others.isEmpty()) {
            metadata.put("tokenizer.chat_templates", List.copyOf(others.keySet()));
        }
    }
}
