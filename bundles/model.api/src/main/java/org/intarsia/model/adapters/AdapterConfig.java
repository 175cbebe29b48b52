package org.intarsia.model.adapters;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.blocks.Fields;
import org.intarsia.model.blocks.KnownKeys;
import org.intarsia.text.Quoted;

/**
 * The fields of {@code adapter_config.json}, as PEFT's LoraConfig has them. What would change the mathematics and is not
 * supported is refused when it is read.
 */
final class AdapterConfig {
    /** A rank beyond this is a mistake, or somebody's mischief. */
    private static final int MOST_RANK = 1 << 16;
    private static final String TARGETS = "target_modules";
    /** Stands for all linear layers; a file that PEFT saved has their names instead. */
    private static final String ALL = "all-linear";
    private static final String INIT = "init_lora_weights";
    private static final String LAYERS = "layers_to_transform";
    /** Keys that are read here. */
    private static final Set<String> READ = Set.of("peft_type", "r", "lora_alpha", "use_rslora", TARGETS, "exclude_modules", "rank_pattern",
            "alpha_pattern", "modules_to_save", "bias", INIT, LAYERS, "base_model_name_or_path");
    /** Keys that change no result: what training needs, how things were begun, and who wrote the file. */
    private static final Set<String> HARMLESS = Set.of("task_type", "auto_mapping", "peft_version", "revision", "inference_mode",
            "lora_dropout", "megatron_core", "qalora_group_size", "ensure_weight_tying", "runtime_config", "eva_config", "loftq_config",
            "lora_ga_config", "corda_config");
    /** Keys that must not ask for anything, since what they ask for is another computation. */
    private static final Set<String> UNSUPPORTED = Set.of("use_dora", "fan_in_fan_out", "lora_bias", "use_qalora", "use_bdlora",
            "layer_replication", "trainable_token_indices", "target_parameters", "alora_invocation_tokens", "megatron_config",
            "layers_pattern", "arrow_config", "kasa_config", "monteclora_config", "velora_config");
    /** Ways to begin a training that leave the base model as it is; all others train over changed weights of the base. */
    private static final Set<String> PLAIN_BEGINNINGS = Set.of("true", "false", "gaussian", "eva", "orthogonal");
    private static final Pattern LAYER_NUMBER = Pattern.compile(".*\\.[^.]*\\.(\\d{1,9})\\..*");

    private final String where;
    private final JsonNode node;
    private final int rank;
    private final double alpha;
    private final boolean rootScaled;
    private final Map<ModulePattern, Double> ranks;
    private final Map<ModulePattern, Double> alphas;
    private final ModuleSet targets;
    private final ModuleSet excluded;
    private final ModuleSet saved;
    private final List<String> notFollowed;

    /**
     * Reads the file.
     *
     * @throws ModelException when it is missing or broken, or asks for what is not supported; the sentence says what
     */
    AdapterConfig(Path folder) {
        this.where = Adapter.CONFIG + " of the adapter in " + folder;
        String text = Fields.text(folder.resolve(Adapter.CONFIG)).orElseThrow(() -> new ModelException("the adapter in " + folder
                + " has no " + Adapter.CONFIG + "; name a folder as PEFT saves it"));
        this.node = Fields.read(text, where);
        if (!node.isObject()) {
            throw new ModelException(where + " should hold a JSON object");
        }
        refuse();
        this.notFollowed = others();
        this.rank = (int) number("r", node.path("r"), 8, MOST_RANK);
        this.alpha = node.hasNonNull("lora_alpha") ? finite("lora_alpha", node.path("lora_alpha")) : 8;
        this.rootScaled = node.path("use_rslora").asBoolean(false);
        this.ranks = patterns("rank_pattern");
        this.alphas = patterns("alpha_pattern");
        JsonNode target = node.path(TARGETS);
        this.targets = modules(TARGETS, target.asText().equals(ALL) ? MissingNode.getInstance() : target);
        this.excluded = modules("exclude_modules", node.path("exclude_modules"));
        this.saved = modules("modules_to_save", node.path("modules_to_save"));
    }

    private void refuse() {
        String type = node.path("peft_type").asText("");
        if (!type.equals("LORA")) {
            throw new ModelException(where + " says peft_type " + Quoted.of(type) + ", and only LORA is supported");
        }
        UNSUPPORTED.stream().sorted().filter(key -> asks(node.path(key))).findFirst().ifPresent(key -> {
            throw new ModelException(where + " asks for " + key + ", which is not supported; take an adapter that was trained without it");
        });
        if (!node.path("bias").asText("none").equals("none")) {
            throw new ModelException(where + " says bias " + Quoted.of(node.path("bias").asText())
                    + ", and trained biases are not supported; take an adapter with bias \"none\"");
        }
        String beginning = node.hasNonNull(INIT) ? node.path(INIT).asText() : "true";
        if (!PLAIN_BEGINNINGS.contains(beginning)) {
            throw new ModelException(where + " says " + INIT + " " + Quoted.of(beginning) + ", which changes the base model's weights:"
                    + " convert it in PEFT to a plain LoRA (save_pretrained with path_initial_model_for_weight_conversion)");
        }
    }

