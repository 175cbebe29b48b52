package org.intarsia.engine;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.weights.Checkpoint;
import org.intarsia.weights.Weights;

/** Emu3 in the layout of its authors seen as if it were published in that of transformers, which our components read. */
final class Emu3Layout extends OpenedFiles {
    private final OpenedFiles authors;
    private final ModelFiles files;
    private final Weights weights;

    private Emu3Layout(OpenedFiles files) {
        this.authors = files;
        this.files = Emu3Files.of(files);
        this.weights = new Emu3Names(files.weights(), Checkpoint.open(Emu3Files.vision(files.directory())));
    }

    /** A model in the layout of transformers, where it is Emu3 in that of its authors; any other model as it is. */
    static OpenedFiles of(OpenedFiles files) {
        if (!Emu3Files.are(files)) {
            return files;
        }
        boolean opened = false;
        try {
            OpenedFiles layout = new Emu3Layout(files);
            opened = true;
            return layout;
        } finally {
            if (!opened) {
                files.close();
            }
        }
    }

    @Override
    public Path directory() {
        return files.directory();
    }

    @Override
    public String family() {
        return files.family();
    }

    @Override
    public Optional<String> json(String fileName) {
        return files.json(fileName);
    }

    @Override
    List<String> otherKeys() {
        return authors.otherKeys();
    }

    @Override
    public Weights weights() {
        return weights;
    }
}
