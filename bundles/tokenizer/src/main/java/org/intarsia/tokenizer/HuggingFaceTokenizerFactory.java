package org.intarsia.tokenizer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.intarsia.model.api.ComponentFactory;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.api.ProvidesComponent;
import org.intarsia.model.api.Tokenizer;
import org.osgi.service.component.annotations.Component;

/** Tokenizers of models that bring a {@code tokenizer.json}. */
@ProvidesComponent(kind = ProvidesComponent.TOKENIZER, name = HuggingFaceTokenizerFactory.NAME,
        family = {"chameleon", "janus", "emu3", "llama", "qwen2", "qwen3", "mistral", "gemma2", "gemma3_text",
            "qwen2_5_vl", "liquid"})
@Component(service = ComponentFactory.OfTokenizer.class)
public final class HuggingFaceTokenizerFactory implements ComponentFactory.OfTokenizer {
    static final String NAME = "huggingface";
    private static final String FILE = "tokenizer.json";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Optional<String> refuses(ModelFiles files) {
        return Files.isRegularFile(file(files)) || files.json(FILE).isPresent() ? Optional.empty() : Optional.of("the model has no " + FILE);
    }

    @Override
    public Tokenizer create(ModelFiles files) {
        if (Files.isRegularFile(file(files))) {
            Tokenizer tokenizer = TokenizerJson.open(file(files));
            boolean framed = false;
            try {
                Tokenizer asConfigured = FramedTokenizer.of(tokenizer, files);
                framed = true;
                return asConfigured;
            } finally {
                if (!framed) {
                    tokenizer.close();
                }
            }
        }
        // A model in one file has it inside.
        return TokenizerJson.of(files.directory(), files.json(FILE).orElseThrow(() -> new ModelException(
                "the model directory '" + files.directory() + "' has no " + FILE
                        + "; copy it there from where the weights come from")));
    }

    private static Path file(ModelFiles files) {
        return files.directory().resolve(FILE);
    }
}
