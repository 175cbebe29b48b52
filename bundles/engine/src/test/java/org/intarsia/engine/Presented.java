package org.intarsia.engine;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.intarsia.engine.files.OpenedFiles;
import org.intarsia.engine.files.SmallFiles;
import org.intarsia.engine.pipeline.Presentation;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.weights.Weights;

/** A model's files as its family presents them, opened for a test. */
public final class Presented implements ModelFiles, AutoCloseable {
    private final OpenedFiles published;
    private final Presentation presentation;

    private Presented(OpenedFiles published) {
        this.published = published;
        this.presentation = new Presentation(new Workshop().registry, published, published.directory().toString());
    }

    public static Presented open(Path path) {
        return new Presented(OpenedFiles.open(path));
    }

    /** The files of a folder without weights. */
    static ModelFiles small(Path folder) {
        return new Presentation(new Workshop().registry, SmallFiles.in(folder), folder.toString()).files();
    }

    @Override
    public Path directory() {
        return presentation.files().directory();
    }

    @Override
    public String family() {
        return presentation.files().family();
    }

    @Override
    public Optional<String> json(String fileName) {
        return presentation.files().json(fileName);
    }

    @Override
    public Weights weights() {
        return presentation.weights();
    }

    String weightsHash() {
        return published.weightsHash(this);
    }

    public List<String> notFollowed() {
        return presentation.notFollowed().stream().toList();
    }

    @Override
    public void close() {
        presentation.close();
        published.close();
    }
}
