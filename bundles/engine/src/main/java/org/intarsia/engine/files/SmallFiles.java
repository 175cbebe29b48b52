package org.intarsia.engine.files;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.blocks.ConfigFile;
import org.intarsia.model.blocks.Fields;
import org.intarsia.weights.Weights;

/** A model's files without its weights, for what needs none. */
public final class SmallFiles implements ModelFiles {
    private static final String CONFIG = "config.json";
    private static final String PREPROCESSOR = "preprocessor_config.json";
    private static final String PROCESSOR = "processor_config.json";

    private final Path place;
    private final Path folder;
    private final String single;
    private final String hidden;

    private SmallFiles(Path place, Path folder, String single, String hidden) {
        this.place = place;
        this.folder = folder;
        this.single = single;
        this.hidden = hidden;
    }

    /** Returns the files of a model directory, as they were published. */
    public static ModelFiles in(Path directory) {
        return new SmallFiles(directory, directory, "", "");
    }

    /**
     * One file, and those beside it.
     *
     * @param meant the name that this file has in model directories, whatever it is called here
     * @throws ModelException when it is not there
     */
    public static SmallFiles of(Path file, String meant) {
        return of(file, meant, "");
    }

    /**
     * One file that says how pictures are prepared, in the layout of transformers 4 or 5, and those beside it but for one of
     * the other layout.
     *
     * @throws ModelException when it is not there, or no JSON
     */
    public static SmallFiles ofPictureSettings(Path file) {
        SmallFiles files = of(file, PREPROCESSOR, PROCESSOR);
        boolean nested = Fields.read(files.json(PREPROCESSOR).orElseThrow(), "'" + file + "'").has("image_processor");
        return nested ? of(file, PROCESSOR, PREPROCESSOR) : files;
    }

    private static SmallFiles of(Path file, String meant, String hidden) {
        if (!Files.isRegularFile(file)) {
            throw new ModelException("there is no file '" + file + "'");
        }
        return new SmallFiles(file, file.toAbsolutePath().getParent(), meant, hidden);
    }

    /** The directory, or the file. */
    @Override
    public Path directory() {
        return place;
    }

    /** What {@code config.json} says; nothing where there is none. */
    @Override
    public String family() {
        if (json(CONFIG).isEmpty()) {
            return "";
        }
        ConfigFile config = ConfigFile.read(this, CONFIG);
        String family = config.text("model_type", "");
        config.check();
        return family;
    }

    @Override
    public Optional<String> json(String fileName) {
        return fileName.equals(hidden) ? Optional.empty() : Fields.text(fileName.equals(single) ? place : folder.resolve(fileName));
    }

    @Override
    public Weights weights() {
        throw new IllegalStateException("who asked for files without weights asks for weights");
    }
}
