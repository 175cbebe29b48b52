package org.intarsia.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.intarsia.engine.api.Placement;
import org.intarsia.engine.pipeline.Components;
import org.intarsia.engine.pipeline.DeviceBinding;
import org.intarsia.engine.scheduler.StepRunner;
import org.intarsia.model.api.TokenRow;
import org.intarsia.model.api.TransformerCore.Head;
import org.junit.jupiter.api.Test;

/** Streams come and go, and their scores are the same to the bit. */
class StepRunnerTest {
    private static final String MODEL = "chameleon-7b";
    private static final int CONTEXT = 256;

    private final TokenRow own = stream(40, 1);
    private final TokenRow other = stream(25, 2);
    private final TokenRow guide = stream(2, 3);

    @Test
    void whoComesAndGoesHasTheScoresOfALoneStream() {
        using((runners) -> {
            try (StepRunner together = runners.get(); StepRunner alone = runners.get()) {
                assertSame(together, alone, List.of(other, own));
                own.add(7);
                together.forget(other);
                assertSame(together, alone, List.of(own, guide));
                own.add(8);
                guide.add(8);
                assertSame(together, alone, List.of(guide, own));
                // Read again from its begin.
                assertSame(together, alone, List.of(other, own, guide));
            }
        });
    }

    @Test
    void aLongStreamMakesTheCacheGrowAndIsTheSame() {
        using((runners) -> {
            try (StepRunner growing = runners.get(); StepRunner large = runners.get()) {
                next(large, IntStream.range(0, 12).mapToObj(i -> stream(100, 3 * i)).toList());
                next(growing, List.of(own));
                long before = growing.cacheBytes();
                List<TokenRow> more = IntStream.range(0, 12).mapToObj(i -> stream(100, 5 * i)).toList();
                assertThat(next(growing, more)).isDeepEqualTo(next(large, more));
                assertThat(growing.cacheBytes()).isGreaterThan(before);
                own.add(7);
                assertSame(growing, large, List.of(own));
            }
        });
    }

    @Test
    void proposedTokensLeaveNothingBehind() {
        using((runners) -> {
            try (StepRunner proposing = runners.get(); StepRunner plain = runners.get()) {
                List<TokenRow> streams = List.of(own, other);
                assertThat(propose(proposing, streams, new int[] {7, 8}, new int[0])).as("prompts are read as ever")
                        .isEqualTo(List.of(1, 1));
                next(plain, streams);
                own.add(7);
                other.add(9);
                assertThat(propose(proposing, streams, new int[] {8, 9, 10}, new int[] {11})).isEqualTo(List.of(4, 2));
                next(plain, streams);
                // One goes on otherwise than was proposed, and of the other the last token is scored again.
                own.add(12);
                assertSame(proposing, plain, streams);
            }
        });
    }

    @Test
    void acceptedTokensAreNotReadAgain() {
        using((runners) -> {
            try (StepRunner proposing = runners.get(); StepRunner plain = runners.get()) {
                next(proposing, List.of(own));
                next(plain, List.of(own));
                own.add(7);
                float[][] proposed = proposing.next(List.of(own), List.of(Head.TEXT), List.of(new int[] {8, 9, 10}))[0];
                for (int place = 0; place < 4; place++) {
                    assertThat(proposed[place]).isEqualTo(next(plain, List.of(own))[0]);
                    own.add(8 + place);
                }
                assertThat(propose(proposing, List.of(own), new int[] {1, 2})).as("a single token is new").isEqualTo(List.of(3));
            }
        });
    }

    @Test
    void whatHasNoRoomInTheContextIsNotRun() {
        using((runners) -> {
            try (StepRunner runner = runners.get()) {
                TokenRow longest = stream(CONTEXT - 2, 1);
                next(runner, List.of(longest));
                longest.add(7);
                assertThat(propose(runner, List.of(longest), new int[] {1, 2})).isEqualTo(List.of(1));
                assertThat(propose(runner, List.of(longest), new int[] {1})).isEqualTo(List.of(2));
            }
        });
    }

    /** Returns at how many places each stream was scored. */
    private static List<Integer> propose(StepRunner runner, List<TokenRow> streams, int[]... proposed) {
        return Stream.of(runner.next(streams, Collections.nCopies(streams.size(), Head.TEXT), List.of(proposed)))
                .map(places -> places.length).toList();
    }

    private static TokenRow stream(int length, int first) {
        return new TokenRow().add(IntStream.range(0, length).map(i -> 110 + (first + 17 * i) % 200).toArray());
    }

    private static float[][] next(StepRunner runner, List<TokenRow> streams) {
        return runner.next(streams, Head.TEXT);
    }

    /** Those of a runner that reads each stream alone, and whole. */
    private static void assertSame(StepRunner actual, StepRunner other, List<TokenRow> streams) {
        float[][] scores = next(actual, streams);
        for (int i = 0; i < scores.length; i++) {
            assertThat(scores[i]).isEqualTo(next(other, List.of(streams.get(i)))[0]);
        }
    }

    /** What a test does with runners of a model. */
    private interface Steps {
        void run(Supplier<StepRunner> runners);
    }

    private static void using(Steps test) {
        Workshop workshop = new Workshop();
        try (OpenModel model = workshop.open(MODEL)) {
            DeviceBinding binding = new DeviceBinding(MODEL, workshop.registry, Placement.ANYWHERE, workshop.recorder);
            model.using(() -> {
                Components components = model.pipelines().take().components();
                test.run(() -> Workshop.runner(components, binding));
                binding.drop();
                return null;
            });
        }
    }
}
