package org.intarsia.transformer.core;

import org.intarsia.model.api.ComponentFactory;
import org.intarsia.model.api.ProvidesComponent;
import org.intarsia.transformer.decoder.DecoderConfig;
import org.osgi.service.component.annotations.Component;

/**
 * Makes the transformer of models whose {@code model_type} is {@code llama}: text only, with grouped heads, the rotary
 * scaling of Llama 3.1, and scores from a matrix of their own or from the embeddings.
 */
@ProvidesComponent(kind = ProvidesComponent.TRANSFORMER_CORE, name = LlamaCoreFactory.FAMILY,
        family = LlamaCoreFactory.FAMILY)
@Component(service = ComponentFactory.OfTransformerCore.class)
public final class LlamaCoreFactory extends TextCoreFactory {
    static final String FAMILY = "llama";

    public LlamaCoreFactory() {
        super(FAMILY, new DecoderConfig.Defaults(2048, 1e-6, 10000), TextFormat.Style.of("Llama")
                // A talk's template writes the begin itself, whatever the tokenizer adds to a text.
                .withBegin().withTurns("<|start_header_id|>user<|end_header_id|>\n\n", "<|eot_id|>",
                        "<|start_header_id|>assistant<|end_header_id|>\n\n",
                        "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"));
    }
}
