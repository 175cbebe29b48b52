package org.intarsia.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.BusyException;
import org.intarsia.engine.api.Event;
import org.intarsia.engine.api.Generation;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Request.Priority;
import org.intarsia.engine.api.Sampling;
import org.intarsia.engine.scheduler.SchedulerLimits;
import org.intarsia.model.api.Text;
import org.junit.jupiter.api.Test;

/** Generations of several callers run in the same steps, and each has the answer that it would have alone. */
class StepSchedulerTest {
    private static final String MODEL = "llama-tied";
    private static final int TOKENS = 24;

    private volatile int millis;
    /** A device whose steps take so long, if anything is said. */
    private final FragileBackend counting = new FragileBackend(Integer.MAX_VALUE, () -> sleep(millis));

    @Test
    void whoAsksAtOnceSharesSteps() throws InterruptedException {
        Workshop workshop = workshop(Workshop.LIMITS);
        try (OpenModel model = workshop.open(MODEL)) {
            List<Answer> alone = IntStream.range(0, 8).mapToObj(i -> model.answer(request(i, TOKENS))).toList();
            long steps = counting.steps.size();
            millis = 5;
            Together together = new Together(model, 8);
            for (int i = 0; i < 8; i++) {
                together.start(request(i, TOKENS));
            }
            assertThat(together.answers()).usingRecursiveComparison().ignoringFields("origin").isEqualTo(alone);
            assertThat(counting.steps.size() - steps).as("steps of all").isLessThan(steps * 3 / 4);
        }
    }

    /** Where a device does not promise that, no step has tokens of two generations, and nothing that was read is shared. */
    @Test
    void devicesThatComputeOtherwiseBesideOthersServeOneAfterTheOther() throws InterruptedException {
        counting.alike = false;
        Workshop workshop = workshop(Workshop.LIMITS);
        try (OpenModel model = workshop.open(MODEL)) {
            List<Answer> alone = IntStream.range(0, 4).mapToObj(i -> model.answer(request(i, TOKENS))).toList();
            List<Long> before = counting.steps.stream().sorted().toList();
            counting.steps.clear();
            Together together = new Together(model, 4);
            for (int i = 0; i < 4; i++) {
                together.start(request(i, TOKENS));
            }
            assertThat(together.answers()).isEqualTo(alone);
            assertThat(counting.steps.stream().sorted().toList()).isEqualTo(before);
        }
    }

    /** One that holds the whole cache and listens slowly gives way. */
    @Test
    void whoWaitsTakesTheCacheOfOneThatStaysAway() throws InterruptedException {
        Workshop workshop = workshop(new SchedulerLimits(256, 64, 1024, 0));
        CountDownLatch large = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        AtomicInteger pieces = new AtomicInteger();
        try (OpenModel model = workshop.open(MODEL)) {
            Answer alone = model.answer(request(1, 200));
            Generation first = model.prepare(List.of(request(1, 200)), event -> {
                if (event instanceof Event.TextPiece && pieces.incrementAndGet() == 150) {
                    large.countDown();
                    uninterrupted(end);
                }
            }).start();
            large.await();
            assertThat(model.answer(request(2, 200)).ids()).isNotEmpty();
            end.countDown();
            assertThat(first.await()).usingRecursiveComparison().ignoringFields("origin").isEqualTo(List.of(alone));
        }
    }

    /** Some come late, some are cancelled, and everything is moved to another device now and then. */
    @Test
    void answersDoNotDependOnWhoRunsBeside() throws InterruptedException {
        Workshop workshop = workshop(Workshop.LIMITS);
        try (OpenModel model = workshop.open(MODEL)) {
            List<Request> requests = IntStream.range(0, 20).mapToObj(i -> request(i, 5 + 3 * i)).toList();
            List<Answer> alone = requests.stream().map(model::answer).toList();
            SplittableRandom random = new SplittableRandom(7);
            List<Generation> kept = new ArrayList<>();
            for (Request each : requests) {
                kept.add(model.prepare(List.of(each), event -> { }).start());
                Thread.sleep(random.nextInt(20));
                if (random.nextInt(3) == 0) {
                    model.prepare(List.of(request(random.nextInt(100), 40)), event -> { }).start().cancel();
                }
                if (random.nextInt(5) == 0) {
                    workshop.registry.alone(model::move);
                }
            }
            List<Answer> answers = new ArrayList<>();
            for (Generation each : kept) {
                answers.add(each.await().getFirst());
            }
            assertThat(answers).usingRecursiveComparison().ignoringFields("origin").isEqualTo(alone);
        }
    }

    @Test
    void aCacheThatIsTooSmallForAllIsUsedInTurn() throws InterruptedException {
        List<Request> requests = IntStream.range(0, 12).mapToObj(i -> request(i, 120)).toList();
        List<Answer> alone;
        try (OpenModel model = workshop(Workshop.LIMITS).open(MODEL)) {
            alone = requests.stream().map(model::answer).toList();
        }
        // Room for one stream of the whole context, and a step.
        try (OpenModel model = workshop(new SchedulerLimits(256, 64, 1024, 0)).open(MODEL)) {
            Together together = new Together(model, requests.size());
            requests.forEach(together::start);
            assertThat(together.answers()).usingRecursiveComparison().ignoringFields("origin").isEqualTo(alone);
        }
    }

    @Test
    void whoComesWhenTooManyWaitIsRefused() throws InterruptedException {
        Workshop workshop = workshop(new SchedulerLimits(1, 64, 1, 1 << 20));
        CountDownLatch end = new CountDownLatch(1);
        try (OpenModel model = workshop.open(MODEL)) {
            Generation first = held(model, request(1, 4), end);
            Generation second = model.prepare(List.of(request(2, 4)), event -> { }).start();
            while (model.queue() == 0) {
                Thread.onSpinWait();
            }
            assertThatThrownBy(() -> model.answer(request(3, 4))).isInstanceOf(BusyException.class)
                    .hasMessageContaining("1 generations run and 1 wait");
            end.countDown();
            assertThat(first.await()).hasSize(1);
            assertThat(second.await()).hasSize(1);
            assertThat(model.queue()).isZero();
        }
    }

