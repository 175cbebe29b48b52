package org.intarsia.weights.llamacpp;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.intarsia.text.Quoted;
import org.intarsia.weights.WeightsException;

/**
 * {@code config.json} of a model directory: its fields with their types, and the sentences that refuse one.
 *
 * @param file   for messages
 * @param family for messages, as llama.cpp calls the architecture
 * @param fields as they stand in the file; null is as good as absent
 */
record ConfigFile(Path file, String family, Map<String, Object> fields) {

    boolean has(String name) {
        return fields.get(name) != null;
    }

    /** Returns a positive whole number of 31 bits; empty where there is none of that name. */
    Optional<Integer> findSize(String name) {
        Object value = fields.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof Integer size && size > 0) {
            return Optional.of(size);
        }
        throw wrong(name, "should be a whole number above 0");
    }

    /** Returns a positive whole number that has to be there. */
    int size(String name) {
        return findSize(name).orElseThrow(() -> missing(name));
    }

    Optional<Double> findNumber(String name) {
        Object value = fields.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
            return Optional.of(number.doubleValue());
        }
        throw wrong(name, "should be a number");
    }

    double number(String name) {
        return findNumber(name).orElseThrow(() -> missing(name));
    }

    int heads() {
        return size("num_attention_heads");
    }

    int keyHeads() {
        return findSize("num_key_value_heads").orElse(heads());
    }

    int headSize() {
        return findSize("head_dim").orElseGet(() -> size("hidden_size") / heads());
    }

    int layers() {
        return size("num_hidden_layers");
    }

    WeightsException missing(String name) {
        return new WeightsException("'" + file + "' has no " + Quoted.of(name) + ", which llama.cpp's " + family + " needs");
    }

    private WeightsException wrong(String name, String what) {
        return new WeightsException("'" + file + "' has " + shown(name) + ", which " + what);
    }

    /** Makes the refusal of a field that llama.cpp has no equivalent for. */
    WeightsException refused(String name, String why) {
        return new WeightsException("'" + file + "' has " + shown(name) + ", which llama.cpp's " + family + " does not compute"
                + (why.isEmpty() ? "" : ": " + why) + "; name a directory to write, which keeps the checkpoint's own form");
    }

    private String shown(String name) {
        String value = String.valueOf(fields.get(name));
        return Quoted.of(name) + " " + Quoted.of(value.length() > 60 ? value.substring(0, 60) + "…" : value);
    }
}
