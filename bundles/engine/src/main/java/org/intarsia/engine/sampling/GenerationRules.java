package org.intarsia.engine.sampling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntPredicate;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.blocks.Fields;

/**
 * The fields of {@code generation_config.json} that change the scores of text beyond what {@code Sampling} says, as
 * transformers' {@code GenerationConfig} defines them; and the names of the fields that nobody here follows. Immutable.
 */
public final class GenerationRules {
    /** Nothing beyond the sampling. */
    public static final GenerationRules NONE = new GenerationRules();

    /** Followed here or by those that read sampling, ends of text and pictures. */
    private static final Set<String> FOLLOWED = Set.of("intarsia", "do_sample", "temperature", "top_k", "top_p", "min_p",
            "repetition_penalty", "max_new_tokens", "max_length", "eos_token_id", "sequence_bias",
            "encoder_repetition_penalty", "no_repeat_ngram_size", "encoder_no_repeat_ngram_size", "bad_words_ids",
            "min_length", "min_new_tokens", "suppress_tokens", "begin_suppress_tokens", "typical_p", "epsilon_cutoff",
            "eta_cutoff");
    /** No token comes out otherwise for them: names, caches, what is returned, and details of beams and assistants. */
    private static final Set<String> HARMLESS = Set.of("bos_token_id", "pad_token_id", "decoder_start_token_id",
            "transformers_version", "_from_model_config", "_commit_hash", "_name_or_path", "use_cache",
            "cache_implementation", "cache_config", "max_cache_len", "return_legacy_cache", "return_dict_in_generate",
            "output_attentions", "output_hidden_states", "output_scores", "output_logits", "length_penalty", "early_stopping",
            "renormalize_logits", "remove_invalid_values", "generation_kwargs", "is_assistant", "num_assistant_tokens",
            "num_assistant_tokens_schedule", "assistant_confidence_threshold", "assistant_early_exit", "assistant_lookbehind",
            "assistant_ensemble_weight", "target_lookbehind", "prompt_lookup_num_tokens", "max_matching_ngram_size",
            "speculation_type", "use_mtp", "compile_config", "disable_compile", "continuous_batching_config", "low_memory",
            "prefill_chunk_size", "trust_remote_code");
    /** Values that change nothing, of fields that are not followed. */
    private static final Map<String, Double> NEUTRAL = Map.of("num_beams", 1.0, "num_beam_groups", 1.0,
            "num_return_sequences", 1.0, "guidance_scale", 1.0, "penalty_alpha", 0.0, "diversity_penalty", 0.0);
    private static final String GUIDANCE = "guidance_scale";

    private final List<LogitsProcessor> beforePenalty = new ArrayList<>();
    private final List<LogitsProcessor> behindPenalty = new ArrayList<>();
    private final List<int[]> badWords = new ArrayList<>();
    private final List<LogitsProcessor> suppressed = new ArrayList<>();
    private final List<LogitsProcessor> warpers = new ArrayList<>();
    private final List<String> notFollowed = new ArrayList<>();
    private int minLength;
    private int minNewTokens;
    private OptionalInt maxLength = OptionalInt.empty();

    private GenerationRules() {
    }

    /**
     * Reads the fields of the file.
     *
     * @param file           the JSON object
     * @param guidesPictures whether {@code guidance_scale} is about pictures, as in the families that make some
     * @throws ModelException when a field is not of its kind, without the name of the file
     */
    public static GenerationRules read(JsonNode file, boolean guidesPictures) {
        GenerationRules rules = new GenerationRules();
        Field field = new Field(file);
        field.biases("sequence_bias").forEach(rules.beforePenalty::add);
        double promptPenalty = field.number("encoder_repetition_penalty", 1);
        if (promptPenalty != 1) {
            field.check("encoder_repetition_penalty", promptPenalty > 0, "should be above 0");
            rules.beforePenalty.add(RepetitionPenalty.ofPrompt(promptPenalty));
        }
        int ngram = field.count("no_repeat_ngram_size");
        if (ngram > 0) {
            rules.behindPenalty.add(new NoRepeatNgram(ngram, false));
        }
        int promptNgram = field.count("encoder_no_repeat_ngram_size");
        if (promptNgram > 0) {
            rules.behindPenalty.add(new NoRepeatNgram(promptNgram, true));
        }
        rules.badWords.addAll(field.sequences("bad_words_ids"));
        rules.minLength = field.count("min_length");
        rules.minNewTokens = field.count("min_new_tokens");
        field.ids("suppress_tokens").ifPresent(ids -> rules.suppressed.add(new SuppressTokens(ids, false)));
        field.ids("begin_suppress_tokens").ifPresent(ids -> rules.suppressed.add(new SuppressTokens(ids, true)));
        double typical = field.number("typical_p", 1);
        field.check("typical_p", typical > 0 && typical <= 1, "should be above 0 and at most 1");
        if (typical < 1) {
            rules.warpers.add(new TypicalP(typical));
        }
        rules.cutoff(field, "epsilon_cutoff", false);
        rules.cutoff(field, "eta_cutoff", true);
        if (field.count("max_length") > 0) {
            rules.maxLength = OptionalInt.of(field.count("max_length"));
        }
        file.properties().forEach(entry -> {
            boolean followed = FOLLOWED.contains(entry.getKey()) || guidesPictures && entry.getKey().equals(GUIDANCE);
            if (!followed && !HARMLESS.contains(entry.getKey()) && !asksForNothing(entry.getKey(), entry.getValue())) {
                rules.notFollowed.add(entry.getKey());
            }
        });
        return rules;
    }