    /** Unknown switches and objects most likely change the mathematics; unknown numbers and texts are named in a warning. */
    private List<String> others() {
        List<String> others = new ArrayList<>();
        node.properties().forEach(entry -> {
            String key = entry.getKey();
            if (READ.contains(key) || HARMLESS.contains(key) || UNSUPPORTED.contains(key) || !asks(entry.getValue())) {
                return;
            }
            if (entry.getValue().isBoolean() || entry.getValue().isObject()) {
                throw new ModelException(where + " asks for " + Quoted.of(key) + ", which is not known here and may change what is"
                        + " computed; take an adapter without it");
            }
            others.add(key);
        });
        return others;
    }

    private static boolean asks(JsonNode value) {
        return !value.isMissingNode() && !value.isNull() && !(value.isBoolean() && !value.booleanValue())
                && !(value.isContainerNode() && value.isEmpty()) && !(value.isTextual() && value.textValue().isEmpty());
    }

    private double number(String key, JsonNode value, double whenAbsent, double most) {
        if (value.isMissingNode() || value.isNull()) {
            return whenAbsent;
        }
        if (!value.isIntegralNumber() || value.doubleValue() < 1 || value.doubleValue() > most) {
            throw new ModelException(where + ": " + key + " should be a whole number from 1 to " + (int) most + ", not "
                    + Quoted.line(value.toString()));
        }
        return value.doubleValue();
    }

    private double finite(String key, JsonNode value) {
        if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
            throw new ModelException(where + ": " + key + " should be a number, not " + Quoted.line(value.toString()));
        }
        return value.doubleValue();
    }

    /** PEFT takes the first key that a module's path ends with, as a regular expression behind a dot or the beginning. */
    private Map<ModulePattern, Double> patterns(String key) {
        Map<ModulePattern, Double> patterns = new LinkedHashMap<>();
        node.path(key).properties().forEach(entry -> patterns.put(
                new ModulePattern("(?:.*\\.)?(?:" + entry.getKey() + ")", where + ": " + key),
                key.equals("rank_pattern") ? number(key, entry.getValue(), rank, MOST_RANK) : finite(key, entry.getValue())));
        return patterns;
    }

    private ModuleSet modules(String key, JsonNode value) {
        return new ModuleSet(value, where + ": " + key);
    }

    /** The base model that the adapter was trained for; empty where it does not say. */
    Optional<String> base() {
        return Optional.ofNullable(node.path("base_model_name_or_path").textValue()).filter(text -> !text.isBlank());
    }

    /** A clause that names what is not followed; empty where all is. */
    Optional<String> notFollowed() {
        return KnownKeys.clause(Adapter.CONFIG, notFollowed);
    }

    /** The rank of the pair of a module. */
    int rank(String module) {
        return first(ranks, module).map(Double::intValue).orElse(rank);
    }

    /** The factor on the product of a module's pair. */
    double scale(String module) {
        double own = first(alphas, module).orElse(alpha);
        return own / (rootScaled ? Math.sqrt(rank(module)) : rank(module));
    }

    private static Optional<Double> first(Map<ModulePattern, Double> patterns, String module) {
        return patterns.entrySet().stream().filter(entry -> entry.getKey().matches(module)).map(Map.Entry::getValue).findFirst();
    }

    /** Tells whether a module is replaced as a whole. */
    boolean saves(String module) {
        return saved.contains(module);
    }

    /**
     * Compares the modules of the file with those that are asked for, both ways.
     *
     * @param modules that have a pair
     * @param whole   that are replaced
     * @throws ModelException naming all that are in one and not in the other
     */
    void check(Set<String> modules, Set<String> whole) {
        List<String> wrong = new ArrayList<>();
        List<String> others = modules.stream().filter(module -> !isTarget(module)).toList();
        if (!others.isEmpty()) {
            wrong.add(Adapter.FILE + " has pairs for modules that " + TARGETS + " or " + LAYERS + " do not name: " + shown(others));
        }
        List<String> without = absent(targets, modules);
        if (!without.isEmpty()) {
            wrong.add(Adapter.FILE + " has no tensors for " + shown(without) + " of " + TARGETS);
        }
        List<String> unsaved = absent(saved, whole);
        if (!unsaved.isEmpty()) {
            wrong.add(Adapter.FILE + " has no tensors for " + shown(unsaved) + " of modules_to_save");
        }
        if (!wrong.isEmpty()) {
            throw new ModelException(where + " and its tensors do not belong together: " + String.join("; ", wrong)
                    + "; get both files again from one place");
        }
    }

    private static List<String> absent(ModuleSet asked, Set<String> modules) {
        return asked.names().stream().filter(name -> modules.stream().noneMatch(module -> ModuleSet.endsWith(module, name))).toList();
    }

    /** Some names, quoted. */
    static String shown(List<String> names) {
        int most = 8;
        return names.stream().limit(most).map(Quoted::of).collect(Collectors.joining(", "))
                + (names.size() > most ? " and " + (names.size() - most) + " more" : "");
    }

    private boolean isTarget(String module) {
        return (targets.isEmpty() || targets.contains(module)) && !excluded.contains(module) && isInLayers(module);
    }

    private boolean isInLayers(String module) {
        JsonNode layers = node.path(LAYERS);
        if (!asks(layers)) {
            return true;
        }
        Matcher number = LAYER_NUMBER.matcher(module);
        if (!number.matches()) {
            return false;
        }
        int layer = Integer.parseInt(number.group(1));
        return layers.isArray() ? StreamSupport.stream(layers.spliterator(), false).anyMatch(chosen -> chosen.asInt(-1) == layer)
                : layers.asInt(-1) == layer;
    }
}
