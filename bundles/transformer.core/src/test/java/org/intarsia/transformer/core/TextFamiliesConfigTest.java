package org.intarsia.transformer.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.intarsia.fixtures.InventedModel;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.TensorType;
import org.intarsia.graph.op.Attention;
import org.intarsia.model.api.KeyValueCache;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.TransformerCore;
import org.intarsia.model.blocks.ConfigFile;
import org.intarsia.transformer.decoder.DecoderConfig;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What text families read of a configuration: windows, caps and scales by layer, defaults, refusals. */
class TextFamiliesConfigTest {
    private static final List<TextCoreFactory> FACTORIES = List.of(new LlamaCoreFactory(), new Qwen2CoreFactory(),
            new Qwen3CoreFactory(), new MistralCoreFactory(), new Gemma2CoreFactory(), new Gemma3CoreFactory());
    private static final String CONFIG = """
            {%s "model_type": "%s", "hidden_size": 16, "num_hidden_layers": 4, "intermediate_size": 8, "vocab_size": 11,
             "num_attention_heads": 2, "num_key_value_heads": 1, "max_position_embeddings": 64}""";

    /** The defaults are those of the configuration classes of transformers 5.18. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "qwen2 |  | 0 0 0 0",
        "qwen2 | 'sliding_window': 8, | 0 0 0 0",
        "qwen2 | 'use_sliding_window': true, | 0 0 0 0",
        "qwen2 | 'use_sliding_window': true, 'sliding_window': 8, | 0 0 0 0",
        "qwen2 | 'use_sliding_window': true, 'sliding_window': 8, 'max_window_layers': 3, | 0 0 0 8",
        "qwen2 | 'use_sliding_window': true, 'sliding_window': null, 'max_window_layers': 0, | 0 0 0 0",
        "qwen3 | 'use_sliding_window': true, 'sliding_window': 8, 'max_window_layers': 0, | 8 8 8 8",
        "qwen3 | 'use_sliding_window': true, 'sliding_window': 64, 'max_window_layers': 0, | 0 0 0 0",
        "qwen3 | 'use_sliding_window': true, 'sliding_window': 9, 'layer_types': ['sliding_attention', 'full_attention',"
                + " 'full_attention', 'sliding_attention'], | 9 0 0 9",
        "mistral |  | 0 0 0 0",
        "mistral | 'sliding_window': 8, | 8 8 8 8",
        "mistral | 'sliding_window': null, | 0 0 0 0",
        "gemma2 | 'sliding_window': 8, | 8 0 8 0",
        "gemma2 | 'sliding_window': 8, 'layer_types': ['full_attention', 'full_attention', 'full_attention',"
                + " 'sliding_attention'], | 0 0 0 8",
        "gemma3_text | 'sliding_window': 8, | 8 8 8 8",
        "gemma3_text | 'sliding_window': 8, 'sliding_window_pattern': 3, | 8 8 0 8"})
    void layersHaveWindows(String family, String fields, String windows) {
        assertThat(attentions(family, fields).stream().map(Attention::window).toList())
                .isEqualTo(List.of(windows.split(" ")).stream().map(Integer::valueOf).toList());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "gemma2 |  | 50 | 0.0625",
        "gemma2 | 'attn_logit_softcapping': null, 'query_pre_attn_scalar': 16, | 0 | 0.25",
        "gemma2 | 'attn_logit_softcapping': 7.5, | 7.5 | 0.0625",
        "gemma3_text | 'query_pre_attn_scalar': 4, | 0 | 0.5",
        "gemma3_text | 'attn_logit_softcapping': 7.5, | 0 | 0.0625",
        "qwen3 | 'head_dim': 4, | 0 | 0.5",
        "mistral | 'head_dim': null, | 0 | 0.35355339059327373"})
    void attentionHasACapAndAScale(String family, String fields, double cap, double scale) {
        assertThat(attentions(family, fields)).allSatisfy(attention -> {
            assertThat(attention.softCap()).isEqualTo(cap);
            assertThat(attention.scale()).isEqualTo(scale);
        });
    }

    @ParameterizedTest
    @CsvSource({"qwen2, 151936, 32768, 32, 32, 128, 4096", "qwen3, 151936, 32768, 32, 32, 128, 4096",
        "mistral, 32000, 131072, 32, 8, 128, 4096", "gemma2, 256000, 8192, 26, 4, 256, 2304",
        "gemma3_text, 262208, 131072, 26, 4, 256, 2304"})
    void sizesHaveTheDefaultsOfTheReference(String family, int vocabulary, int context, int layers, int keyHeads, int headDim,
            int hidden) {
        TextCoreFactory factory = factory(family);
        InventedModel model = new InventedModel(Map.of("config.json", "{\"model_type\": \"" + family + "\"}"));
        DecoderConfig.Sizes sizes = factory.config(ConfigFile.read(model, "config.json")).sizes();
        assertThat(List.of(sizes.vocabulary(), sizes.context(), sizes.layers(), sizes.keyHeads(), sizes.headDim(), sizes.hidden()))
                .containsExactly(vocabulary, context, layers, keyHeads, headDim, hidden);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "qwen2 | 'use_mrope': true, | use_mrope is not supported, and changes what the model computes",
        "qwen2 | 'layer_types': ['full_attention', 'full_attention', 'full_attention', 'sliding_attention'], |"
                + " layer_types asks for \"sliding_attention\", but use_sliding_window is not true",
        "qwen3 | 'layer_types': ['full_attention'], | layer_types should name \"full_attention\" or \"sliding_attention\" for each"
                + " of the 4 layers; other layers are not supported",
        "qwen3 | 'layer_types': ['chunked_attention', 'full_attention', 'full_attention', 'full_attention'], | layer_types should"
                + " name \"full_attention\" or \"sliding_attention\" for each of the 4 layers; other layers are not supported",
        "qwen3 | 'query_pre_attn_scalar': 256, | query_pre_attn_scalar is not supported, and changes what the model computes",
        "mistral | 'layer_types': ['full_attention', 'full_attention', 'full_attention', 'sliding_attention'], 'sliding_window': 8, |"
                + " layer_types contradicts sliding_window: a model of this family has a window in all layers or in none",
        "gemma2 | 'hidden_activation': 'gelu', | hidden_activation should be \"gelu_pytorch_tanh\", not \"gelu\"",
        "gemma2 | 'sliding_window': null, | layer_types asks for \"sliding_attention\", but sliding_window is null",
        "gemma3_text | 'use_bidirectional_attention': true, | use_bidirectional_attention is not supported, and changes what the"
                + " model computes",
        "gemma3_text | 'rope_parameters': {'rope_theta': 7}, | rope_parameters.rope_theta is not supported beside an object for each"
                + " type of layer, and may change the positions of tokens"})
    void refusesWhatItDoesNotFollow(String family, String fields, String complaint) {
        assertThatThrownBy(() -> create(family, fields)).isInstanceOf(ModelException.class)
                .hasMessage("config.json of the model in invented cannot be used: " + complaint);
    }

    private static TextCoreFactory factory(String family) {
        return FACTORIES.stream().filter(factory -> factory.name().equals(family)).findFirst().orElseThrow();
    }

    private static TransformerCore create(String family, String fields) {
        String text = fields == null ? "" : fields.replace('\'', '"');
        return factory(family).create(new InventedModel(Map.of("config.json", CONFIG.formatted(text, family))));
    }

    /** What each layer asks of the cache. */
    private static List<Attention> attentions(String family, String fields) {
        TransformerCore core = create(family, fields);
        Attention[] asked = new Attention[core.geometry().layers()];
        GraphBuilder graph = new GraphBuilder();
        TensorType type = TensorType.i32(1, 3);
        core.hidden(graph, core.embed(graph, graph.input("ids", type)), graph.iota(type, 1),
                (builder, layer, q, k, v, position, attention) -> {
                    asked[layer] = attention;
                    return KeyValueCache.none().attend(builder, layer, q, k, v, position, attention);
                });
        return IntStream.range(0, asked.length).mapToObj(layer -> asked[layer]).toList();
    }
}
