package org.intarsia.families;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.blocks.Fields;
import org.intarsia.weights.Checkpoint;
import org.intarsia.weights.Weights;

/**
 * Liquid with the VQ-GAN of its pictures, which its authors take from Chameleon: here a Chameleon checkpoint in the layout of
 * transformers, or a link to it, is the folder {@code chameleon} of the model directory. Only its {@code vq_config} and the tensors
 * of {@code model.vqmodel} are read. Safe for use by several threads.
 */
final class LiquidFiles implements ModelFiles, AutoCloseable {
    private static final String FAMILY = "liquid";
    private static final String CONFIG = "config.json";
    private static final String PREPROCESSOR = "preprocessor_config.json";
    private static final String FOLDER = "chameleon";
    private static final String VQ = "vq_config";
    private static final String PREFIX = "model.vqmodel.";

    private final ModelFiles published;
    private Weights weights;

    LiquidFiles(ModelFiles published) {
        this.published = published;
    }

    @Override
    public Path directory() {
        return published.directory();
    }

    @Override
    public String family() {
        return FAMILY;
    }

    @Override
    public synchronized Weights weights() {
        if (weights == null) {
            weights = new JoinedWeights(published.weights(), Checkpoint.open(chameleon()), name -> name.startsWith(PREFIX));
        }
        return weights;
    }

    @Override
    public synchronized void close() {
        if (weights != null) {
            weights.close();
        }
    }

    @Override
    public Optional<String> json(String fileName) {
        return switch (fileName) {
            case CONFIG -> published.json(CONFIG).map(this::withPictures);
            case PREPROCESSOR -> published.json(PREPROCESSOR).or(() -> Optional.of(preprocessor()));
            default -> published.json(fileName);
        };
    }

    private String withPictures(String text) {
        JsonNode config = Fields.read(text, where(directory()));
        if (!(config instanceof ObjectNode fields)) {
            return text;
        }
        fields.set(VQ, pictures());
        return fields.toString();
    }

    private JsonNode pictures() {
        Path chameleon = chameleon();
        JsonNode pictures = Fields.read(Fields.text(chameleon.resolve(CONFIG)).orElse("{}"), where(chameleon)).path(VQ);
        if (!pictures.isObject()) {
            throw new ModelException(where(chameleon) + " should have vq_config, as Chameleon checkpoints of transformers do;"
                    + " put such a checkpoint there");
        }
        return pictures;
    }

    private static String where(Path directory) {
        return CONFIG + " of the model in " + directory;
    }

    /** The folder of the Chameleon checkpoint. */
    private Path chameleon() {
        Path folder = directory().resolve(FOLDER);
        if (!Files.isDirectory(folder)) {
            throw new ModelException("the model in " + directory() + " lacks the VQ-GAN of its pictures, which Liquid takes from"
                    + " Chameleon: put a Chameleon checkpoint of transformers, or a link to it, there as " + folder);
        }
        return folder;
    }

    /** As the authors' inference does it; there is no file. */
    private String preprocessor() {
        int size = pictures().path("resolution").asInt(512);
        ObjectNode settings = Fields.object().put("image_processor_type", "LiquidImageProcessor").put("resample", 1)
                .put("rescale_factor", 2 / 255.0);
        settings.putObject("size").put("shortest_edge", size);
        settings.putObject("crop_size").put("height", size).put("width", size);
        settings.putArray("background_color").add(122).add(116).add(104);
        return settings.toString();
    }
}
