package org.intarsia.weights.llamacpp;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.intarsia.text.Quoted;
import org.intarsia.weights.WeightsException;

/**
 * The rotary embedding of a {@code config.json}, as transformers 4 and 5 write it, in llama.cpp's metadata. Llama 3's scaling
 * has no metadata there: it is a tensor of factors, one for each pair of elements that is rotated.
 */
final class RotaryScaling {
    private static final String FACTOR = "factor";
    private static final String ORIGINAL = "original_max_position_embeddings";
    private static final String ATTENTION = "attention_factor";
    private static final String THETA = "rope_theta";
    private static final String LLAMA3 = "llama3";
    private static final double USUAL_THETA = 10000;
    private static final Map<String, Double> YARN_TURNS = Map.of("beta_fast", 32.0, "beta_slow", 1.0);
    /** What each kind of scaling is made of; another field would change what it does. */
    private static final Map<String, Set<String>> FIELDS = Map.of(
            "default", Set.of(),
            "linear", Set.of(FACTOR),
            "yarn", Set.of(FACTOR, ORIGINAL, ATTENTION, "beta_fast", "beta_slow"),
            LLAMA3, Set.of(FACTOR, ORIGINAL, "low_freq_factor", "high_freq_factor"));

    private final ConfigFile config;
    private final TextFamily family;
    private final String where;
    private final Map<String, Object> given;
    private final ConfigFile fields;
    private final String type;

    /** @throws WeightsException naming the scaling, when llama.cpp has none of that kind for the family */
    RotaryScaling(ConfigFile config, TextFamily family) {
        this.config = config;
        this.family = family;
        where = config.has("rope_parameters") ? "rope_parameters" : "rope_scaling";
        Map<String, Object> outer = JsonTree.child(config.fields(), where);
        // Gemma 3 rotates the layers of its two kinds in two ways.
        given = outer.containsKey("full_attention") ? JsonTree.child(outer, "full_attention") : outer;
        fields = new ConfigFile(config.file(), config.family(), given);
        Object named = given.containsKey("rope_type") ? given.get("rope_type") : given.get("type");
        type = named == null ? "default" : named.toString();
        check();
    }

    private void check() {
        if (!type.equals("default") && !family.rotaryScalings().contains(type)) {
            throw config.refused(where, "of the kinds of rotary scaling it has " + (family.rotaryScalings().isEmpty() ? "none"
                    : String.join(", ", family.rotaryScalings().stream().sorted().toList())));
        }
        for (String name : given.keySet()) {
            boolean known = Set.of("rope_type", "type", THETA).contains(name) || FIELDS.get(type).contains(name);
            boolean whole = name.equals("partial_rotary_factor") && fields.number(name) == 1;
            if (!known && !whole && given.get(name) != null) {
                throw config.refused(where, "its scaling of the kind " + Quoted.of(type) + " has no " + Quoted.of(name));
            }
        }
        // llama.cpp has keys for these, but for most families does not read them.
        YARN_TURNS.forEach((name, usual) -> {
            if (!fields.findNumber(name).orElse(usual).equals(usual)) {
                throw config.refused(where, "its " + name + " is " + usual.intValue());
            }
        });
        Map<String, Object> sliding = sliding();
        Object kind = sliding.get("rope_type");
        if (kind != null && !kind.equals("default")) {
            throw config.refused(where, "layers with a sliding window are not scaled");
        }
    }

    private Map<String, Object> sliding() {
        return JsonTree.child(JsonTree.child(config.fields(), where), "sliding_attention");
    }

    /** Adds what llama.cpp is told of it. */
    void put(Map<String, Object> metadata) {
        String prefix = family.architecture() + ".rope.";
        metadata.put(prefix + "freq_base", (float) theta());
        slidingTheta().ifPresent(theta -> metadata.put(prefix + "freq_base_swa", theta.floatValue()));
        if (type.equals("linear") || type.equals("yarn")) {
            metadata.put(prefix + "scaling.type", type);
            metadata.put(prefix + "scaling.factor", (float) fields.number(FACTOR));
        }
        if (type.equals("yarn")) {
            metadata.put(prefix + "scaling.original_context_length", original());
            // llama.cpp multiplies by this what it computes itself, and reads yarn_attn_factor, but does not use it.
            fields.findNumber(ATTENTION).map(factor -> factor / usualAttention()).filter(factor -> factor != 1)
                    .ifPresent(factor -> metadata.put(prefix + "scaling.attn_factor", factor.floatValue()));
        }
    }

    private double theta() {
        return fields.findNumber(THETA).or(() -> config.findNumber(THETA)).orElse(USUAL_THETA);
    }

    private Optional<Double> slidingTheta() {
        Optional<Double> own = new ConfigFile(config.file(), config.family(), sliding()).findNumber(THETA);
        return own.isPresent() ? own : family.known().contains("rope_local_base_freq")
                ? config.findNumber("rope_local_base_freq") : Optional.empty();
    }

    private double usualAttention() {
        double factor = fields.number(FACTOR);
        return factor <= 1 ? 1 : 0.1 * Math.log(factor) + 1;
    }

    private int original() {
        return fields.findSize(ORIGINAL).or(() -> config.findSize(ORIGINAL))
                .orElseGet(() -> config.size("max_position_embeddings"));
    }

    /** Returns what each frequency is divided by; empty unless the scaling is Llama 3's. */
    Optional<float[]> factors() {
        if (!type.equals(LLAMA3)) {
            return Optional.empty();
        }
        Map<String, Float> numbers = new HashMap<>();
        for (String name : List.of(FACTOR, "low_freq_factor", "high_freq_factor")) {
            numbers.put(name, (float) fields.number(name));
        }
        float low = numbers.get("low_freq_factor");
        float high = numbers.get("high_freq_factor");
        float[] factors = new float[config.headSize() / 2];
        for (int i = 0; i < factors.length; i++) {
            float frequency = 1 / (float) Math.pow(theta(), 2f * i / config.headSize());
            float length = (float) (2 * Math.PI) / frequency;
            float smooth = (original() / length - low) / (high - low);
            factors[i] = length < original() / (double) high ? 1 : length > original() / (double) low ? numbers.get(FACTOR)
                    : 1 / ((1 - smooth) / numbers.get(FACTOR) + smooth);
        }
        return Optional.of(factors);
    }
}