    @Test
    void whoWaitsBeginsInTheOrderOfPriorities() throws InterruptedException {
        Workshop workshop = workshop(new SchedulerLimits(1, 64, 8, 1 << 20));
        CountDownLatch end = new CountDownLatch(1);
        try (OpenModel model = workshop.open(MODEL)) {
            Generation first = held(model, request(1, 4), end);
            List<Priority> asked = List.of(Priority.LOW, Priority.NORMAL, Priority.HIGH, Priority.NORMAL, Priority.HIGH);
            List<Integer> begun = Collections.synchronizedList(new ArrayList<>());
            List<Generation> later = new ArrayList<>();
            for (int i = 0; i < asked.size(); i++) {
                int number = i;
                Generation each = model.prepare(List.of(request(i, 4).withPriority(asked.get(i))), event -> {
                    if (event instanceof Event.TextPiece && !begun.contains(number)) {
                        begun.add(number);
                    }
                }).start();
                later.add(each);
                while (model.queue() == i) {
                    Thread.onSpinWait();
                }
            }
            end.countDown();
            first.await();
            for (Generation each : later) {
                each.await();
            }
            assertThat(begun).containsExactly(2, 4, 1, 3, 0);
        }
    }

    @Test
    void whoWaitsForOthersToEndCanBeCancelled() throws InterruptedException {
        Workshop workshop = workshop(new SchedulerLimits(1, 64, 8, 1 << 20));
        CountDownLatch end = new CountDownLatch(1);
        try (OpenModel model = workshop.open(MODEL)) {
            Generation first = held(model, request(1, 4), end);
            Generation second = model.prepare(List.of(request(2, 4)), event -> { }).start();
            while (model.queue() == 0) {
                Thread.onSpinWait();
            }
            second.cancel();
            assertThat(second.await().getFirst().outcome()).isEqualTo(Answer.Outcome.CANCELLED);
            end.countDown();
            first.await();
        }
    }

    /** A client that reads slowly costs the others nothing. */
    @Test
    void aListenerThatBlocksHoldsNobodyUp() throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        try (OpenModel model = workshop(Workshop.LIMITS).open(MODEL)) {
            Generation slow = held(model, request(1, TOKENS), end);
            assertThat(model.answer(request(2, TOKENS)).outcome()).isNotEqualTo(Answer.Outcome.CANCELLED);
            end.countDown();
            assertThat(slow.await()).hasSize(1);
        }
    }

    /** While others generate, a prompt is read in pieces, each beside a token of the others. */
    @Test
    void aLongPromptIsReadBesideWhoGenerates() throws InterruptedException {
        try (OpenModel model = workshop(Workshop.LIMITS).open(MODEL)) {
            Request prompt = new Request(List.of(new Text("once upon a time there was ".repeat(12))), Goal.CONTINUATION,
                    Sampling.GREEDY.withMaxTokens(4));
            Answer alone = model.answer(prompt);
            List<Generation> late = Collections.synchronizedList(new ArrayList<>());
            AtomicInteger pieces = new AtomicInteger();
            int[] before = new int[1];
            model.prepare(List.of(request(1, 60)), event -> {
                if (event instanceof Event.TextPiece && pieces.incrementAndGet() == 5) {
                    before[0] = counting.steps.size();
                    late.add(model.prepare(List.of(prompt), done -> { }).start());
                }
            }).run();
            assertThat(late.getFirst().await()).usingRecursiveComparison().ignoringFields("origin").isEqualTo(List.of(alone));
            List<Long> steps = counting.steps.subList(before[0], counting.steps.size());
            assertThat(steps).as("no step reads the whole prompt").allMatch(tokens -> tokens < alone.prompt().size());
        }
    }

    private Workshop workshop(SchedulerLimits limits) {
        Workshop workshop = new Workshop(limits).withAllFamilies();
        workshop.registry.removeBackend(workshop.backend);
        workshop.registry.addBackend(counting, Workshop.properties(40));
        return workshop;
    }

    private static Request request(int seed, int tokens) {
        return new Request(List.of(new Text("once upon a time ".repeat(1 + seed % 5))), Goal.CONTINUATION,
                Sampling.builder().temperature(0.8).seed(seed).maxTokens(tokens).build());
    }

    /** Starts a generation, and returns when it has begun to write; it goes on at the end that it is told. */
    private static Generation held(OpenModel model, Request request, CountDownLatch end) throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        Generation generation = model.prepare(List.of(request), event -> {
            if (event instanceof Event.TextPiece) {
                running.countDown();
                uninterrupted(end);
            }
        }).start();
        running.await();
        return generation;
    }

    private static void sleep(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void uninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Generations that all begin before any goes on. */
    private static final class Together {
        private final OpenModel model;
        private final CountDownLatch begun;
        private final List<Generation> generations = new ArrayList<>();

        Together(OpenModel model, int count) {
            this.model = model;
            begun = new CountDownLatch(count);
        }

        void start(Request request) {
            generations.add(model.prepare(List.of(request), event -> {
                if (event instanceof Event.Reading) {
                    begun.countDown();
                    uninterrupted(begun);
                }
            }).start());
        }

        List<Answer> answers() throws InterruptedException {
            List<Answer> answers = new ArrayList<>();
            for (Generation each : generations) {
                answers.add(each.await().getFirst());
            }
            return answers;
        }
    }
}
