package org.intarsia.model.adapters;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Modules as PEFT names them: by the ends of their paths, or by one regular expression over whole paths. Immutable. */
final class ModuleSet {
    private final Optional<ModulePattern> pattern;
    private final Set<String> names = new TreeSet<>();

    /**
     * Reads a list of names, or a text that is an expression.
     *
     * @param where names the file and the key in messages
     */
    ModuleSet(JsonNode value, String where) {
        pattern = value.isTextual() ? Optional.of(new ModulePattern(value.textValue(), where)) : Optional.empty();
        if (value.isArray()) {
            value.forEach(name -> names.add(name.asText()));
        }
    }

    /** Tells whether it names nothing at all. */
    boolean isEmpty() {
        return pattern.isEmpty() && names.isEmpty();
    }

    /** The names; none where an expression stands for them. */
    Set<String> names() {
        return names;
    }

    /** Tells whether a module is one of these. */
    boolean contains(String module) {
        return pattern.isPresent() ? pattern.get().matches(module) : names.stream().anyMatch(name -> endsWith(module, name));
    }

    /** Tells whether the path of a module is a name, or ends with it behind a dot. */
    static boolean endsWith(String module, String name) {
        return module.equals(name) || module.endsWith("." + name);
    }
}
