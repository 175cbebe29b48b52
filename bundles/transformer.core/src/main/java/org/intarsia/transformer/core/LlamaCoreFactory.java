package org.intarsia.transformer.core;

import java.util.Optional;
import org.intarsia.model.api.ComponentFactory;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.api.ProvidesComponent;
import org.intarsia.model.api.TransformerCore;
import org.intarsia.model.blocks.ConfigFile;
import org.intarsia.model.blocks.Family;
import org.intarsia.model.blocks.Quantization;
import org.intarsia.weights.Tensor;
import org.osgi.service.component.annotations.Component;

/**
 * Makes the transformer of models whose {@code model_type} is {@code llama}: text only, with grouped heads, the rotary
 * scaling of Llama 3.1, and scores from a matrix of their own or from the embeddings.
 */
@ProvidesComponent(kind = ProvidesComponent.TRANSFORMER_CORE, name = LlamaCoreFactory.FAMILY,
        family = LlamaCoreFactory.FAMILY)
@Component(service = ComponentFactory.OfTransformerCore.class)
public final class LlamaCoreFactory implements ComponentFactory.OfTransformerCore {
    static final String FAMILY = "llama";
    private static final DecoderCore.Names NAMES = new DecoderCore.Names("model", "lm_head", "logits");
    /** GGUF files have what slows the rotary frequencies down as a tensor instead of a formula. */
    private static final String SLOWDOWN = "rope_freqs.weight";

    static final DecoderConfig.Defaults DEFAULTS = new DecoderConfig.Defaults(2048, 1e-6, 10000);

    @Override
    public String name() {
        return FAMILY;
    }

    @Override
    public Optional<String> refuses(ModelFiles files) {
        return Family.refuses(files, FAMILY);
    }

    @Override
    public TransformerCore create(ModelFiles files) {
        ConfigFile file = ConfigFile.read(files, "config.json");
        Quantization.refuse(files, file);
        DecoderConfig config = DecoderConfig.read(file, DEFAULTS, false);
        LlamaFormat format = LlamaFormat.read(file, files);
        Optional<Tensor> slowdown = files.weights().find(SLOWDOWN);
        if (slowdown.isPresent() && slowdown.get().shape().elements() != config.rotary().frequencies().size()) {
            file.wrong("head_dim", "(" + config.headDim() + ") should be twice the " + slowdown.get().shape().elements()
                    + " elements of the tensor " + SLOWDOWN);
        }
        file.check();
        return new DecoderCore(slowdown.map(factors -> config.slowedBy(factors.floats())).orElse(config), NAMES,
                files.weights(), format);
    }
}
