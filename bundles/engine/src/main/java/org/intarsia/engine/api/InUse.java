package org.intarsia.engine.api;

import java.util.List;
import java.util.Optional;

/**
 * One choice of components in an open model. A model has several after a component was swapped, until the generations that
 * began with the older one have ended.
 *
 * @param model       the name of the model
 * @param components  those components that were needed so far
 * @param device      backend, device, bundle and version that compute; empty where nothing was computed yet
 * @param generations how many generations in flight use it
 * @param outdated    whether new generations take other components
 */
public record InUse(String model, List<Part> components, Optional<String> device, int generations, boolean outdated) {

    /**
     * A component that is in use; its factory may have left.
     *
     * @param kind   as {@link ComponentInfo#kind}
     * @param name   as {@link ComponentInfo#name}
     * @param bundle as {@link ComponentInfo#bundle}
     */
    public record Part(String kind, String name, String bundle) {
    }

    public InUse {
        components = List.copyOf(components);
    }
}
