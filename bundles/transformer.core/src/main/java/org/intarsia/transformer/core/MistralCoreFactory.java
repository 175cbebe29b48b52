package org.intarsia.transformer.core;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.intarsia.model.api.ComponentFactory;
import org.intarsia.model.api.ProvidesComponent;
import org.intarsia.model.blocks.ConfigFile;
import org.intarsia.transformer.decoder.Block;
import org.intarsia.transformer.decoder.DecoderConfig;
import org.intarsia.transformer.decoder.DecoderConfig.Sizes;
import org.intarsia.transformer.decoder.LayerTypes;
import org.intarsia.transformer.decoder.LayerVariant;
import org.intarsia.transformer.decoder.Rotary;
import org.osgi.service.component.annotations.Component;

/**
 * Makes the transformer of models whose {@code model_type} is {@code mistral} (Jiang et al., 2023): a Llama whose layers all
 * attend within a window, unless {@code sliding_window} is null.
 */
@ProvidesComponent(kind = ProvidesComponent.TRANSFORMER_CORE, name = MistralCoreFactory.FAMILY,
        family = MistralCoreFactory.FAMILY)
@Component(service = ComponentFactory.OfTransformerCore.class)
public final class MistralCoreFactory extends TextCoreFactory {
    static final String FAMILY = "mistral";

    public MistralCoreFactory() {
        super(FAMILY, DecoderConfig.Defaults.ofText(1e-6, 10000, false,
                new Sizes(32000, 4096, 32, 32, 8, 0, 14336, 131072)), TextFormat.Style.of("Mistral").withDefaults(1, 2)
                .withTurns("[INST]", "", "[/INST]", "[INST]", "[/INST]"));
    }

    @Override
    public Set<String> follows() {
        return Qwen2CoreFactory.WINDOWS;
    }

    /** The reference has no biases, whatever a configuration says. */
    @Override
    public Block block(ConfigFile file, Sizes sizes, Block read) {
        return read.withBias(Block.Bias.NONE);
    }

    @Override
    public List<LayerVariant> layers(ConfigFile file, Sizes sizes, double theta) {
        int window = LayerTypes.window(file, 4096);
        // The reference does not read layer_types: all layers are alike.
        if (LayerTypes.read(file, sizes.layers(), layer -> window > 0).contains(window == 0)) {
            file.wrong("layer_types", "contradicts sliding_window: a model of this family has a window in all layers or in none");
        }
        Rotary rotary = Rotary.read(file, sizes.headDim(), sizes.context(), theta);
        return Collections.nCopies(sizes.layers(), window == 0 ? LayerVariant.full(rotary)
                : LayerVariant.sliding(rotary, window, sizes.context()));
    }
}
