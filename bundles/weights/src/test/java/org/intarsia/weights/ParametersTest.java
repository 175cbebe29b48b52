package org.intarsia.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.junit.jupiter.api.Test;

class ParametersTest {
    private final Weights weights = Weights.of(List.of(
            Tensor.of("model.norm.weight", Shape.of(4), new float[4]),
            Tensor.of("model.layers.0.up.weight", Shape.of(2, 3), new float[6]).to(Encoding.BF16),
            Tensor.of("model.layers.0.down.weight", Shape.of(3, 2), new float[6]),
            Tensor.of("model.layers.1.up.weight", Shape.of(2, 3), new float[6]),
            Tensor.of("vision.other", Shape.of(1), new float[1])));
    private final GraphBuilder graph = new GraphBuilder();
    private final Parameters parameters = new Parameters(weights);

    @Test
    void givesParametersAsTheyAreStored() {
        Node up = parameters.at("model.layers").at(0).get(graph, "up.weight", 2, 3);
        assertThat(up.encoding()).isEqualTo(Encoding.BF16);
        assertThat(up.shape()).isEqualTo(Shape.of(2, 3));
        assertThat(parameters.at("model").has("norm.weight")).isTrue();
        assertThat(parameters.at("model").has("bias")).isFalse();
        assertThat(parameters.asked()).containsExactly("model.layers.0.up.weight");
        assertThatCode(() -> parameters.check(name -> name.startsWith("model.layers.0.up"))).doesNotThrowAnyException();
    }

    @Test
    void refusesWeightsOfWholeNumbersByOneSentence() {
        Parameters bytes = new Parameters(Weights.of(List.of(Tensor.of("a.weight", Shape.of(2, 2), new byte[4]),
                Tensor.of("b.weight", Shape.of(2, 2), new byte[4]))));
        Node weight = bytes.get(graph, "a.weight", 2, 2);
        bytes.get(graph, "b.weight", 2, 2);
        // So that the graph can be written down to its end.
        assertThat(weight.encoding()).isEqualTo(Encoding.F32);
        assertThatThrownBy(() -> bytes.check(name -> true)).isInstanceOf(WeightsException.class)
                .hasMessage("the checkpoint does not fit its config.json: 2 stored as U8, and weights that are whole numbers are"
                        + " not supported, such as a.weight");
    }

    @Test
    void listsAllThatIsWrongAtOnce() {
        Parameters layer = parameters.at("model.layers").at(0);
        layer.get(graph, "up.weight", 3, 3);
        layer.get(graph, "down.weight", 3, 2);
        layer.get(graph, "gate.weight", 2, 3);
        parameters.at("model").get(graph, "norm.weight", 5);
        parameters.get(graph, "lm_head.weight", 7, 4);
        assertThatThrownBy(() -> parameters.check(name -> name.startsWith("model.")))
                .isInstanceOf(WeightsException.class)
                .hasMessage("the checkpoint does not fit its config.json: 2 missing: lm_head.weight,"
                        + " model.layers.0.gate.weight; 2 misshapen: model.layers.0.up.weight is (2, 3) but should be"
                        + " (3, 3), model.norm.weight is (4) but should be (5); 1 not known to this model:"
                        + " model.layers.1.up.weight");
    }
}
