package org.intarsia.engine.api;

import java.nio.file.Path;
import java.util.List;
import org.intarsia.model.api.PicturePreprocessor;
import org.intarsia.model.api.Tokenizer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What a model is handed of texts and pictures. It takes the small files of a model only: its weights need not be there. A
 * service; safe for use by several threads. Whatever is missing or broken is a
 * {@link org.intarsia.model.api.ModelException}.
 */
@ProviderType
public interface Inputs {

    /** The tokenizer of a model, which the caller closes; the model is named as for {@link Engine#open}. */
    Tokenizer tokenizer(String nameOrDirectory);

    /** The tokenizer that a {@code tokenizer.json} describes; the caller closes it. */
    Tokenizer tokenizer(Path file);

    /** What prepares pictures for a model, which is named as for {@link Engine#open}. */
    PicturePreprocessor preprocessor(String nameOrDirectory);

    /**
     * What prepares pictures as a {@code preprocessor_config.json} says. Where the file names no {@code
     * image_processor_type}, the {@code config.json} beside it is asked for the family.
     */
    PicturePreprocessor preprocessor(Path file);

    /**
     * What a model sees of a picture.
     *
     * @param name   the picture file's, without its extension
     * @param height in pixels, of what is seen
     * @param width  likewise
     */
    record Seen(String name, int height, int width) {
    }

    /** The way in which pictures lie that cameras store with an orientation in EXIF. */
    enum Turning {
        /** As a person sees them; models see them so in all commands. */
        UPRIGHT,
        /** As the pixels are stored. */
        AS_STORED
    }

    /**
     * Writes what a model sees: a safetensors file with {@code NAME.u8} (height, width, 3) and {@code NAME.f32} (3, height,
     * width) for each picture.
     *
     * @param turning which way pictures lie that a camera noted an orientation for
     * @throws org.intarsia.weights.WeightsException when the file cannot be written
     */
    List<Seen> preprocess(PicturePreprocessor preprocessor, List<Path> pictures, Turning turning, Path out);
}
