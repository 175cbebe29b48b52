package org.intarsia.model.blocks;

import java.util.List;
import java.util.Optional;
import org.intarsia.model.api.ModelFiles;

/** Which models a factory serves: those whose {@code config.json} names its family. */
public final class Family {
    private Family() {
    }

    /** Why a factory that is made for some families cannot serve a model, in one clause; nothing when it can. */
    public static Optional<String> refuses(ModelFiles files, String... families) {
        return List.of(families).contains(files.family()) ? Optional.empty() : Optional.of("it is made for model_type '"
                + String.join("' or '", families) + "', not '" + files.family() + "'");
    }
}
