package org.intarsia.engine.api;

import java.util.List;

/**
 * An installed family of models.
 *
 * @param name   as {@link org.intarsia.model.api.ModelFamily#name} has it
 * @param bundle symbolic name and version of the bundle that registered it
 * @param usedBy names of the open models that it presents
 */
public record FamilyInfo(String name, String bundle, List<String> usedBy) {
    public FamilyInfo {
        usedBy = List.copyOf(usedBy);
    }
}
