package org.intarsia.engine.api;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.intarsia.backend.api.Precision;

/**
 * Where an answer comes from: with the request, all that is needed to make it again.
 *
 * @param platform   the version of the engine
 * @param model      the name of the model
 * @param weights    {@code sha256:} and the hash of its weights, see {@link org.intarsia.weights.Weights#hash}
 * @param components by kind, the bundles and versions of the components that took part
 * @param devices    backend, device, bundle and version that computed, in their order, and {@code fast} behind them where
 *                   activations may have been rounded; several after a swap
 */
public record Origin(String platform, String model, String weights, SortedMap<String, String> components,
        List<String> devices) {
    public Origin {
        components = Collections.unmodifiableSortedMap(new TreeMap<>(components));
        devices = List.copyOf(devices);
    }

    /** Returns whether any device may have rounded activations. */
    public Precision precision() {
        return devices.stream().anyMatch(device -> device.endsWith(" " + Precision.FAST)) ? Precision.FAST : Precision.EXACT;
    }
}
