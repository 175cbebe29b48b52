package org.intarsia.model.blocks;

import java.util.List;
import java.util.Map;
import org.intarsia.model.api.ModelFiles;

/** Finds checkpoints whose weights were quantised by a library: their tensors are no weights of the model's own shapes. */
public final class Quantization {
    /** Fields of {@code config.json} that name the method: today's, and that of older compressed tensors. */
    private static final List<String> FIELDS = List.of("quantization_config", "compression_config");
    /** Files that older tools wrote beside {@code config.json} instead, and their method. */
    private static final Map<String, String> FILES = Map.of("quantize_config.json", "gptq", "quant_config.json", "awq");

    private static final String UNSUPPORTED = "which is not supported; take the checkpoint that is not quantised, or a GGUF file";

    private Quantization() {
    }

    /**
     * Refuses such a checkpoint: the complaint, which names the method, is left with the file.
     *
     * @param file {@code config.json} of the model
     */
    public static void refuse(ModelFiles files, ConfigFile file) {
        for (ConfigFile part : file.isObject("text_config")
                ? List.of(file, file.at("text_config")) : List.of(file)) {
            FIELDS.stream().filter(part::isObject).forEach(field -> part.wrong(field, "says that the weights are quantised by "
                    + method(part.at(field)) + ", " + UNSUPPORTED));
        }
        FILES.forEach((name, method) -> {
            if (files.json(name).isPresent()) {
                file.wrong(name, "beside it says that the weights are quantised by " + method + ", " + UNSUPPORTED);
            }
        });
    }

    private static String method(ConfigFile quantization) {
        String method = quantization.text("quant_method", quantization.flag("load_in_8bit", false)
                || quantization.flag("load_in_4bit", false) ? "bitsandbytes" : "an unnamed method");
        return method.replaceAll("[^\\w .+-]", "?");
    }
}
