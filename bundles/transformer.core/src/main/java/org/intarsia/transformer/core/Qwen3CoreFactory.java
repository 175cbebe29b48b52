package org.intarsia.transformer.core;

import java.util.List;
import java.util.Set;
import org.intarsia.model.api.ComponentFactory;
import org.intarsia.model.api.ProvidesComponent;
import org.intarsia.model.blocks.ConfigFile;
import org.intarsia.transformer.decoder.Block;
import org.intarsia.transformer.decoder.DecoderConfig;
import org.intarsia.transformer.decoder.DecoderConfig.Sizes;
import org.intarsia.transformer.decoder.LayerVariant;
import org.intarsia.transformer.decoder.Rotary;
import org.osgi.service.component.annotations.Component;

/**
 * Makes the transformer of models whose {@code model_type} is {@code qwen3} (Yang et al., 2025): heads have a size of their
 * own, and queries and keys are normalised head by head.
 */
@ProvidesComponent(kind = ProvidesComponent.TRANSFORMER_CORE, name = Qwen3CoreFactory.FAMILY, family = Qwen3CoreFactory.FAMILY)
@Component(service = ComponentFactory.OfTransformerCore.class)
public final class Qwen3CoreFactory extends TextCoreFactory {
    static final String FAMILY = "qwen3";

    public Qwen3CoreFactory() {
        super(FAMILY, DecoderConfig.Defaults.ofText(1e-6, 10000, false,
                new Sizes(151936, 4096, 32, 32, 32, 128, 22016, 32768)), Qwen2CoreFactory.style("Qwen3"));
    }

    @Override
    public Set<String> follows() {
        return Qwen2CoreFactory.WINDOWS;
    }

    @Override
    public Block block(ConfigFile file, Sizes sizes, Block read) {
        return read.withHeadNorm(Block.HeadNorm.RMS);
    }

    @Override
    public List<LayerVariant> layers(ConfigFile file, Sizes sizes, double theta) {
        return Qwen2CoreFactory.windows(file, sizes, Rotary.read(file, sizes.headDim(), sizes.context(), theta), 28);
    }
}
