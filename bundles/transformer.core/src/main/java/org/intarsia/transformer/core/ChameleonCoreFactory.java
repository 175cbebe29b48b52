package org.intarsia.transformer.core;

import java.util.Optional;
import org.intarsia.model.api.ComponentFactory;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.api.ProvidesComponent;
import org.intarsia.model.api.SpecialTokens;
import org.intarsia.model.api.TransformerCore;
import org.intarsia.model.blocks.ConfigFile;
import org.intarsia.model.blocks.Family;
import org.intarsia.model.blocks.Quantization;
import org.intarsia.transformer.decoder.Block;
import org.intarsia.transformer.decoder.DecoderConfig;
import org.intarsia.transformer.decoder.DecoderCore;
import org.intarsia.transformer.decoder.FamilyVariant;
import org.osgi.service.component.annotations.Component;

/**
 * Makes the transformer of models whose {@code model_type} is {@code chameleon}: Chameleon itself, Anole, which is
 * Chameleon with its picture output unlocked, and Lumina-mGPT.
 */
@ProvidesComponent(kind = ProvidesComponent.TRANSFORMER_CORE, name = ChameleonCoreFactory.FAMILY,
        family = ChameleonCoreFactory.FAMILY)
@Component(service = ComponentFactory.OfTransformerCore.class)
public final class ChameleonCoreFactory implements ComponentFactory.OfTransformerCore {
    static final String FAMILY = "chameleon";
    private static final DecoderConfig.Defaults DEFAULTS = new DecoderConfig.Defaults(4096, 1e-5, 10000);
    static final FamilyVariant VARIANT = new FamilyVariant() {
        @Override
        public Block block(ConfigFile file, DecoderConfig.Sizes sizes, Block read) {
            return read.withHeadNorm(Block.HeadNorm.LAYER);
        }
    };
    private static final DecoderCore.Names NAMES = new DecoderCore.Names("model", "lm_head", "logits_raw");

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
        DecoderConfig config = DecoderConfig.read(file, DEFAULTS, VARIANT);
        SpecialTokens tokens = ChameleonTokens.read(file, config.sizes().vocabulary());
        ChameleonFormat format = ChameleonFormat.read(files, file, tokens);
        file.check();
        return new DecoderCore(config, NAMES, files.weights(), format);
    }
}
