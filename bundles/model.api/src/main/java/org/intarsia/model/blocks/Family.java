package org.intarsia.model.blocks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.intarsia.model.api.ModelFiles;

/** Which models a factory serves: those whose {@code config.json} names its family. */
public final class Family {
    private static final String OTHER = "it is made for model_type '";

    private Family() {
    }

    /** Why a factory that is made for some families cannot serve a model, in one clause; nothing when it can. */
    public static Optional<String> refuses(ModelFiles files, String... families) {
        return List.of(families).contains(files.family()) ? Optional.empty() : Optional.of(notOf(files.family(), List.of(families)));
    }

    /** The clause that says so. */
    static String notOf(String family, Collection<String> families) {
        return OTHER + String.join("' or '", families) + "', not '" + printable(family) + "'";
    }

    /**
     * One clause for the refusals of several factories: those that are made for other families are named alone, the others
     * with their reasons.
     *
     * @param files   the model's
     * @param reasons by the factory's name, as {@link #refuses} or the factory itself gives them
     */
    public static String refusal(ModelFiles files, Map<String, String> reasons) {
        List<String> others = reasons.entrySet().stream().filter(entry -> entry.getValue().startsWith(OTHER))
                .map(Map.Entry::getKey).sorted().toList();
        List<String> clauses = new ArrayList<>();
        if (!others.isEmpty()) {
            clauses.add("its " + (files.json("config.json").isPresent() ? "model_type" : "architecture") + " is '" + printable(files.family()) + "', and there " + (others.size() == 1 ? "is " : "are ")
                    + String.join(", ", others));
        }
        reasons.forEach((name, reason) -> {
            if (!reason.startsWith(OTHER)) {
                clauses.add(name + " says: " + reason);
            }
        });
        return String.join("; ", clauses);
    }

    /** A family's name comes from a file, and may hold anything. */
    private static String printable(String family) {
        return family.replaceAll("[\\p{Cntrl}\\p{Cf}]", "?");
    }
}
