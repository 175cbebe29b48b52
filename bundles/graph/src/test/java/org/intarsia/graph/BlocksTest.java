package org.intarsia.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Decoding is compared with the reference's values where its files can be read: in the weights bundle. */
class BlocksTest {
    private static final int COUNT = 1 << 16;

    /**
     * The bound is the root of the mean squared error over that of the values, for normally distributed ones: what the
     * reference's quantisers reach, and a few percent.
     */
    @ParameterizedTest
    @CsvSource({"Q8_0, 0.0065", "Q4_0, 0.095", "Q4_K, 0.078", "Q6_K, 0.020"})
    void losesNoMoreThanTheFormatMust(Encoding encoding, double bound) {
        for (float spread : new float[] {1, 0.02f, 1000}) {
            float[] values = normal(spread, 0);
            assertThat(error(values, back(encoding, values))).isBetween(bound / 2, bound);
        }
    }

    @ParameterizedTest
    @CsvSource({"Q8_0, 0.0042", "Q4_0, 0.07", "Q4_K, 0.045", "Q6_K, 0.015"})
    void valuesThatAreNotCentredLoseNoMore(Encoding encoding, double bound) {
        float[] values = normal(1, -2);
        assertThat(error(values, back(encoding, values))).isLessThan(bound);
    }

    @Test
    void noValueOfQ8IsOffByMoreThanHalfALevel() {
        float[] values = normal(1, 0);
        float[] back = back(Encoding.Q8_0, values);
        for (int block = 0; block < COUNT; block += 32) {
            float largest = 0;
            for (int i = block; i < block + 32; i++) {
                largest = Math.max(largest, Math.abs(values[i]));
            }
            for (int i = block; i < block + 32; i++) {
                // The scale itself is rounded to eleven bits.
                assertThat(Math.abs(values[i] - back[i])).isLessThanOrEqualTo(largest / 127 * (0.5f + 127f / 2048));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"Q8_0", "Q4_0", "Q4_K", "Q6_K"})
    void levelsThatTheFormatHasComeBackExactly(Encoding encoding) {
        float[] constant = new float[256];
        assertThat(back(encoding, constant)).containsExactly(constant);
        Arrays.fill(constant, -0.5f);
        assertThat(back(encoding, constant)).usingComparatorWithPrecision(1e-3f).containsExactly(constant);
        float[] levels = new float[256];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = 0.25f * (i % 16 - 8);
        }
        assertThat(back(encoding, levels)).usingComparatorWithPrecision(encoding == Encoding.Q8_0 ? 0.008f : 0.002f)
                .containsExactly(levels);
    }

    /** Blocks of random bytes stay what they are when their values are stored again, but for the scales' rounding. */
    @ParameterizedTest
    @EnumSource(names = {"Q8_0", "Q4_0", "Q4_K", "Q6_K"})
    void storingAgainLosesAlmostNothing(Encoding encoding) {
        float[] once = back(encoding, normal(1, 0));
        assertThat(error(once, back(encoding, once))).isLessThan(encoding == Encoding.Q4_K ? 0.02 : 0.003);
    }

    @Test
    void decodesALeadingBlockByHand() {
        byte[] block = new byte[34];
        block[1] = 0x38;
        block[2] = -128;
        block[33] = 127;
        float[] values = new float[34];
        Blocks.decode(Encoding.Q8_0, MemorySegment.ofArray(block), 0, values, 1, 32);
        assertThat(values[0]).isZero();
        assertThat(values[1]).isEqualTo(-64);
        assertThat(values[32]).isEqualTo(63.5f);
        assertThat(values[33]).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"Q8_0", "Q4_0", "Q4_K", "Q6_K"})
    void refusesWhatItCannotStore(Encoding encoding) {
        float[] values = new float[256];
        values[255] = Float.NaN;
        assertThatThrownBy(() -> back(encoding, values)).isInstanceOf(GraphException.class)
                .hasMessage("blocks: NaN cannot be stored in " + encoding);
        values[255] = Float.MAX_VALUE;
        assertThatThrownBy(() -> back(encoding, values)).isInstanceOf(GraphException.class)
                .hasMessage("blocks: the values are too large for " + encoding + ", whose scales reach to 65504");
        values[255] = Float.MIN_VALUE;
        assertThat(back(encoding, values)[255]).isZero();
        assertThatThrownBy(() -> Blocks.decode(encoding, MemorySegment.ofArray(new byte[999]), 0, values, 0, 40))
                .isInstanceOf(GraphException.class).hasMessage("blocks: 40 values are no whole blocks of " + encoding
                        + ", which hold " + encoding.blockElements());
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = {"Q8_0", "Q4_0", "Q4_K", "Q6_K"})
    void saysWhatItDoesNotWrite(Encoding encoding) {
        assertThat(Blocks.writable()).doesNotContain(encoding);
        assertThatThrownBy(() -> back(encoding, new float[256])).isInstanceOf(GraphException.class)
                .hasMessage("blocks: values of " + encoding + " are not written");
    }

    private static float[] back(Encoding encoding, float[] values) {
        byte[] blocks = new byte[(int) encoding.bytes(values.length) + 1];
        MemorySegment segment = MemorySegment.ofArray(blocks);
        Blocks.encode(encoding, values, 0, values.length, segment, 1);
        float[] back = new float[values.length];
        Blocks.decode(encoding, segment, 1, back, 0, back.length);
        return back;
    }

    private static float[] normal(float spread, float centre) {
        Random random = new Random(17);
        float[] values = new float[COUNT];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (spread * random.nextGaussian() + centre);
        }
        return values;
    }

    private static double error(float[] values, float[] back) {
        double error = 0;
        double squares = 0;
        for (int i = 0; i < values.length; i++) {
            double off = values[i] - back[i];
            error += off * off;
            squares += (double) values[i] * values[i];
        }
        return Math.sqrt(error / squares);
    }
}
