package org.intarsia.backend.cpu.rounding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.intarsia.backend.cpu.code.InstructionSet;
import org.intarsia.backend.cpu.code.IntegerDots;
import org.intarsia.backend.cpu.code.MachineCode;
import org.intarsia.backend.cpu.host.ThreadTeam;
import org.intarsia.backend.cpu.kernel.Native;
import org.intarsia.backend.cpu.kernel.StoredBlocks;
import org.intarsia.backend.cpu.vector.VectorRounding;
import org.intarsia.graph.Blocks;
import org.intarsia.graph.Encoding;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Machine code for products with packed weights, beside its definition, bit for bit; each kind of code that this processor runs. */
class IntegerDotsTest {
    /** Not a multiple of the rows of a group. */
    private static final int COLUMNS = 37;
    private static final int INNER = 768;

    private final Arena arena = Arena.ofAuto();

    private static Stream<Arguments> codes() {
        List<Encoding> avx512 = List.of(Encoding.Q8_0, Encoding.Q4_0, Encoding.Q4_K, Encoding.Q6_K);
        List<Encoding> avx2 = List.of(Encoding.Q8_0, Encoding.Q4_0, Encoding.Q4_1, Encoding.Q5_0, Encoding.Q5_1, Encoding.Q4_K,
                Encoding.Q5_K, Encoding.Q6_K);
        return Stream.concat(avx2.stream().map(each -> Arguments.of(InstructionSet.AVX2, each)),
                avx512.stream().map(each -> Arguments.of(InstructionSet.AVX512, each)));
    }

    @ParameterizedTest
    @MethodSource("codes")
    void bitsAreThoseOfTheDefinition(InstructionSet instructions, Encoding encoding) {
        MemorySegment stored = stored(encoding, new Random(7));
        for (int rows = 1; rows <= IntegerDots.MOST; rows++) {
            compare(instructions, encoding, stored, rows, Native.gaussian(rows * INNER, rows));
        }
    }

    /** Sums of two products are as large as they can be, in both directions. */
    @ParameterizedTest
    @MethodSource("codes")
    void nothingIsCutWhereAllNumbersAreLargest(InstructionSet instructions, Encoding encoding) {
        for (int fill : new int[] {0xFF, 0x80, 0x7F, 0x00}) {
            MemorySegment stored = stored(encoding, new Random(8) {
                @Override
                public void nextBytes(byte[] bytes) {
                    Arrays.fill(bytes, (byte) fill);
                }
            });
            for (int rows : new int[] {2, 4}) {
                float[] x = new float[rows * INNER];
                for (int i = 0; i < x.length; i++) {
                    x[i] = i / INNER % 2 == 0 ? 3 : -3;
                }
                compare(instructions, encoding, stored, rows, x);
            }
        }
    }

    /** The values of weights in the definition are those that {@link Blocks} reads. */
    @ParameterizedTest
    @EnumSource(names = {"Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K", "Q5_K", "Q6_K"})
    void theDefinitionReadsWeightsAsTheyAreStored(Encoding encoding) {
        MemorySegment stored = stored(encoding, new Random(9));
        float[] weights = new float[INNER];
        Blocks.decode(encoding, stored, 0, weights, 0, INNER);
        for (ScalarDots.Group group : ScalarDots.groups(encoding, stored, 0, INNER)) {
            for (int i = 0; i < group.values().length; i++) {
                double expected = (double) group.scale() * group.values()[i] + group.minimum();
                assertThat((double) weights[group.first() + i]).isCloseTo(expected, within(1e-6 * Math.abs(expected) + 1e-9));
            }
        }
    }

    private void compare(InstructionSet instructions, Encoding encoding, MemorySegment stored, int rows, float[] x) {
        float[] y = products(instructions, encoding, stored, rows, x);
        for (int column = 0; column < COLUMNS; column++) {
            List<ScalarDots.Group> weights = ScalarDots.groups(encoding, stored, encoding.bytes((long) column * INNER), INNER);
            for (int row = 0; row < rows; row++) {
                float[] one = Arrays.copyOfRange(x, row * INNER, (row + 1) * INNER);
                assertThat(y[row * COLUMNS + column]).as("row %s of %s, column %s", row, rows, column)
                        .isEqualTo(ScalarDots.product(weights, one));
            }
        }
    }

    private float[] products(InstructionSet instructions, Encoding encoding, MemorySegment stored, int rows, float[] x) {
        try (MachineCode code = new MachineCode(Set.of(instructions)); ThreadTeam team = new ThreadTeam(1)) {
            Optional<IntegerDots> found = code.integers(encoding);
            assumeTrue(found.isPresent(), "the processor has no " + instructions);
            PackedWeights weights = new PackedWeights(encoding, COLUMNS, INNER, stored.address());
            weights.pack(team);
            MemorySegment from = arena.allocate(4L * x.length, 64).copyFrom(MemorySegment.ofArray(x));
            MemorySegment rounded = arena.allocate((long) rows * INNER / 32 * IntegerDots.BLOCK_X, 64);
            VectorRounding.round(encoding, from.address(), rows, INNER, rounded.address());
            Native result = Native.empty(rows * weights.groups() * IntegerDots.ROWS);
            int row = weights.groups() * IntegerDots.ROWS;
            found.get().multiply(rows, weights.group(0), rounded.address(), INNER / IntegerDots.blockColumns(encoding), weights.groups(),
                    result.address(), 4L * row);
            weights.close();
            float[] all = result.values();
            float[] y = new float[rows * COLUMNS];
            for (int i = 0; i < rows; i++) {
                System.arraycopy(all, i * row, y, i * COLUMNS, COLUMNS);
            }
            return y;
        }
    }

    /** Rows do not begin at a multiple of 4 bytes. */
    private MemorySegment stored(Encoding encoding, Random random) {
        MemorySegment stored = arena.allocate(encoding.bytes((long) COLUMNS * INNER) + 2, 64).asSlice(2);
        StoredBlocks.write(encoding, stored, random);
        return stored;
    }
}
