package org.intarsia.transformer.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.intarsia.fixtures.InventedModel;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Interpreter;
import org.intarsia.graph.Node;
import org.intarsia.graph.TensorType;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.blocks.ConfigFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Frequencies as transformers 5.18 computes them ({@code modeling_rope_utils.py}), for heads of 16 and a context of 512. */
class RotaryTest {
    private static final double[] UNSCALED = {1, 0.193922758102417, 0.03760603070259094, 0.00729266507551074,
        0.001414213445968926, 0.00027424818836152554, 5.318296462064609e-05, 1.0313385246263351e-05};
    private static final double[] LINEAR = {0.25, 0.04848068952560425, 0.009401507675647736, 0.001823166268877685,
        0.0003535533614922315, 6.856204709038138e-05, 1.3295741155161522e-05, 2.578346311565838e-06};
    private static final double[] LLAMA3 = {1, 0.193922758102417, 0.02734413556754589, 0.0009115831344388425,
        0.00017677668074611574, 3.428102354519069e-05, 6.647870577580761e-06, 1.289173155782919e-06};
    private static final double[] LLAMA3_256 = {1, 0.193922758102417, 0.010538231581449509, 0.0009115831344388425,
        0.00017677668074611574, 3.428102354519069e-05, 6.647870577580761e-06, 1.289173155782919e-06};
    private static final double[] YARN = {1, 0.12120172381401062, 0.009401507675647736, 0.001823166268877685,
        0.0003535533614922315, 6.856204709038138e-05, 1.3295741155161522e-05, 2.578346311565838e-06};
    private static final double[] YARN_WITH_BOUNDS = {1, 0.212468683719635, 0.025664398446679115, 0.007905694656074047,
        0.0024999999441206455, 0.0007905694656074047, 0.0002500000118743628, 7.905694656074047e-05};
    private static final double[] YARN_OF_10000 = {1, 0.23717081546783447, 0.04999999701976776, 0.007905694656074047,
        0.0024999999441206455, 0.0007905694656074047, 0.0002500000118743628, 7.905694656074047e-05};

