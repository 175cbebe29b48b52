package org.intarsia.engine.files;

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
public record AdapterFolder(AdapterChoice choice, String named) {

    /**
     * Finds the adapter that a path names; none where it names something else.
     *
     * @throws ModelException when there is an adapter that does not say its base model, or is not supported
     */
    public static Optional<AdapterFolder> find(String path) {
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

    /** Returns the same adapter by its real path, so that two ways to write it are one. */
    public static AdapterChoice real(AdapterChoice choice) {
        try {
            return Files.exists(choice.folder()) ? new AdapterChoice(choice.folder().toRealPath(), choice.weight()) : choice;
        } catch (IOException e) {
            throw new ModelException(choice.folder() + " cannot be read (" + e.getMessage() + ")", e);
        }
    }

    /** Returns the base model's files where the name is a path, absolute or from the adapter's folder; empty where there are none. */
    public Optional<Path> base() {
        try {
            return Optional.of(choice.folder().resolve(named)).filter(Files::exists);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** Returns the error for a base model that is not here. */
    public ModelException withoutBase() {
        return refusal(choice.folder(), "was trained for " + Quoted.of(named) + ", which is neither a folder here nor an installed model");
    }

    private static ModelException refusal(Path folder, String why) {
        return new ModelException("the adapter in " + folder + " " + why + ": open the base model with the adapter"
                + " (--model BASE --adapter " + folder + ")");
    }
}