    private void cutoff(Field field, String name, boolean adaptive) {
        double limit = field.number(name, 0);
        field.check(name, limit >= 0 && limit <= 1, "should be from 0 to 1");
        // transformers leaves both ends of the range aside, too.
        if (limit > 0 && limit < 1) {
            warpers.add(new ProbabilityCutoff(limit, adaptive));
        }
    }

    private static boolean asksForNothing(String name, JsonNode value) {
        return value.isNull() || value.isBoolean() && !value.booleanValue() || value.isContainerNode() && value.isEmpty()
                || value.isNumber() && NEUTRAL.containsKey(name) && value.doubleValue() == NEUTRAL.get(name);
    }

    /** Returns the names of fields that ask for something and are not followed. */
    public List<String> notFollowed() {
        return List.copyOf(notFollowed);
    }

    /** Returns {@code max_length}: the most tokens of a prompt and its answer together. */
    public OptionalInt maxLength() {
        return maxLength;
    }

    /** Returns the processors that come before the repetition penalty. */
    List<LogitsProcessor> beforePenalty() {
        return beforePenalty;
    }

    /**
     * Returns the processors that follow the penalties.
     *
     * @param ends tells the tokens that end a text
     */
    List<LogitsProcessor> behindPenalty(IntPredicate ends) {
        List<LogitsProcessor> processors = new ArrayList<>(behindPenalty);
        badWords.stream().filter(words -> words.length > 1 || !ends.test(words[0]))
                .forEach(words -> processors.add(new SequenceBias(words, Double.NEGATIVE_INFINITY)));
        // min_new_tokens takes precedence.
        if (minNewTokens > 0) {
            processors.add(new MinimumLength(minNewTokens, false, ends));
        } else if (minLength > 0) {
            processors.add(new MinimumLength(minLength, true, ends));
        }
        processors.addAll(suppressed);
        return processors;
    }

    /** Returns those that follow temperature, top-k, top-p and min-p. */
    List<LogitsProcessor> warpers() {
        return warpers;
    }

    /** Fields of kinds that only this file has. A field that is {@code null} counts as absent. */
    private record Field(JsonNode file) {

        private JsonNode value(String name) {
            JsonNode value = file.path(name);
            return value.isNull() ? MissingNode.getInstance() : value;
        }

        double number(String name, double whenAbsent) {
            check(name, value(name).isMissingNode() || value(name).isNumber(), "should be a number");
            return value(name).asDouble(whenAbsent);
        }

        int count(String name) {
            JsonNode value = value(name);
            check(name, value.isMissingNode() || value.isIntegralNumber() && value.canConvertToInt() && value.intValue() >= 0,
                    "should be a whole number of at least 0");
            return value.asInt(0);
        }

        Optional<List<Integer>> ids(String name) {
            JsonNode value = value(name);
            if (value.isMissingNode()) {
                return Optional.empty();
            }
            int[] ids = sequence(value);
            check(name, ids != null, "should be a list of token ids");
            return Optional.of(Arrays.stream(ids).boxed().toList());
        }

        List<int[]> sequences(String name) {
            List<int[]> sequences = new ArrayList<>();
            check(name, value(name).isMissingNode() || value(name).isArray(), "should be a list of lists of token ids");
            for (JsonNode item : value(name)) {
                int[] ids = sequence(item);
                check(name, ids != null && ids.length > 0, "should be a list of lists of token ids");
                sequences.add(ids);
            }
            return sequences;
        }

        /** {@code [[[ids…], bias], …]}: JSON has no other way to write transformers' dictionary of tuples. */
        List<SequenceBias> biases(String name) {
            List<SequenceBias> biases = new ArrayList<>();
            check(name, value(name).isMissingNode() || value(name).isArray(), "should be a list of [token ids, number]");
            for (JsonNode item : value(name)) {
                int[] ids = sequence(item.path(0));
                check(name, ids != null && ids.length > 0 && item.path(1).isNumber(), "should be a list of [token ids, number]");
                biases.add(new SequenceBias(ids, item.path(1).doubleValue()));
            }
            return biases;
        }

        /** Returns whole numbers; null for anything else. */
        private static int[] sequence(JsonNode list) {
            if (!list.isArray()) {
                return null;
            }
            int[] ids = new int[list.size()];
            for (int i = 0; i < ids.length; i++) {
                if (!list.get(i).isIntegralNumber() || !list.get(i).canConvertToInt()) {
                    return null;
                }
                ids[i] = list.get(i).intValue();
            }
            return ids;
        }

        void check(String name, boolean right, String rule) {
            if (!right) {
                String text = value(name).toString();
                throw new ModelException(name + " " + rule + ", not " + (text.length() <= 40 ? text : text.substring(0, 40) + "…"));
            }
        }
    }
}