    static Stream<Arguments> configurations() {
        return Stream.of(
                Arguments.of("'rope_theta': 500000.0", UNSCALED, 1),
                Arguments.of("'rope_theta': 500000.0, 'rope_scaling': null", UNSCALED, 1),
                Arguments.of("'rope_parameters': {'rope_theta': 500000.0, 'rope_type': 'default'}", UNSCALED, 1),
                Arguments.of("'rope_theta': 500000, 'rope_parameters': {'rope_type': 'default'}, 'rope_scaling': {}",
                        UNSCALED, 1),
                Arguments.of("'rope_scaling': {'rope_theta': 500000.0, 'rope_type': 'default'}", UNSCALED, 1),
                Arguments.of("'rope_scaling': {'rope_theta': 500000.0}, 'rope_parameters': {'rope_theta': 7}", UNSCALED, 1),
                Arguments.of("'rope_theta': 500000.0, 'partial_rotary_factor': 1.0", UNSCALED, 1),
                Arguments.of("'rope_theta': 500000.0, 'rope_scaling': {'type': 'dynamic', 'factor': 4.0}", UNSCALED, 1),
                Arguments.of("'rope_theta': 500000.0, 'rope_scaling': {'type': 'linear', 'factor': 4.0}", LINEAR, 1),
                Arguments.of("'rope_theta': 7, 'rope_parameters': {'rope_theta': 500000.0, 'type': 'linear', 'factor': 4}",
                        LINEAR, 1),
                Arguments.of("'rope_parameters': {'rope_theta': 500000.0, 'rope_type': 'llama3', 'factor': 8.0,"
                        + " 'low_freq_factor': 1.0, 'high_freq_factor': 4.0}", LLAMA3, 1),
                Arguments.of("'rope_parameters': {'rope_theta': 500000.0, 'rope_type': 'llama3', 'factor': 8.0,"
                        + " 'low_freq_factor': 1.0, 'high_freq_factor': 4.0, 'original_max_position_embeddings': 256}",
                        LLAMA3_256, 1),
                Arguments.of("'original_max_position_embeddings': 256, 'rope_parameters': {'rope_theta': 500000.0,"
                        + " 'rope_type': 'llama3', 'factor': 8, 'low_freq_factor': 1, 'high_freq_factor': 4,"
                        + " 'original_max_position_embeddings': 128}", LLAMA3_256, 1),
                Arguments.of("'rope_theta': 500000.0, 'rope_scaling': {'type': 'yarn', 'factor': 4.0,"
                        + " 'original_max_position_embeddings': 128, 'finetuned': true}", YARN, 1.138629436111989),
                Arguments.of("'rope_parameters': {'rope_theta': 10000, 'rope_type': 'yarn', 'factor': 4, 'truncate': false,"
                        + " 'original_max_position_embeddings': 128, 'beta_fast': 16, 'beta_slow': 2, 'mscale': 1.0,"
                        + " 'mscale_all_dim': 0.5}", YARN_WITH_BOUNDS, 1.0648216253695715),
                Arguments.of("'rope_parameters': {'rope_type': 'yarn', 'factor': null, 'attention_factor': 1.25,"
                        + " 'original_max_position_embeddings': 128}", YARN_OF_10000, 1.25));
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void computesWhatTheReferenceDoes(String config, double[] frequencies, double scaling) {
        Rotary rotary = read(config);
        assertThat(rotary.frequencies()).hasSize(frequencies.length);
        for (int i = 0; i < frequencies.length; i++) {
            // The last bits of a power differ between libraries.
            assertThat(rotary.frequencies().get(i)).isCloseTo(frequencies[i], within(4e-7 * frequencies[i]));
        }
        assertThat(rotary.scaling()).isCloseTo(scaling, within(1e-15));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "'rope_parameters': {'rope_type': 'longrope', 'factor': 4} | rope_parameters.rope_type should be \"default\", \"linear\","
                + " \"dynamic\", \"llama3\" or \"yarn\"; \"longrope\" is not supported",
        "'rope_scaling': {'type': 'mrope'} | rope_scaling.rope_type should be \"default\", \"linear\", \"dynamic\", \"llama3\" or"
                + " \"yarn\"; \"mrope\" is not supported",
        "'rope_scaling': {'type': 'linear'} | rope_scaling.factor is missing",
        "'rope_scaling': {'type': 'dynamic'} | rope_scaling.factor is missing",
        "'rope_scaling': {'type': 'llama3', 'factor': 8} | rope_scaling.low_freq_factor is missing; rope_scaling.high_freq_factor"
                + " is missing",
        "'rope_scaling': 'linear' | rope_scaling should be an object, not \"linear\"",
        "'partial_rotary_factor': 0.5 | partial_rotary_factor should be 1: heads that are rotated in part are not supported",
        "'rope_parameters': {'partial_rotary_factor': 0.5} | rope_parameters.partial_rotary_factor should be 1: heads that are"
                + " rotated in part are not supported",
        "'rope_parameters': {'full_attention': {'rope_theta': 7}} | rope_parameters.full_attention is not supported, and may change"
                + " the positions of tokens",
        "'rope_scaling': {'type': 'default', 'mrope_section': [1, 2]} | rope_scaling.mrope_section is not supported, and may change"
                + " the positions of tokens"})
    void refusesWhatItCannotFollow(String config, String complaint) {
        assertThatThrownBy(() -> read(config)).isInstanceOf(ModelException.class)
                .hasMessage("config.json of the model in invented cannot be used: " + complaint);
    }

    @Test
    void takesTheFamilysBaseWhereTheFileNamesNone() {
        assertThat(read("").frequencies().get(1)).isCloseTo(Math.pow(10000, -0.125), within(1e-7));
        assertThat(read("'rope_scaling': {'type': 'linear', 'factor': 2}").frequencies().get(1))
                .isCloseTo(Math.pow(10000, -0.125) / 2, within(1e-7));
    }

