package org.intarsia.families;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Optional;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.blocks.Fields;
import org.intarsia.model.blocks.RenamedFiles;
import org.intarsia.weights.Weights;

/**
 * Qwen2.5-VL with the configuration of its transformer in {@code text_config}, where transformers writes it since 4.52;
 * published files have its fields beside {@code vision_config}. Safe for use by several threads.
 */
final class Qwen25VlFiles implements ModelFiles {
    private static final String CONFIG = "config.json";
    private static final String TEXT = "text_config";
    private static final String VISION = "vision_config";

    private final ModelFiles published;
    private final ModelFiles renamed;

    Qwen25VlFiles(ModelFiles published) {
        this.published = published;
        this.renamed = new RenamedFiles(published, Qwen25VlFamily.PUBLISHED);
    }

    @Override
    public Path directory() {
        return published.directory();
    }

    @Override
    public String family() {
        return published.family();
    }

    @Override
    public Optional<String> json(String fileName) {
        Optional<String> text = published.json(fileName);
        return fileName.equals(CONFIG) ? text.map(this::nested) : text;
    }

    private String nested(String text) {
        JsonNode config = Fields.read(text, CONFIG + " of the model in " + directory());
        if (!(config instanceof ObjectNode fields)) {
            return text;
        }
        if (!fields.has(TEXT)) {
            ObjectNode inner = fields.deepCopy();
            inner.remove(VISION);
            fields.set(TEXT, inner);
        }
        return fields.toString();
    }

    @Override
    public Weights weights() {
        return renamed.weights();
    }
}
