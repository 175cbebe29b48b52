package org.example.gpt2.family;

import java.util.Optional;
import org.intarsia.model.api.ComponentFactory;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.api.ProvidesComponent;
import org.intarsia.model.api.TransformerCore;
import org.intarsia.model.blocks.ConfigFile;
import org.intarsia.model.blocks.Family;
import org.intarsia.model.blocks.TextStreams;
import org.osgi.service.component.annotations.Component;

/** Makes the transformer of a model, or says why it cannot. */
@ProvidesComponent(kind = ProvidesComponent.TRANSFORMER_CORE, name = "gpt2", family = "gpt2")
@Component(service = ComponentFactory.OfTransformerCore.class)
public final class Gpt2CoreFactory implements ComponentFactory.OfTransformerCore {

    @Override
    public String name() {
        return "gpt2";
    }

    @Override
    public Optional<String> refuses(ModelFiles files) {
        return Family.refuses(files, "gpt2");
    }

    @Override
    public TransformerCore create(ModelFiles files) {
        ConfigFile config = ConfigFile.read(files, "config.json");
        int hidden = config.size("n_embd", 768);
        Gpt2Core.Sizes sizes = new Gpt2Core.Sizes(config.size("vocab_size", 50257), config.size("n_positions", 1024), hidden,
                config.size("n_layer", 12), config.size("n_head", 12), config.size("n_inner", 4 * hidden),
                config.positive("layer_norm_epsilon", 1e-5));
        if (hidden % sizes.heads() != 0) {
            config.wrong("n_head", "(" + sizes.heads() + ") should divide n_embd (" + hidden + ")");
        }
        only(config, "activation_function", config.text("activation_function", "gelu_new").equals("gelu_new"), "\"gelu_new\"");
        only(config, "scale_attn_weights", config.flag("scale_attn_weights", true), "true");
        only(config, "scale_attn_by_inverse_layer_idx", !config.flag("scale_attn_by_inverse_layer_idx", false), "false");
        only(config, "add_cross_attention", !config.flag("add_cross_attention", false), "false");
        only(config, "tie_word_embeddings", config.flag("tie_word_embeddings", true), "true");
        TextStreams format = TextStreams.read("GPT-2", config);
        config.check();
        return new Gpt2Core(sizes, files.weights(), format);
    }

    /** What changes the mathematics and is not computed here is refused. */
    private static void only(ConfigFile config, String key, boolean holds, String value) {
        if (!holds) {
            config.wrong(key, "should be " + value);
        }
    }
}
