package org.intarsia.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.Random;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.junit.jupiter.api.Test;

class ElementsTest {

    @Test
    void everyBrainFloatSurvivesTheWayThroughFloats() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            float value = Float.intBitsToFloat(bits << 16);
            short back = Elements.brainFloat(value);
            if (Float.isNaN(value)) {
                assertThat(Float.intBitsToFloat(back << 16)).isNaN();
            } else {
                assertThat(back).isEqualTo((short) bits);
            }
        }
    }

    @Test
    void roundsToTheNearestBrainFloatAndTiesToEven() {
        assertThat(Elements.brainFloat(Float.intBitsToFloat(0x3f808000))).as("tie, down to even").isEqualTo((short) 0x3f80);
        assertThat(Elements.brainFloat(Float.intBitsToFloat(0x3f818000))).as("tie, up to even").isEqualTo((short) 0x3f82);
        assertThat(Elements.brainFloat(Float.MAX_VALUE)).as("beyond the largest").isEqualTo((short) 0x7f80);
        assertThat(Float.intBitsToFloat(Elements.brainFloat(Float.intBitsToFloat(0x7f800001)) << 16)).isNaN();
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            float value = Float.intBitsToFloat(random.nextInt());
            if (Float.isFinite(value)) {
                int rounded = Elements.brainFloat(value) & 0xffff;
                assertNearest(value, rounded, rounded - 1);
                assertNearest(value, rounded, rounded + 1);
            }
        }
    }

    private static void assertNearest(float value, int rounded, int neighbour) {
        float other = Float.intBitsToFloat(neighbour << 16);
        float chosen = Float.intBitsToFloat(rounded << 16);
        if (Float.isFinite(other) && Float.isFinite(chosen)) {
            assertThat(distance(value, chosen)).isLessThanOrEqualTo(distance(value, other));
        }
    }

    private static BigDecimal distance(float a, float b) {
        return new BigDecimal(a).subtract(new BigDecimal(b)).abs();
    }

    @Test
    void encodesAndDecodes() {
        float[] values = {0, -0.0f, 1, -2.5f, 65504, 0x1p-24f};
        Tensor tensor = Tensor.of("t", Shape.of(2, 3), values);
        assertThat(tensor.to(Encoding.F32)).isSameAs(tensor);
        assertThat(tensor.to(Encoding.F16).floats()).containsExactly(values);
        assertThat(tensor.to(Encoding.F16).to(Encoding.F32).floats()).containsExactly(values);
        assertThat(tensor.to(Encoding.BF16).floats()).containsExactly(0, -0.0f, 1, -2.5f, 65536, 0x1p-24f);
        Tensor ids = Tensor.of("i", Shape.of(2), new int[] {-1, 7});
        assertThat(ids.to(Encoding.I64).ints()).containsExactly(-1, 7);
        assertThat(ids.to(Encoding.I64).to(Encoding.I32).ints()).containsExactly(-1, 7);
    }

    @Test
    void doesNotCutLongIntegers() {
        Tensor tensor = Tensor.of("n", Shape.of(2), new int[] {5, 1}).to(Encoding.I64);
        Tensor large = new Tensor("n", new TensorType(Shape.of(1), Encoding.I64),
                Tensor.of("n", Shape.of(2), new int[] {0, 1}).content());
        assertThat(tensor.ints()).containsExactly(5, 1);
        assertThatThrownBy(large::ints).isInstanceOf(WeightsException.class)
                .hasMessage("the tensor 'n' of type I64(1) holds 4294967296, which does not fit into 32 bits");
    }

    @Test
    void bytesHaveNoSign() {
        Tensor bytes = Tensor.of("picture", Shape.of(2, 2), new byte[] {0, 127, -128, -1});
        assertThat(bytes.ints()).containsExactly(0, 127, 128, 255);
        assertThat(bytes.to(Encoding.I32).ints()).containsExactly(0, 127, 128, 255);
        assertThatThrownBy(() -> bytes.to(Encoding.I32).to(Encoding.U8)).isInstanceOf(WeightsException.class)
                .hasMessageEndingWith("cannot be stored as U8: only pictures are");
    }
}
