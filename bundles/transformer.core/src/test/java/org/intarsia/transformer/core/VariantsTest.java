package org.intarsia.transformer.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.intarsia.fixtures.InventedModel;
import org.intarsia.model.api.ModelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Refusals of configurations that ask for another computation. */
class VariantsTest {
    private static final String LLAMA = """
            {%s "model_type": "llama", "hidden_size": 16, "num_hidden_layers": 1, "intermediate_size": 8, "vocab_size": 11,
             "num_attention_heads": 2, "max_position_embeddings": 64}""";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "'attn_logit_softcapping': 50.0 | attn_logit_softcapping is not supported, and changes what the model computes",
        "'use_qk_norm': true | use_qk_norm is not supported, and changes what the model computes",
        "'num_local_experts': 8 | num_local_experts is not supported, and changes what the model computes",
        "'attention_multiplier': 0.015625 | attention_multiplier is not supported, and changes what the model computes",
        "'logit_scale': 0.0625 | logit_scale should be 1: other values are not supported, and change what the model computes",
        "'embedding_multiplier': 12.0 | embedding_multiplier should be 1: other values are not supported, and change what the"
                + " model computes",
        "'sliding_window': 32 | sliding_window should be absent: attention within a window is not supported",
        "'layer_types': ['sliding_attention'] | layer_types should be \"full_attention\" alone: other layers are not supported",
        "'hidden_act': 'gelu' | hidden_act should be \"silu\", not \"gelu\"",
        "'quantization_config': {'quant_method': 'gptq', 'bits': 4} | quantization_config says that the weights are quantised by"
                + " gptq, which is not supported; take the checkpoint that is not quantised, or a GGUF file",
        "'quantization_config': {'load_in_4bit': true} | quantization_config says that the weights are quantised by bitsandbytes,"
                + " which is not supported; take the checkpoint that is not quantised, or a GGUF file"})
    void refusesEach(String field, String complaint) {
        assertThatThrownBy(() -> create(field)).isInstanceOf(ModelException.class)
                .hasMessage("config.json of the model in invented cannot be used: " + complaint);
    }

    @ParameterizedTest
    @ValueSource(strings = {"'attn_logit_softcapping': null", "'use_qk_norm': false", "'num_experts': 0", "'logit_scale': 1.0",
        "'sliding_window': null", "'sliding_window': 64", "'sliding_window': 32, 'use_sliding_window': false",
        "'layer_types': ['full_attention']", "'hidden_act': 'swish'", "'quantization_config': null", "'no_rope_layers': []"})
    void acceptsWhatChangesNothing(String field) {
        assertThat(create(field)).isNotNull();
    }

    @Test
    void namesTheMethodOfAFileBesideTheConfiguration() {
        Map<String, String> files = new HashMap<>(Map.of("config.json", LLAMA.formatted(""), "quant_config.json", "{}"));
        assertThatThrownBy(() -> new LlamaCoreFactory().create(new InventedModel(files))).isInstanceOf(ModelException.class)
                .hasMessageContaining("quant_config.json beside it says that the weights are quantised by awq, which is not");
    }

    private static Object create(String field) {
        return new LlamaCoreFactory().create(new InventedModel(Map.of("config.json",
                LLAMA.formatted(field.replace('\'', '"') + ","))));
    }
}
