package org.intarsia.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.intarsia.engine.api.AdapterChoice;
import org.intarsia.model.adapters.Adapter;
import org.intarsia.model.api.ModelException;
import org.intarsia.text.Quoted;

/**
 * A folder that holds an adapter and names its base model.
 *
 * @param choice the adapter as it was trained
 * @param named  how it names its base model
 */
record AdapterFolder(AdapterChoice choice, String named) {

    /**
     * Finds the adapter that a path names; none where it names something else.
     *
     * @throws ModelException when there is an adapter that does not say its base model, or is not supported
     */
    static Optional<AdapterFolder> find(String path) {
        Path folder;
        try {
            folder = Path.of(path);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
        if (!Files.isDirectory(folder) || !Adapter.isIn(folder)) {
            return Optional.empty();
        }
        AdapterChoice choice = real(new AdapterChoice(folder, 1));
        return Optional.of(new AdapterFolder(choice, Adapter.base(choice.folder())
                .orElseThrow(() -> refusal(choice.folder(), "does not name its base model"))));
    }

    /** The same adapter by its real path, so that two ways to write it are one. */
    static AdapterChoice real(AdapterChoice choice) {
        try {
            return Files.exists(choice.folder()) ? new AdapterChoice(choice.folder().toRealPath(), choice.weight()) : choice;
        } catch (IOException e) {
            throw new ModelException(choice.folder() + " cannot be read (" + e.getMessage() + ")", e);
        }
    }

    /** The base model's files where the name is a path, absolute or from the adapter's folder; nothing where there are none. */
    Optional<Path> base() {
        try {
            return Optional.of(choice.folder().resolve(named)).filter(Files::exists);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** The error where the base model is not here. */
    ModelException withoutBase() {
        return refusal(choice.folder(), "was trained for " + Quoted.of(named) + ", which is neither a folder here nor an installed model");
    }

    private static ModelException refusal(Path folder, String why) {
        return new ModelException("the adapter in " + folder + " " + why + ": open the base model with the adapter"
                + " (--model BASE --adapter " + folder + ")");
    }
}
