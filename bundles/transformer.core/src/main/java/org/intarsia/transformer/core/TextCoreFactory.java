package org.intarsia.transformer.core;

import java.util.Optional;
import org.intarsia.model.api.ComponentFactory;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.api.TransformerCore;
import org.intarsia.model.blocks.ConfigFile;
import org.intarsia.model.blocks.Family;
import org.intarsia.model.blocks.Quantization;
import org.intarsia.transformer.decoder.DecoderConfig;
import org.intarsia.transformer.decoder.DecoderCore;
import org.intarsia.transformer.decoder.FamilyVariant;
import org.intarsia.weights.Tensor;

/**
 * A family of models that read and write text alone, in the layout of its {@code ForCausalLM} in transformers. A subclass
 * says what fields have that are absent, how its streams are written, and by what its decoder differs from Llama's.
 */
abstract class TextCoreFactory implements ComponentFactory.OfTransformerCore, FamilyVariant {
    private static final DecoderCore.Names NAMES = new DecoderCore.Names("model", "lm_head", "logits");
    /** GGUF files have what slows the rotary frequencies down as a tensor instead of a formula. */
    private static final String SLOWDOWN = "rope_freqs.weight";

    private final String family;
    private final DecoderConfig.Defaults defaults;
    private final TextFormat.Style style;

    TextCoreFactory(String family, DecoderConfig.Defaults defaults, TextFormat.Style style) {
        this.family = family;
        this.defaults = defaults;
        this.style = style;
    }

    @Override
    public String name() {
        return family;
    }

    @Override
    public Optional<String> refuses(ModelFiles files) {
        return Family.refuses(files, family);
    }

    /** Reads the decoder's configuration; what is wrong is left with the file. */
    final DecoderConfig config(ConfigFile file) {
        return DecoderConfig.read(file, defaults, this);
    }

    @Override
    public TransformerCore create(ModelFiles files) {
        ConfigFile file = ConfigFile.read(files, "config.json");
        Quantization.refuse(files, file);
        DecoderConfig config = config(file);
        TextFormat format = TextFormat.read(file, files, style);
        Optional<Tensor> slowdown = files.weights().find(SLOWDOWN);
        int headDim = config.sizes().headDim();
        if (slowdown.isPresent() && slowdown.get().shape().elements() != headDim / 2) {
            file.wrong("head_dim", "(" + headDim + ") should be twice the " + slowdown.get().shape().elements()
                    + " elements of the tensor " + SLOWDOWN);
        }
        file.check();
        return new DecoderCore(slowdown.map(factors -> config.slowedBy(factors.floats())).orElse(config), NAMES,
                files.weights(), format);
    }
}