    /** Gemma 3: of transformers 5 and before. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "`` | 1000000 | 1 | 10000",
        "'rope_theta': 500000, 'rope_local_base_freq': 20000, | 500000 | 1 | 20000",
        "'rope_theta': 500000, 'rope_scaling': {'rope_type': 'linear', 'factor': 4}, | 500000 | 4 | 10000",
        "'rope_parameters': {'full_attention': {'rope_type': 'linear', 'factor': 4, 'rope_theta': 500000},"
                + " 'sliding_attention': {'rope_type': 'default', 'rope_theta': 30000}}, | 500000 | 4 | 30000",
        "'rope_local_base_freq': 20000, 'rope_parameters': {'full_attention': null}, | 1000000 | 1 | 20000"})
    void readsThoseOfTypesOfLayers(String config, double theta, double factor, double local) {
        ConfigFile file = ConfigFile.read(new InventedModel(Map.of("config.json", "{" + config.replace('\'', '"') + "\"x\": 1}")),
                "config.json");
        Map<String, Rotary> read = Rotary.readByType(file, 16, 512, 1e6, 1e4);
        file.check();
        assertThat(read.get(LayerVariant.FULL).frequencies().get(1)).isCloseTo(Math.pow(theta, -0.125) / factor, within(1e-7));
        assertThat(read.get(LayerVariant.SLIDING).frequencies().get(1)).isCloseTo(Math.pow(local, -0.125), within(1e-7));
    }

    /** As transformers does: pairs of time first, then those of rows, then those of columns. */
    @Test
    void turnsEachSectionByThePositionOnItsAxis() {
        ConfigFile file = file("'rope_scaling': {'type': 'mrope', 'mrope_section': [1, 3, 4], 'rope_theta': 500000}");
        Rotary rotary = Rotary.readSections(file, 16, 512, 10000);
        file.check();
        assertThat(rotary.axes()).isEqualTo(3);
        double[][] at = {{5, 5}, {7, 2}, {0, 9}};
        double[] x = new Random(3).doubles(2 * 2 * 16, -1, 1).toArray();
        GraphBuilder graph = new GraphBuilder();
        List<Node> positions = IntStream.range(0, 3).mapToObj(axis -> graph.constant(TensorType.i32(1, 2), at[axis])).toList();
        Node turned = rotary.turn(graph, graph.constant(TensorType.f32(1, 2, 2, 16), x), positions);
        double[] actual = Interpreter.run(graph.build(Map.of("turned", turned)), Map.of(), Map.of()).get("turned");
        for (int i = 0; i < x.length; i++) {
            int pair = i % 8;
            int axis = pair < 1 ? 0 : pair < 4 ? 1 : 2;
            double angle = at[axis][i / 32] * UNSCALED[pair];
            boolean first = i % 16 < 8;
            double other = first ? -x[i + 8] : x[i - 8];
            assertThat(actual[i]).as("element " + i).isCloseTo(x[i] * Math.cos(angle) + other * Math.sin(angle), within(1e-6));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "'rope_scaling': {'type': 'mrope', 'mrope_section': [2, 3, 4]} | rope_scaling.mrope_section should be three numbers",
        "'rope_parameters': {'rope_type': 'default', 'mrope_section': [4, 4]} | rope_parameters.mrope_section should be three numbers",
        "'rope_theta': 7 | mrope_section should be three numbers",
        "'rope_scaling': {'type': 'mrope', 'mrope_section': [2, 3, 3], 'mrope_interleaved': true} | rope_scaling.mrope_interleaved is"
                + " not supported"})
    void refusesSectionsThatDoNotFit(String config, String complaint) {
        ConfigFile file = file(config);
        Rotary.readSections(file, 16, 512, 10000);
        assertThatThrownBy(file::check).isInstanceOf(ModelException.class).hasMessageContaining(complaint);
    }

    private static ConfigFile file(String config) {
        return ConfigFile.read(new InventedModel(Map.of("config.json", "{" + config.replace('\'', '"') + "}")), "config.json");
    }

    private static Rotary read(String config) {
        ConfigFile file = file(config);
        Rotary rotary = Rotary.read(file, 16, 512, 10000);
        file.check();
        return rotary;
    }
}
