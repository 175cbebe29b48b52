package org.intarsia.engine.api;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One choice of components in an open model. A model has several after a component was swapped, until the generations that
 * began with the older one have ended.
 *
 * @param model       the name of the model
 * @param components  by kind, symbolic name and version of the bundles of those components that were needed so far
 * @param device      backend, device, bundle and version that compute; empty where nothing was computed yet
 * @param generations how many generations in flight use it
 * @param outdated    whether new generations take other components
 */
public record InUse(String model, SortedMap<String, String> components, Optional<String> device, int generations,
        boolean outdated) {
    public InUse {
        components = Collections.unmodifiableSortedMap(new TreeMap<>(components));
    }
}
