package org.intarsia.transformer.core;

import java.util.Optional;
import org.intarsia.model.api.ComponentFactory;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.api.ProvidesComponent;
import org.intarsia.model.api.TransformerCore;
import org.intarsia.model.blocks.ConfigFile;
import org.intarsia.model.blocks.Family;
import org.intarsia.model.blocks.Quantization;
import org.intarsia.transformer.decoder.DecoderConfig;
import org.intarsia.transformer.decoder.DecoderCore;
import org.intarsia.transformer.decoder.FamilyVariant;
import org.osgi.service.component.annotations.Component;

/** Makes the transformer of models whose {@code model_type} is {@code emu3}: a Llama over text and picture codes. */
@ProvidesComponent(kind = ProvidesComponent.TRANSFORMER_CORE, name = Emu3CoreFactory.FAMILY, family = Emu3CoreFactory.FAMILY)
@Component(service = ComponentFactory.OfTransformerCore.class)
public final class Emu3CoreFactory implements ComponentFactory.OfTransformerCore {
    static final String FAMILY = "emu3";
    private static final DecoderConfig.Defaults DEFAULTS = new DecoderConfig.Defaults(1e-5, 1_000_000,
            new DecoderConfig.Sizes(184622, 4096, 32, 32, 8, 0, 14336, 9216));
    private static final DecoderCore.Names NAMES = new DecoderCore.Names("text_model.model", "text_model.lm_head", "logits");

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
        ConfigFile text = file.at("text_config");
        DecoderConfig config = DecoderConfig.read(file, text, DEFAULTS, FamilyVariant.LLAMA);
        Emu3Format format = Emu3Format.read(file, text, config.sizes().vocabulary(), files);
        file.check();
        return new DecoderCore(config, NAMES, files.weights(), format);
    }
}
