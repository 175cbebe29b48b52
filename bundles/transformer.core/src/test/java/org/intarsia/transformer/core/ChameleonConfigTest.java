package org.intarsia.transformer.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.intarsia.fixtures.Fixture;
import org.intarsia.fixtures.InventedModel;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.model.api.KeyValueCache;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.api.TransformerCore;
import org.intarsia.model.blocks.ConfigFile;
import org.intarsia.transformer.decoder.DecoderConfig;
import org.intarsia.transformer.decoder.DecoderCore;
import org.intarsia.weights.Tensor;
import org.intarsia.weights.Weights;
import org.intarsia.weights.WeightsException;
import org.junit.jupiter.api.Test;

/** What the configuration decides, and what is said about one that is wrong. */
class ChameleonConfigTest {
    private static final String TOKENS = """
            {"<s>": 0, "</s>": 1, "<reserved08706>": 2, "<racm3:break>": 3, "<eoss>": 4, "<image>": 5, "a": 6,
             "IMGIMGBZ": 7, "IMGIMGAZ": 9, "IMGIMGCZ": 8}""";

    @Test
    void findsTheTokenOfEachCodeByItsName() {
        assertThat(core(config("")).format().tokens().pictureIds()).containsExactly(9, 7, 8);
    }

    @Test
    void hasTheSizesOfItsConfiguration() {
        assertThat(core(config("")).geometry()).isEqualTo(new TransformerCore.Geometry(11, 4096, 2, 1, 4, 12));
    }

    @Test
    void takesTheScoresOfTheTokensFromTheEmbeddingsWhenTheyAreTied() {
        InventedModel tied = config("\"tie_word_embeddings\": true,");
        double[] expected = logits(tied);
        Tensor embeddings = tied.get("model.embed_tokens.weight");
        InventedModel untied = config("").with("lm_head.weight", embeddings.shape(), embeddings.floats());
        assertThat(logits(untied)).containsExactly(expected);
        assertThat(tied.names()).doesNotContain("lm_head.weight");
    }

    @Test
    void takesTheScoresFromTheirOwnMatrixWhereTheCheckpointHasOne() {
        InventedModel untied = config("");
        double[] expected = logits(untied);
        InventedModel tied = config("\"tie_word_embeddings\": true,");
        untied.names().forEach(name -> tied.with(name, untied.get(name).shape(), untied.get(name).floats()));
        assertThat(logits(tied)).containsExactly(expected);
    }

    @Test
    void embedsThroughTheMatrixOfTheScoresWhereTheyAreTiedAndItAloneIsStored() {
        List<Tensor> tensors = new ArrayList<>();
        InventedModel tied = config("\"tie_word_embeddings\": true,");
        logits(tied);
        tied.names().forEach(name -> tensors.add(name.equals("model.embed_tokens.weight")
                ? tied.get(name).named("lm_head.weight") : tied.get(name)));
        assertThat(new DecoderCore(DecoderConfig.read(ConfigFile.read(tied, "config.json"),
                new DecoderConfig.Defaults(4096, 1e-5, 10000), ChameleonCoreFactory.VARIANT), new DecoderCore.Names("model", "lm_head", "logits"),
                Weights.of(tensors), core(tied).format()).geometry()).isEqualTo(core(tied).geometry());
    }

    @Test
    void addsBiasesWhereTheConfigurationHasThem() {
        InventedModel biased = config("\"attention_bias\": true, \"mlp_bias\": true,");
        double[] with = logits(biased);
        assertThat(with).isNotEqualTo(logits(config("")));
        InventedModel zero = config("\"attention_bias\": true, \"mlp_bias\": true,");
        biased.names().stream().filter(name -> name.endsWith("proj.bias")).forEach(name -> {
            Shape shape = biased.get(name).shape();
            zero.with(name, shape, new float[Math.toIntExact(shape.elements())]);
        });
        assertThat(zero.names()).hasSize(2 * 7);
        assertThat(logits(zero)).containsExactly(logits(config("")));
    }

    @Test
    void normsStandWhereTheConfigurationPutsThem() {
        assertThat(logits(config("\"swin_norm\": true,"))).isNotEqualTo(logits(config("")));
    }

    @Test
    void namesEveryFieldThatIsMissingOrInvalid() {
        assertThatThrownBy(() -> core(new InventedModel(Map.of("config.json", """
                {"hidden_size": "many", "num_attention_heads": 0, "rms_norm_eps": -1, "swin_norm": 3,
                 "hidden_act": "gelu", "rope_scaling": {"type": "spiral"}, "vocab_size": 5,
                 "vocabulary_map": {"<s>": 0, "x": -4, "</s>": 7}, "vq_config": {"num_embeddings": 4}}"""))))
                .isInstanceOf(ModelException.class)
                .hasMessage("config.json of the model in invented cannot be used: "
                        + "num_attention_heads should be a whole number of at least 1, not 0; "
                        + "hidden_size should be a whole number of at least 1, not \"many\"; "
                        + "num_hidden_layers is missing; "
                        + "intermediate_size is missing; "
                        + "rms_norm_eps should be a number above 0, not -1; "
                        + "rope_scaling.rope_type should be \"default\", \"linear\", \"dynamic\", \"llama3\" or \"yarn\"; \"spiral\" is not"
                        + " supported; "
                        + "swin_norm should be true or false, not 3; "
                        + "hidden_act should be \"silu\", not \"gelu\"; "
                        + "vocabulary_map.x should be a whole number of at least 0, not -4; "
                        + "vocabulary_map has the id 7, but vocab_size is 5; "
                        + "vocabulary_map has no token <reserved08706>; "
                        + "vocabulary_map has no token <racm3:break>; "
                        + "vocabulary_map has no token <eoss>; "
                        + "vocabulary_map has no token <image>; "
                        + "vocabulary_map names 0 picture codes, but vq_config.num_embeddings is 4");
    }

