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
import org.intarsia.transformer.decoder.Block;
import org.intarsia.transformer.decoder.DecoderConfig;
import org.intarsia.transformer.decoder.DecoderConfig.Sizes;
import org.intarsia.transformer.decoder.DecoderCore;
import org.intarsia.transformer.decoder.Ends;
import org.intarsia.transformer.decoder.FamilyVariant;
import org.osgi.service.component.annotations.Component;

/**
 * Makes the transformer of Liquid (Wu et al., "Liquid: language models are scalable and unified multi-modal generators", 2024): a
 * Gemma (Gemma Team, 2024), whose last tokens are the codes of Chameleon's VQ-GAN.
 */
@ProvidesComponent(kind = ProvidesComponent.TRANSFORMER_CORE, name = LiquidCoreFactory.FAMILY, family = LiquidCoreFactory.FAMILY)
@Component(service = ComponentFactory.OfTransformerCore.class)
public final class LiquidCoreFactory implements ComponentFactory.OfTransformerCore, FamilyVariant {
    static final String FAMILY = "liquid";
    private static final DecoderConfig.Defaults DEFAULTS = DecoderConfig.Defaults.ofText(1e-6, 10000, true,
            new Sizes(256000, 3072, 28, 16, 16, 256, 24576, 8192));
    private static final DecoderCore.Names NAMES = new DecoderCore.Names("model", "lm_head", "logits");
    /** Published files mean the form with tanh by either name: see {@code GemmaConfig} in transformers. */
    private static final Set<String> GELU = Set.of("gelu", "gelu_pytorch_tanh");

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
        DecoderConfig config = DecoderConfig.read(file, DEFAULTS, this);
        LiquidFormat format = format(file, files, config.sizes().vocabulary());
        file.check();
        return new DecoderCore(config, NAMES, files.weights(), format);
    }

    private static LiquidFormat format(ConfigFile file, ModelFiles files, int vocabulary) {
        AddedTokens added = AddedTokens.read(files);
        int codes = file.at("vq_config").size("num_embeddings", 8192);
        int words = vocabulary - codes;
        int largest = IntStream.of(added.id(LiquidFormat.BEGIN), added.id(LiquidFormat.END), added.id(LiquidFormat.UNCONDITIONAL)).max()
                .getAsInt();
        if (largest >= words) {
            file.wrong("vocab_size", "(" + vocabulary + ") should be the words of tokenizer.json and behind them the " + codes
                    + " codes of the VQ-GAN; take the VQ-GAN that the model was trained with");
        }
        Set<Integer> ends = StreamEnds.read(files, file);
        if (ends.isEmpty()) {
            ends.add(1);
        }
        SpecialTokens tokens = new SpecialTokens(file.number("bos_token_id", 2), StreamEnds.first(ends), -1,
                added.id(LiquidFormat.BEGIN), added.id(LiquidFormat.END), -1, IntStream.range(words, vocabulary).toArray());
        return new LiquidFormat(tokens, ends, added.id(LiquidFormat.UNCONDITIONAL));
    }

    @Override
    public Block.Gate gate(ConfigFile file) {
        String name = file.has("hidden_activation") ? "hidden_activation" : "hidden_act";
        String activation = file.text(name, "gelu_pytorch_tanh");
        if (!GELU.contains(activation)) {
            file.wrong(name, "should be \"gelu_pytorch_tanh\", not \"" + activation + "\"");
        }
        return Block.Gate.GELU;
    }

    @Override
    public Block block(ConfigFile file, Sizes sizes, Block read) {
        return read.withUnitOffset(true);
    }

    @Override
    public Ends ends(ConfigFile file, Sizes sizes, Ends read) {
        return new Ends(Math.sqrt(sizes.hidden()), read.cap(), read.tied());
    }
}
