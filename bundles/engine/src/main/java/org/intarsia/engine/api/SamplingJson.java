package org.intarsia.engine.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.intarsia.model.api.ModelException;

/**
 * A {@link Sampling} in a picture's record. Values that were added later are written only where they are used: a picture that
 * does not need them has the same bytes as before.
 */
final class SamplingJson {
    /** Most programs read numbers of JSON as binary64, which has 53 bits; a seed beyond is a text, which is read back, too. */
    private static final long LONGEST_NUMBER = 1L << 53;

    private final JsonNode json;
    private final Set<String> known = new HashSet<>();

    private SamplingJson(JsonNode json) {
        this.json = json;
    }

    static ObjectNode write(Sampling sampling) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("temperature", sampling.temperature()).put("topK", sampling.topK()).put("topP", sampling.topP());
        putUnlessZero(json, "minP", sampling.minP());
        json.put("repetitionPenalty", sampling.repetitionPenalty());
        putUnlessZero(json, "presencePenalty", sampling.presencePenalty());
        putUnlessZero(json, "frequencyPenalty", sampling.frequencyPenalty());
        if (!sampling.logitBias().isEmpty()) {
            ObjectNode biases = json.putObject("logitBias");
            sampling.logitBias().forEach((id, bias) -> biases.put(Integer.toString(id), bias));
        }
        json.put("guidanceText", sampling.guidanceText()).put("guidanceImage", sampling.guidanceImage());
        if (Math.abs(sampling.seed()) > LONGEST_NUMBER || sampling.seed() == Long.MIN_VALUE) {
            json.put("seed", Long.toString(sampling.seed()));
        } else {
            json.put("seed", sampling.seed());
        }
        return json.put("maxTokens", sampling.maxTokens());
    }

    private static void putUnlessZero(ObjectNode json, String name, double value) {
        if (value != 0) {
            json.put(name, value);
        }
    }

    /** @throws IllegalArgumentException where it is something else than {@link #write} writes, or has a value that nobody here knows */
    static Sampling read(JsonNode json) {
        try {
            return new SamplingJson(json).read();
        } catch (ModelException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private Sampling read() {
        if (!json.isObject()) {
            throw new IllegalArgumentException("its sampling is no JSON object");
        }
        Map<Integer, Double> biases = new TreeMap<>();
        known.add("logitBias");
        json.path("logitBias").properties().forEach(entry -> {
            try {
                biases.put(Integer.valueOf(entry.getKey()), number("the logit bias of token " + entry.getKey(), entry.getValue()));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("its logit bias names the token '" + entry.getKey() + "', which is no id", e);
            }
        });
        Sampling.Builder sampling = Sampling.builder().temperature(number("temperature")).topK(whole("topK")).topP(number("topP"))
                .minP(numberOrZero("minP")).repetitionPenalty(number("repetitionPenalty"))
                .presencePenalty(numberOrZero("presencePenalty")).frequencyPenalty(numberOrZero("frequencyPenalty"))
                .logitBias(biases).guidance(number("guidanceText"), number("guidanceImage")).seed(seed())
                .maxTokens(whole("maxTokens"));
        json.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                throw new IllegalArgumentException("its sampling has a value that this version does not know: " + name);
            }
        });
        return sampling.build();
    }

    private double number(String name) {
        known.add(name);
        return number(name + " of its sampling", json.path(name));
    }

    private double numberOrZero(String name) {
        known.add(name);
        return json.has(name) ? number(name) : 0;
    }

    private static double number(String name, JsonNode value) {
        if (!value.isNumber()) {
            throw new IllegalArgumentException(name + " is no number");
        }
        return value.doubleValue();
    }

    private int whole(String name) {
        known.add(name);
        JsonNode value = json.path(name);
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw new IllegalArgumentException(name + " of its sampling is no whole number, or too large");
        }
        return value.intValue();
    }

    private long seed() {
        known.add("seed");
        JsonNode value = json.path("seed");
        if (value.isIntegralNumber() && value.canConvertToLong()) {
            return value.longValue();
        }
        try {
            return Long.parseLong(value.asText());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("seed of its sampling is no whole number, or too large", e);
        }
    }
}
