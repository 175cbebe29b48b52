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
 * @param adapters   the adapters over the weights, in their order
 */
public record Origin(String platform, String model, String weights, SortedMap<String, String> components,
        List<String> devices, List<Adapted> adapters) {

    /**
     * An adapter over the weights.
     *
     * @param name   of its folder
     * @param weight multiplied what it added
     * @param hash   {@code sha256:} and the hash of all that decides what it adds
     */
    public record Adapted(String name, double weight, String hash) {
        /** Name, weight and hash in one clause. */
        public String told() {
            return name + "=" + weight + " (" + hash + ")";
        }
    }

    /** An answer of a model without adapters. */
    public Origin(String platform, String model, String weights, SortedMap<String, String> components, List<String> devices) {
        this(platform, model, weights, components, devices, List.of());
    }

    public Origin {
        components = Collections.unmodifiableSortedMap(new TreeMap<>(components));
        devices = List.copyOf(devices);
        adapters = List.copyOf(adapters);
    }

    /** Returns whether any device may have rounded activations. */
    public Precision precision() {
        return devices.stream().anyMatch(device -> device.endsWith(" " + Precision.FAST)) ? Precision.FAST : Precision.EXACT;
    }
}