    @Test
    void refusesSizesThatWouldFillTheMemoryBeforeAWeightIsLookedFor() {
        assertThatThrownBy(() -> core(new InventedModel(Map.of("config.json", "{\"num_hidden_layers\": 2147483647}"))))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("; num_hidden_layers should be at most 1000, not 2147483647;");
        assertThatThrownBy(() -> core(config("\"head_dim\": 2147483646,"))).isInstanceOf(ModelException.class)
                .hasMessageEndingWith("cannot be used: head_dim gives heads of 2147483646, and should of at most 65536");
        assertThatThrownBy(() -> core(config("\"head_dim\": 65536, \"num_attention_heads\": 65536,")))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("num_attention_heads (65536) of 65536 each should make at most 16777216");
    }

    @Test
    void saysWhenHeadsDoNotFit() {
        assertThatThrownBy(() -> core(config("\"num_attention_heads\": 5,"))).isInstanceOf(ModelException.class)
                .hasMessage("config.json of the model in invented cannot be used: "
                        + "num_attention_heads (5) should share hidden_size (12) out in heads of one even size");
        assertThatThrownBy(() -> core(config("\"num_key_value_heads\": 2,"))).isInstanceOf(ModelException.class)
                .hasMessage("config.json of the model in invented cannot be used: "
                        + "num_key_value_heads (2) should divide num_attention_heads (3)");
    }

    @Test
    void saysWhenThereIsNoConfigurationOrNoJson() {
        assertThatThrownBy(() -> core(new InventedModel(Map.of()))).isInstanceOf(ModelException.class)
                .hasMessage("the model in invented has no config.json, which says what it is made of");
        assertThatThrownBy(() -> core(new InventedModel(Map.of("config.json", "{\"hidden_size\": 12,\n  oops}"))))
                .isInstanceOf(ModelException.class)
                .hasMessageStartingWith("config.json of the model in invented is no valid JSON: ")
                .hasMessageContaining("in line 2");
    }

    @Test
    void namesEveryWeightThatIsMissingMisshapenOrLeftOver() {
        try (Fixture fixture = Fixture.open("chameleon-7b")) {
            List<Tensor> tensors = new ArrayList<>();
            for (String name : fixture.weights().names()) {
                if (!name.equals("model.norm.weight") && !name.endsWith("1.self_attn.q_norm.bias")) {
                    tensors.add(fixture.weights().get(name));
                }
            }
            tensors.removeIf(tensor -> tensor.name().equals("lm_head.weight"));
            tensors.add(Tensor.of("lm_head.weight", Shape.of(2, 2), new float[4]));
            tensors.add(Tensor.of("model.layers.3.mlp.up_proj.weight", Shape.of(1), new float[1]));
            tensors.add(Tensor.of("model.layers.0.self_attn.rotary_emb.inv_freq", Shape.of(1), new float[1]));
            assertThatThrownBy(() -> core(fixture.with(Weights.of(tensors))))
                    .isInstanceOf(WeightsException.class)
                    .hasMessage("the checkpoint does not fit its config.json: "
                            + "2 missing: model.layers.1.self_attn.q_norm.bias, model.norm.weight; "
                            + "1 misshapen: lm_head.weight is (2, 2) but should be (463, 64); "
                            + "1 not known to this model: model.layers.3.mlp.up_proj.weight");
        }
    }

    @Test
    void servesItsOwnFamilyOnly() {
        ChameleonCoreFactory factory = new ChameleonCoreFactory();
        try (Fixture fixture = Fixture.open("chameleon-7b")) {
            assertThat(factory.refuses(fixture)).isEmpty();
        }
        assertThat(factory.refuses(new InventedModel(Map.of("config.json", "{\"model_type\": \"llama\"}"))))
                .contains("it is made for model_type 'chameleon', not 'llama'");
    }

    /** Three heads of four that share one head of keys, and sizes that no fixture has. */
    private static InventedModel config(String fields) {
        Map<String, String> sizes = new HashMap<>(Map.of("num_attention_heads", "3", "num_key_value_heads", "1"));
        sizes.keySet().removeIf(fields::contains);
        StringBuilder rest = new StringBuilder();
        sizes.forEach((name, size) -> rest.append('"').append(name).append("\": ").append(size).append(", "));
        return new InventedModel(Map.of("config.json", "{" + fields + rest + """
                "model_type": "chameleon", "hidden_size": 12, "num_hidden_layers": 2, "intermediate_size": 10,
                "vocab_size": 11, "vocabulary_map": %s}""".formatted(TOKENS)));
    }

    private static TransformerCore core(ModelFiles model) {
        return new ChameleonCoreFactory().create(model);
    }

    private static double[] logits(InventedModel model) {
        TransformerCore core = core(model);
        GraphBuilder graph = new GraphBuilder();
        Node ids = graph.input("ids", TensorType.i32(2, 5));
        Node position = graph.input("position", TensorType.i32(2, 5));
        Node logits = core.logits(graph, core.hidden(graph, core.embed(graph, ids), position, KeyValueCache.none()),
                TransformerCore.Head.TEXT);
        assertThat(logits.shape()).isEqualTo(Shape.of(2, 5, core.geometry().vocabulary()));
        double[] places = IntStream.range(0, 10).mapToDouble(i -> i % 5).toArray();
        return model.run(graph.build(Map.of("logits", logits)),
                Map.of("ids", new double[] {0, 6, 3, 9, 7, 8, 4, 6, 10, 2}, "position", places)).get("logits");
    }
}
