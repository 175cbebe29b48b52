package org.intarsia.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.intarsia.engine.api.Placement;
import org.intarsia.engine.decode.DecodingLoop;
import org.intarsia.engine.pipeline.Components;
import org.intarsia.engine.pipeline.DeviceBinding;
import org.intarsia.engine.sampling.TokenHistory;
import org.intarsia.engine.scheduler.StepRunner;
import org.intarsia.model.api.TokenRow;
import org.intarsia.model.api.TransformerCore.Head;
import org.junit.jupiter.api.Test;

/**
 * A loop that fills masks in parallel, the surest first, as Show-o and MaskGIT do, needs nothing but {@link DecodingLoop}. The tiny model
 * here sees tokens in front alone, so what comes out has no meaning; which passes are run has.
 */
class MaskedParallelTest {
    private static final int MASK = 7;
    private static final int CODES = 8;
    private static final int ROUNDS = 4;

    /** Each round keeps the surest tokens, as many as bring all in the last round, and masks the others again. */
    private static final class MaskedParallel implements DecodingLoop {
        private final int[] codes = new int[CODES];
        private final List<Integer> masked = new ArrayList<>();
        private final List<int[]> seen = new ArrayList<>();
        private int rounds;

        MaskedParallel() {
            Arrays.fill(codes, MASK);
            IntStream.range(0, CODES).forEach(masked::add);
        }

        @Override
        public int[] propose(TokenHistory history, int room) {
            return codes.clone();
        }

        @Override
        public void accept(int[] proposed, List<float[]> logits, Target target) {
            if (logits.size() == 1) {
                return;
            }
            seen.add(proposed);
            rounds++;
            int[] best = logits.stream().mapToInt(MaskedParallel::best).toArray();
            masked.sort(Comparator.comparingDouble(place -> -logits.get(place + 1)[best[place + 1]]));
            while (masked.size() > CODES * (ROUNDS - rounds) / ROUNDS) {
                int place = masked.removeFirst();
                codes[place] = best[place + 1];
            }
            if (masked.isEmpty()) {
                for (int place = 0; place < CODES; place++) {
                    target.accept(codes[place], logits.get(place + 1));
                }
            }
        }

        private static int best(float[] scores) {
            return IntStream.range(0, scores.length).boxed().max(Comparator.comparingDouble(id -> scores[id])).orElseThrow();
        }
    }

    @Test
    void everyRoundFixesSomeTokensAndTheLastHandsAllOver() {
        Workshop workshop = new Workshop();
        try (OpenModel model = workshop.open("chameleon-7b")) {
            DeviceBinding binding = new DeviceBinding("chameleon-7b", workshop.registry, Placement.ANYWHERE, workshop.recorder);
            model.using(() -> {
                Components components = model.pipelines().take().components();
                TokenRow row = new TokenRow().add(IntStream.range(100, 120).toArray());
                MaskedParallel loop = new MaskedParallel();
                TokenHistory history = new TokenHistory(row.list());
                int passes = 0;
                try (StepRunner runner = Workshop.runner(components, binding)) {
                    // What GenerationRun does with each request.
                    while (row.size() == 20) {
                        int[] proposed = loop.propose(history, CODES);
                        float[][][] scores = runner.next(List.of(row), List.of(Head.PICTURE), Collections.singletonList(proposed));
                        loop.accept(proposed, List.of(scores[0]), target(row, history));
                        passes++;
                    }
                }
                assertThat(passes).as("one reads the prompt").isEqualTo(1 + ROUNDS);
                assertThat(loop.seen).extracting(MaskedParallelTest::masks).containsExactly(8L, 6L, 4L, 2L);
                assertThat(row.from(20)).isEqualTo(loop.codes);
                binding.drop();
                return null;
            });
        }
    }

    private static long masks(int[] codes) {
        return IntStream.of(codes).filter(code -> code == MASK).count();
    }

    private static DecodingLoop.Target target(TokenRow row, TokenHistory history) {
        return new DecodingLoop.Target() {
            @Override
            public int choose(float[] logits) {
                throw new AssertionError("this loop chooses itself");
            }

            @Override
            public boolean accept(int id, float[] logits) {
                row.add(id);
                history.add(id);
                return row.size() < 20 + CODES;
            }
        };
    }
}
