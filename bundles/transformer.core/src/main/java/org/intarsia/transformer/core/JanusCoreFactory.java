package org.intarsia.transformer.core;

import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.intarsia.model.api.ComponentFactory;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.api.ProvidesComponent;
import org.intarsia.model.api.SpecialTokens;
import org.intarsia.model.api.TransformerCore;
import org.intarsia.model.blocks.AddedTokens;
import org.intarsia.model.blocks.ConfigFile;
import org.intarsia.model.blocks.Family;
import org.intarsia.model.blocks.Quantization;
import org.intarsia.transformer.decoder.DecoderConfig;
import org.intarsia.transformer.decoder.DecoderCore;
import org.intarsia.transformer.decoder.FamilyVariant;
import org.osgi.service.component.annotations.Component;

/** Makes the transformer of models whose {@code model_type} is {@code janus}: Janus and Janus-Pro. */
@ProvidesComponent(kind = ProvidesComponent.TRANSFORMER_CORE, name = JanusCoreFactory.FAMILY,
        family = JanusCoreFactory.FAMILY)
@Component(service = ComponentFactory.OfTransformerCore.class)
public final class JanusCoreFactory implements ComponentFactory.OfTransformerCore {
    static final String FAMILY = "janus";
    private static final int MOST_LAYERS = 1000;
    private static final DecoderConfig.Defaults DEFAULTS = new DecoderConfig.Defaults(1e-6, 10000,
            new DecoderConfig.Sizes(32000, 4096, 32, 32, 32, 0, 11008, 2048));
    private static final DecoderCore.Names NAMES = new DecoderCore.Names("model.language_model", "lm_head", "logits");

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
        DecoderConfig config = DecoderConfig.read(file, file.at("text_config"), DEFAULTS, FamilyVariant.LLAMA);
        ConfigFile vq = file.at("vq_config");
        JanusCore.Sizes sizes = new JanusCore.Sizes(config.sizes().vocabulary(), config.sizes().hidden(), vq.size("num_embeddings", 16384),
                vq.size("embed_dim", 8), vq.sizeUpTo(MOST_LAYERS, "num_hidden_layers", 2));
        if (vq.size("projection_dim", 2048) != config.sizes().hidden()) {
            vq.wrong("projection_dim", "should be text_config.hidden_size, which is " + config.sizes().hidden());
        }
        if (!vq.text("hidden_act", "gelu").equals("gelu")) {
            vq.wrong("hidden_act", "should be \"gelu\", not \"" + vq.text("hidden_act", "") + "\"");
        }
        JanusFormat format = format(file, files, sizes);
        file.check();
        DecoderCore language = new DecoderCore(config, NAMES, files.weights(), format);
        return new JanusCore(language, sizes, files.weights(), format);
    }

    private static JanusFormat format(ConfigFile file, ModelFiles files, JanusCore.Sizes sizes) {
        ConfigFile text = file.at("text_config");
        AddedTokens added = AddedTokens.read(files);
        Set<Integer> ends = StreamEnds.read(files, file, text);
        if (ends.isEmpty()) {
            ends.add(added.id("<｜end▁of▁sentence｜>"));
        }
        SpecialTokens tokens = new SpecialTokens(
                text.number("bos_token_id", added.id("<｜begin▁of▁sentence｜>")), StreamEnds.first(ends), -1,
                added.id("<begin_of_image>"), added.id("<end_of_image>"),
                file.number("image_token_id", added.id("<image_placeholder>")),
                IntStream.range(sizes.words(), sizes.words() + sizes.codes()).toArray());
        return new JanusFormat(tokens, ends, text.number("pad_token_id", added.id("<｜▁pad▁｜>")), sizes.hidden());
    }
}
