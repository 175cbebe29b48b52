package org.intarsia.transformer.core;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.intarsia.model.api.ComponentFactory;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.api.ProvidesComponent;
import org.intarsia.model.api.SpecialTokens;
import org.intarsia.model.api.TransformerCore;
import org.intarsia.model.blocks.AddedTokens;
import org.intarsia.model.blocks.ConfigFile;
import org.intarsia.model.blocks.Family;
import org.intarsia.model.blocks.Quantization;
import org.intarsia.transformer.decoder.Block;
import org.intarsia.transformer.decoder.DecoderConfig;
import org.intarsia.transformer.decoder.DecoderConfig.Sizes;
import org.intarsia.transformer.decoder.DecoderCore;
import org.intarsia.transformer.decoder.FamilyVariant;
import org.intarsia.transformer.decoder.LayerVariant;
import org.intarsia.transformer.decoder.Rotary;
import org.osgi.service.component.annotations.Component;

/**
 * Makes the transformer of models whose {@code model_type} is {@code qwen2_5_vl} (Bai et al., "Qwen2.5-VL", 2025): a Qwen2 that
 * sees pictures as features, each at its row and column.
 */
@ProvidesComponent(kind = ProvidesComponent.TRANSFORMER_CORE, name = Qwen25VlCoreFactory.FAMILY,
        family = Qwen25VlCoreFactory.FAMILY)
@Component(service = ComponentFactory.OfTransformerCore.class)
public final class Qwen25VlCoreFactory implements ComponentFactory.OfTransformerCore, FamilyVariant {
    static final String FAMILY = "qwen2_5_vl";
    private static final DecoderConfig.Defaults DEFAULTS = DecoderConfig.Defaults.ofText(1e-5, 1_000_000, false,
            new Sizes(152064, 8192, 80, 64, 8, 0, 29568, 32768));
    private static final DecoderCore.Names NAMES = new DecoderCore.Names("model", "lm_head", "logits");

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
        DecoderConfig config = DecoderConfig.read(file, text, DEFAULTS, this);
        Qwen25VlFormat format = format(file, text, files, config);
        file.check();
        return new DecoderCore(config, NAMES, files.weights(), format);
    }

    private static Qwen25VlFormat format(ConfigFile file, ConfigFile text, ModelFiles files, DecoderConfig config) {
        AddedTokens added = AddedTokens.read(files);
        Set<Integer> ends = StreamEnds.read(files, text, file);
        if (ends.isEmpty()) {
            ends.add(151645);
        }
        SpecialTokens tokens = new SpecialTokens(text.number("bos_token_id", -1), StreamEnds.first(ends), -1,
                file.number("vision_start_token_id", 151652), file.number("vision_end_token_id", 151653),
                file.number("image_token_id", 151655), new int[0]);
        return new Qwen25VlFormat(tokens, ends, config.sizes().hidden(), Qwen25VlFormat.MARKS.stream().allMatch(added::has));
    }

    @Override
    public Set<String> follows() {
        return Qwen2CoreFactory.WINDOWS;
    }

    @Override
    public Block block(ConfigFile file, Sizes sizes, Block read) {
        return read.withBias(Block.Bias.INPUTS);
    }

    @Override
    public List<LayerVariant> layers(ConfigFile file, Sizes sizes, double theta) {
        Rotary rotary = Rotary.readSections(file, sizes.headDim(), sizes.context(), theta);
        return Qwen2CoreFactory.windows(file, sizes, rotary, 80);
    }
}
