package org.intarsia.transformer.core;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.intarsia.model.api.ComponentFactory;
import org.intarsia.model.api.ProvidesComponent;
import org.intarsia.model.blocks.ConfigFile;
import org.intarsia.transformer.decoder.Block;
import org.intarsia.transformer.decoder.DecoderConfig;
import org.intarsia.transformer.decoder.DecoderConfig.Sizes;
import org.intarsia.transformer.decoder.Ends;
import org.intarsia.transformer.decoder.LayerVariant;
import org.intarsia.transformer.decoder.Rotary;
import org.osgi.service.component.annotations.Component;

/**
 * Makes the transformer of models whose {@code model_type} is {@code gemma3_text} (Gemma Team, 2025): a Gemma 2 with
 * normalised queries and keys, without caps, where one layer in six sees all tokens, and the others, with a rotary base of
 * their own, those of a window.
 */
@ProvidesComponent(kind = ProvidesComponent.TRANSFORMER_CORE, name = Gemma3CoreFactory.FAMILY,
        family = Gemma3CoreFactory.FAMILY)
@Component(service = ComponentFactory.OfTransformerCore.class)
public final class Gemma3CoreFactory extends TextCoreFactory {
    static final String FAMILY = "gemma3_text";

    public Gemma3CoreFactory() {
        super(FAMILY, DecoderConfig.Defaults.ofText(1e-6, 1_000_000, true,
                new Sizes(262208, 2304, 26, 8, 4, 256, 9216, 131072)), Gemma2CoreFactory.style("Gemma 3"));
    }

    @Override
    public Set<String> follows() {
        // The reference has a field for the cap of attention, too, and does not apply it in this family.
        return Gemma2CoreFactory.FOLLOWED;
    }

    @Override
    public Block.Gate gate(ConfigFile file) {
        return Gemma2CoreFactory.gelu(file);
    }

    @Override
    public Block block(ConfigFile file, Sizes sizes, Block read) {
        return Gemma2CoreFactory.gemma(file, read).withHeadNorm(Block.HeadNorm.RMS);
    }

    @Override
    public Ends ends(ConfigFile file, Sizes sizes, Ends read) {
        return Gemma2CoreFactory.ends(file, sizes, read, 0);
    }

    @Override
    public List<LayerVariant> layers(ConfigFile file, Sizes sizes, double theta) {
        int pattern = file.size("sliding_window_pattern", 6);
        Map<String, Rotary> rotaries = Rotary.readByType(file, sizes.headDim(), sizes.context(), theta, 10000);
        return Gemma2CoreFactory.layers(file, sizes, layer -> (layer + 1) % pattern != 0, rotaries.get(LayerVariant.FULL),
                rotaries.get(LayerVariant.SLIDING));
    }
}
