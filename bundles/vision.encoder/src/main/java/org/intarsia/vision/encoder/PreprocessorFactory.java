package org.intarsia.vision.encoder;

import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.intarsia.model.api.ComponentFactory;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.api.PicturePreprocessor;
import org.intarsia.model.api.ProvidesComponent;
import org.intarsia.model.blocks.ConfigFile;
import org.osgi.service.component.annotations.Component;

/**
 * Makes the preprocessors of all families that are here. The file's {@code image_processor_type} decides, by the names of
 * the authors or of transformers; where it has none, the model's family does.
 */
@ProvidesComponent(kind = ProvidesComponent.PREPROCESSOR, name = PreprocessorFactory.NAME,
        family = {"chameleon", "janus", "emu3", "qwen2_5_vl", "liquid"})
@Component(service = ComponentFactory.OfPreprocessor.class)
public final class PreprocessorFactory implements ComponentFactory.OfPreprocessor {
    static final String NAME = "picture-preprocessors";
    /** No published file: what the authors of Liquid do in code. */
    static final String LIQUID = "LiquidImageProcessor";
    private static final String FILE = "preprocessor_config.json";
    /** By which transformers tells its implementations of one processor apart. */
    private static final Pattern IMPLEMENTATION = Pattern.compile("(Fast|Pil)$");
    private static final Map<String, Function<ModelFiles, PicturePreprocessor>> KINDS = Map.of(
            "ChameleonImageProcessor", files -> ChameleonPreprocessor.read(files, 1),
            LIQUID, files -> ChameleonPreprocessor.readSquare(files, 1),
            "JanusImageProcessor", JanusPreprocessor::read,
            "VLMImageProcessor", JanusPreprocessor::read,
            "Emu3ImageProcessor", BoundedPreprocessor::readEmu3,
            "Emu3VisionVQImageProcessor", BoundedPreprocessor::readEmu3,
            "Qwen2VLImageProcessor", BoundedPreprocessor::readQwen25Vl,
            "Qwen2_5_VLImageProcessor", BoundedPreprocessor::readQwen25Vl);
    private static final Map<String, String> FAMILIES = Map.of("chameleon", "ChameleonImageProcessor", "janus",
            "JanusImageProcessor", "multi_modality", "VLMImageProcessor", "emu3", "Emu3ImageProcessor", "qwen2_5_vl",
            "Qwen2VLImageProcessor", "liquid", LIQUID);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Optional<String> refuses(ModelFiles files) {
        String kind = kind(files);
        if (KINDS.containsKey(kind)) {
            return Optional.empty();
        }
        return Optional.of(kind.isEmpty() ? FILE + " does not say its image_processor_type"
                : "image_processor_type is '" + kind + "', not one of " + String.join(", ", new TreeSet<>(KINDS.keySet())));
    }

    @Override
    public PicturePreprocessor create(ModelFiles files) {
        refuses(files).ifPresent(why -> {
            throw new ModelException("no pictures can be prepared for the model in " + files.directory() + ": " + why);
        });
        return KINDS.get(kind(files)).apply(files);
    }

    private static String kind(ModelFiles files) {
        ConfigFile file = ConfigFile.readPictureSettings(files);
        String kind = file.text("image_processor_type", FAMILIES.getOrDefault(files.family(), ""));
        file.check();
        return IMPLEMENTATION.matcher(kind).replaceFirst("");
    }
}
