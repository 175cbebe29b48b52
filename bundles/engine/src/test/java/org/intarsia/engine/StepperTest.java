package org.intarsia.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.intarsia.engine.api.Placement;
import org.intarsia.model.api.TokenRow;
import org.intarsia.model.api.TransformerCore;
import org.intarsia.model.api.TransformerCore.Head;
import org.intarsia.weights.Weights;
import org.junit.jupiter.api.Test;

/** Streams come and go, and move from one stepper to another, and their scores are the same to the bit. */
class StepperTest {
    private static final String MODEL = "chameleon-7b";

    private final TokenRow own = stream(40, 1);
    private final TokenRow other = stream(25, 2);
    private final TokenRow guide = stream(2, 3);

    @Test
    void whatIsCopiedIsAsIfItWereRead() {
        using((compute, core, weights) -> {
            try (Stepper whole = new Stepper(compute, core, weights, 3, 96);
                    Stepper two = new Stepper(compute, core, weights, 2, 42);
                    Stepper three = new Stepper(compute, core, weights, 3, 64);
                    Stepper one = new Stepper(compute, core, weights, 1, 48)) {
                assertSame(two, whole, List.of(other, own));
                own.add(7);
                // Its slot is the second of the former one, and there is more room now.
                three.adopt(two, List.of(own, guide));
                assertSame(three, whole, List.of(own, guide));
                own.add(8);
                guide.add(8);
                assertSame(three, whole, List.of(own, guide));
                own.add(9);
                // One stream alone, and less room.
                one.adopt(three, List.of(own));
                assertSame(one, whole, List.of(own));
            }
        });
    }

    @Test
    void whoJoinsIsReadAsIfItWereAlone() {
        using((compute, core, weights) -> {
            try (Stepper joined = new Stepper(compute, core, weights, 2, 64); Stepper alone = new Stepper(compute, core, weights, 1, 64)) {
                next(joined, List.of(own));
                own.add(7);
                float[] beside = next(joined, List.of(own, other))[1];
                float[] itself = next(alone, List.of(other))[0];
                assertClose(beside, itself);
            }
        });
    }

    @Test
    void proposedTokensLeaveNothingBehind() {
        using((compute, core, weights) -> {
            try (Stepper proposing = new Stepper(compute, core, weights, 2, 64);
                    Stepper plain = new Stepper(compute, core, weights, 2, 64)) {
                List<TokenRow> streams = List.of(own, other);
                assertThat(propose(proposing, streams, new int[] {7, 8}, new int[0])).as("prompts are read as ever")
                        .isEqualTo(List.of(1, 1));
                next(plain, streams);
                own.add(7);
                other.add(9);
                assertThat(propose(proposing, streams, new int[] {8, 9, 10}, new int[] {11})).isEqualTo(List.of(4, 2));
                next(plain, streams);
                // One goes on otherwise than was proposed, and nothing more is asked of the other.
                own.add(12);
                assertClose(next(proposing, streams)[0], next(plain, streams)[0]);
            }
        });
    }

    @Test
    void acceptedTokensAreNotReadAgain() {
        using((compute, core, weights) -> {
            try (Stepper proposing = new Stepper(compute, core, weights, 1, 64);
                    Stepper plain = new Stepper(compute, core, weights, 1, 64)) {
                next(proposing, List.of(own));
                next(plain, List.of(own));
                own.add(7);
                float[][] proposed = proposing.next(List.of(own), List.of(Head.TEXT), List.of(new int[] {8, 9, 10}))[0];
                for (int place = 0; place < 4; place++) {
                    assertClose(proposed[place], next(plain, List.of(own))[0]);
                    own.add(8 + place);
                }
                assertThat(propose(proposing, List.of(own), new int[] {1, 2})).as("a single token is new").isEqualTo(List.of(3));
            }
        });
    }

    @Test
    void whatHasNoRoomIsNotRun() {
        using((compute, core, weights) -> {
            try (Stepper stepper = new Stepper(compute, core, weights, 1, 43)) {
                next(stepper, List.of(own));
                own.add(7);
                assertThat(propose(stepper, List.of(own), new int[] {1, 2, 3})).isEqualTo(List.of(1));
                own.add(8);
                assertThat(propose(stepper, List.of(own), new int[] {1})).isEqualTo(List.of(2));
            }
        });
    }

    /** Returns at how many places each stream was scored. */
    private static List<Integer> propose(Stepper stepper, List<TokenRow> streams, int[]... proposed) {
        return Stream.of(stepper.next(streams, Collections.nCopies(streams.size(), Head.TEXT), List.of(proposed)))
                .map(places -> places.length).toList();
    }

    /** Several tokens of a pass are summed in another order than one. */
    private static void assertClose(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int id = 0; id < expected.length; id++) {
            assertThat(actual[id]).as("token " + id).isCloseTo(expected[id], within(1e-4f));
        }
    }

    private static TokenRow stream(int length, int first) {
        return new TokenRow().add(IntStream.range(0, length).map(i -> 110 + (first + 17 * i) % 200).toArray());
    }

    private static float[][] next(Stepper stepper, List<TokenRow> streams) {
        return stepper.next(streams, Collections.nCopies(streams.size(), Head.TEXT));
    }

    private static void assertSame(Stepper actual, Stepper expected, List<TokenRow> streams) {
        assertThat(next(actual, streams)).isDeepEqualTo(next(expected, streams));
    }

    /** What a test does with a model. */
    private interface Steps {
        void run(Compute compute, TransformerCore core, Weights weights);
    }

    private static void using(Steps test) {
        Workshop workshop = new Workshop();
        try (OpenModel model = workshop.open(MODEL)) {
            Compute compute = new Compute(MODEL, workshop.registry, Placement.ANYWHERE, workshop.recorder);
            model.using(() -> {
                Components components = model.assemblies().take().components();
                test.run(compute, components.core(), components.presentation().weights());
                compute.drop();
                return null;
            });
        }
    }
}
