package org.intarsia.transformer.core;

import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import org.intarsia.model.api.ComponentFactory;
import org.intarsia.model.api.ProvidesComponent;
import org.intarsia.model.blocks.ConfigFile;
import org.intarsia.transformer.decoder.Block;
import org.intarsia.transformer.decoder.DecoderConfig;
import org.intarsia.transformer.decoder.DecoderConfig.Sizes;
import org.intarsia.transformer.decoder.Ends;
import org.intarsia.transformer.decoder.LayerTypes;
import org.intarsia.transformer.decoder.LayerVariant;
import org.intarsia.transformer.decoder.Rotary;
import org.osgi.service.component.annotations.Component;

/**
 * Makes the transformer of models whose {@code model_type} is {@code gemma2} (Gemma Team, 2024): embeddings scaled by the
 * square root of their size, norms by 1 + weight in front of and behind each half of a layer, a GELU gate, capped scores in
 * attention and of tokens, and a window in every other layer.
 */
@ProvidesComponent(kind = ProvidesComponent.TRANSFORMER_CORE, name = Gemma2CoreFactory.FAMILY,
        family = Gemma2CoreFactory.FAMILY)
@Component(service = ComponentFactory.OfTransformerCore.class)
public final class Gemma2CoreFactory extends TextCoreFactory {
    static final String FAMILY = "gemma2";
    private static final String ATTENTION_CAP = "attn_logit_softcapping";
    private static final String SCALAR = "query_pre_attn_scalar";
    private static final String CAP = "final_logit_softcapping";
    static final Set<String> FOLLOWED = Set.of("sliding_window", "layer_types", ATTENTION_CAP, CAP, SCALAR);

    public Gemma2CoreFactory() {
        super(FAMILY, DecoderConfig.Defaults.ofText(1e-6, 10000, true,
                new Sizes(256000, 2304, 26, 8, 4, 256, 9216, 8192)), style("Gemma 2"));
    }

    static TextFormat.Style style(String name) {
        return TextFormat.Style.of(name).withDefaults(2, 1).withTurns("<start_of_turn>user\n", "<end_of_turn>",
                "\n<start_of_turn>model\n", "<start_of_turn>", "<end_of_turn>");
    }

    @Override
    public Set<String> follows() {
        return FOLLOWED;
    }

    @Override
    public Block.Gate gate(ConfigFile file) {
        return gelu(file);
    }

    /** Older files have {@code hidden_act} as well, which the reference does not read. */
    static Block.Gate gelu(ConfigFile file) {
        String activation = file.text("hidden_activation", "gelu_pytorch_tanh");
        if (!activation.equals("gelu_pytorch_tanh")) {
            file.wrong("hidden_activation", "should be \"gelu_pytorch_tanh\", not \"" + activation + "\"");
        }
        return Block.Gate.GELU;
    }

    @Override
    public Block block(ConfigFile file, Sizes sizes, Block read) {
        return gemma(file, read).withSoftCap(cap(file, ATTENTION_CAP, 50));
    }

    /** What Gemma 2 and 3 have alike. llama.cpp's converter adds the 1 to the weights of norms in GGUF files. */
    static Block gemma(ConfigFile file, Block read) {
        return read.withNorms(Block.Norms.AROUND).withUnitOffset(file.flag("rms_norm_unit_offset", true))
                .withScale(1 / Math.sqrt(file.positive(SCALAR, 256)));
    }

    @Override
    public Ends ends(ConfigFile file, Sizes sizes, Ends read) {
        return ends(file, sizes, read, 30);
    }

    static Ends ends(ConfigFile file, Sizes sizes, Ends read, double usualCap) {
        return new Ends(Math.sqrt(sizes.hidden()), cap(file, CAP, usualCap), read.tied());
    }

    /** A null means none; an absent field has the default of the reference. */
    private static double cap(ConfigFile file, String name, double whenAbsent) {
        return file.isNull(name) || whenAbsent == 0 && !file.has(name) ? 0 : file.positive(name, whenAbsent);
    }

    @Override
    public List<LayerVariant> layers(ConfigFile file, Sizes sizes, double theta) {
        Rotary rotary = Rotary.read(file, sizes.headDim(), sizes.context(), theta);
        return layers(file, sizes, layer -> layer % 2 == 0, rotary, rotary);
    }

    static List<LayerVariant> layers(ConfigFile file, Sizes sizes, IntPredicate slides, Rotary full, Rotary sliding) {
        int window = LayerTypes.window(file, 4096);
        List<Boolean> types = LayerTypes.read(file, sizes.layers(), slides);
        LayerTypes.check(file, types, window, "sliding_window is null");
        return types.stream().map(slide -> slide ? LayerVariant.sliding(sliding, window, sizes.context())
                : LayerVariant.full(full)).toList();
    }
}
