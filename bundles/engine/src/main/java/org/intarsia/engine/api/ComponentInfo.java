package org.intarsia.engine.api;

import java.util.List;

/**
 * An installed factory of components.
 *
 * @param kind   {@code tokenizer}, {@code vision encoder}, {@code transformer core} or {@code image decoder}
 * @param name   what users type; unique within its kind
 * @param bundle symbolic name and version of the bundle that registered it
 * @param usedBy names of the open models that use a component of it
 */
public record ComponentInfo(String kind, String name, String bundle, List<String> usedBy) {
    public ComponentInfo {
        usedBy = List.copyOf(usedBy);
    }
}
