package org.intarsia.transformer.core;

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
 * Makes the transformer of models whose {@code model_type} is {@code qwen2}: Qwen2 and Qwen2.5 (Yang et al., 2024). Queries,
 * keys and values have biases; upper layers may attend within a window.
 */
@ProvidesComponent(kind = ProvidesComponent.TRANSFORMER_CORE, name = Qwen2CoreFactory.FAMILY, family = Qwen2CoreFactory.FAMILY)
@Component(service = ComponentFactory.OfTransformerCore.class)
public final class Qwen2CoreFactory extends TextCoreFactory {
    static final String FAMILY = "qwen2";
    static final Set<String> WINDOWS = Set.of("sliding_window", "layer_types");

    public Qwen2CoreFactory() {
        super(FAMILY, DecoderConfig.Defaults.ofText(1e-6, 10000, false,
                new Sizes(151936, 4096, 32, 32, 32, 0, 22016, 32768)), style("Qwen2"));
    }

    /** ChatML. */
    static TextFormat.Style style(String name) {
        return TextFormat.Style.of(name).withTurns("<|im_start|>user\n", "<|im_end|>", "\n<|im_start|>assistant\n",
                "<|im_start|>", "<|im_end|>");
    }

    @Override
    public Set<String> follows() {
        return WINDOWS;
    }

    @Override
    public Block block(ConfigFile file, Sizes sizes, Block read) {
        return read.withBias(Block.Bias.INPUTS);
    }

    @Override
    public List<LayerVariant> layers(ConfigFile file, Sizes sizes, double theta) {
        return windows(file, sizes, Rotary.read(file, sizes.headDim(), sizes.context(), theta), 28);
    }

    /**
     * Layers from {@code max_window_layers} on have a window where {@code use_sliding_window} says so.
     *
     * @param firstWindow of {@code max_window_layers}, where it is absent
     */
    static List<LayerVariant> windows(ConfigFile file, Sizes sizes, Rotary rotary, int firstWindow) {
        boolean used = file.flag("use_sliding_window", false);
        int window = used ? LayerTypes.window(file, 4096) : 0;
        int first = file.number("max_window_layers", firstWindow);
        List<Boolean> sliding = LayerTypes.read(file, sizes.layers(), layer -> window > 0 && layer >= first);
        LayerTypes.check(file, sliding, window, used ? "sliding_window is null" : "use_sliding_window is not true");
        return sliding.stream().map(slides -> slides ? LayerVariant.sliding(rotary, window, sizes.context())
                : LayerVariant.full(rotary)).toList();
    }
}
