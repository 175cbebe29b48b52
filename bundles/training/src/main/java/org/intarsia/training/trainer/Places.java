package org.intarsia.training.trainer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.stream.Stream;
import org.intarsia.backend.api.Backend;
import org.intarsia.backend.api.Device;
import org.intarsia.training.api.Training;
import org.intarsia.training.api.TrainingException;

/** Finds the device and the folder that a training asks for. */
public final class Places {
    private Places() {
    }

    /**
     * Opens a device, which the caller closes.
     *
     * @throws TrainingException when there is no such backend
     */
    public static Device open(Collection<Backend> backends, Training.Where where) {
        Backend chosen = backends.stream().filter(backend -> backend.name().equals(where.backend())).findFirst()
                .orElseThrow(() -> new TrainingException("there is no backend '" + where.backend() + "'; installed are "
                        + backends.stream().map(Backend::name).sorted().toList()));
        return where.device().map(chosen::open).orElseGet(chosen::open);
    }

    /**
     * Makes a folder where it is not there.
     *
     * @param resume whether it may hold something
     * @throws TrainingException when it holds something else, or cannot be made
     */
    public static Path folder(Path out, boolean resume) {
        try {
            Files.createDirectories(out);
            try (Stream<Path> entries = Files.list(out)) {
                if (!resume && entries.findAny().isPresent()) {
                    throw new TrainingException("the folder " + out
                            + " is not empty: give --resume to go on with what is in it, or another folder");
                }
            }
            return out;
        } catch (IOException e) {
            throw new TrainingException("the folder " + out + " cannot be used: " + e.getMessage(), e);
        }
    }
}
