package org.intarsia.engine.api;

import java.nio.file.Path;

/**
 * A low-rank adapter that a model is opened with.
 *
 * @param folder in the layout of PEFT: {@code adapter_config.json} and {@code adapter_model.safetensors}
 * @param weight multiplies what it adds; 1 as it was trained, 0 for nothing
 */
public record AdapterChoice(Path folder, double weight) {
    public AdapterChoice {
        if (!Double.isFinite(weight)) {
            throw new IllegalArgumentException("the weight of the adapter in " + folder + " should be a number, not " + weight);
        }
    }
}
