package org.intarsia.engine.scheduler;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.intarsia.backend.api.BackendException;
import org.intarsia.engine.api.BusyException;
import org.intarsia.engine.api.Request.Priority;
import org.intarsia.engine.scheduler.StepPlanner.Planned;
import org.intarsia.model.api.TokenRow;
import org.intarsia.model.api.TransformerCore.Head;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the generations of one model on one device together, step by step: each hands in its streams and waits for their scores,
 * and whoever finds nobody at work runs a step for all that wait (continuous batching; Yu et al., "Orca", 2022). So a lone generation
 * runs on its own thread and pays for no other, and many share each reading of the weights. Between steps a generation chooses its
 * tokens on its own thread, and may come and go.
 *
 * <p>A step first takes the streams that generate, and then as much of prompts as {@link Pace} allows. Before it begins, it waits a
 * little for generations that were in the step before: about as long as a step takes at most, and ever more seldom for one that comes
 * too late again and again.
 * Tokens do not depend on who runs beside whom: where a device does not say that a token's scores have the same bits beside any
 * others, each step is one generation's, of the first few in turn, and nothing that was read is shared.
 *
 * <p><em>Order.</em> First come, first served, within a priority: a generation that comes joins at once, unless so many streams run
 * that it has to wait until others end. Where the cache is full, the streams of the one that came last are dropped from it, and read
 * again when there is room: their tokens are the only state.
 *
 * <p><em>Locks.</em> The lock is held for bookkeeping alone, never while a step runs, and nobody waits for anything but its conditions
 * while he holds it. The runner belongs to whoever leads; he takes it only inside {@link Turn}, as no services may leave meanwhile.
 */
public final class StepScheduler {
    private static final Logger LOGGER = LoggerFactory.getLogger(StepScheduler.class);
    /** The least and the most that a step waits for generations which were in the one before. */
    private static final long LEAST_GATHERING = 4_000_000;
    private static final long MOST_GATHERING = 50_000_000;
    /** Generations that take turns where each needs steps of its own: with more of them each only waits longer for its next token. */
    private static final int MOST_APART = 4;
    /** The most steps for which nobody waits for a generation that came too late again and again. */
    private static final int MOST_UNEXPECTED = 32;

    /** The one that is served first in front. */
    private static final Comparator<Participant> ORDER =
            Comparator.comparing((Participant participant) -> participant.priority, Comparator.reverseOrder()).thenComparingLong(participant -> participant.age);

    private final SchedulerLimits limits;
    private final Supplier<StepRunner> making;
    private final Supplier<String> where;
    private final ReentrantLock lock = new ReentrantLock();
    /** Signalled when the last one who was expected has come, or left. */
    private final Condition gathering = lock.newCondition();
    private final Set<Participant> running = new LinkedHashSet<>();
    private final List<Participant> admission = new ArrayList<>();
    private final List<TokenRow> left = new ArrayList<>();
    private final Pace pace = new Pace();
    private boolean led;
    private long turns;
    private long lastNanos;
    private StepRunner runner;
    /** The cache of running streams when the last runner was unloaded; {@code null} where nothing is kept. */
    private SavedCache saved;
    /** Counts the runners that were made. */
    private int runners;

    /** How a step is run: while no service that it needs can leave. It may be begun again. */
    public interface Turn {
        /** Runs it; false, and nothing is run, where whoever leads has ended before it could be run. */
        boolean take(Runnable step);
    }

    /**
     * @param making makes a runner on the device that is there
     * @param where  names that device
     */
    public StepScheduler(SchedulerLimits limits, Supplier<StepRunner> making, Supplier<String> where) {
        this.limits = limits;
        this.making = making;
        this.where = where;
    }

    /** One generation. */
    public final class Participant {
        private final int most;
        private final long age;
        private final Priority priority;
        private final Condition condition = lock.newCondition();
        /** Its streams at its last step. */
        private List<TokenRow> streams = List.of();
        private List<Asked> asked = List.of();
        /** Whether the next step waits for it. */
        private boolean expected;
        /** Steps until it is waited for again. */
        private int unexpected;
        /** How many those are when it comes too late once more. */
        private int nextUnexpected = 1;
        /** The number of its last step. */
        private long served;
        private boolean admitted;
        private RuntimeException failure;
        private Error error;
        private String computed;
        /** The number of the runner of its last step. */
        private int used;

        private Participant(int rows, long age, Priority priority) {
            this.most = rows;
            this.age = age;
            this.priority = priority;
        }

        private boolean isWaiting() {
            return asked.stream().anyMatch(each -> !each.isAnswered());
        }

        /** Tells whether the last step that it had part in was run by a runner that is gone. */
        private boolean isMoved() {
            return used != 0 && used != runners;
        }

        private void expect() {
            unexpected = Math.max(0, unexpected - 1);
            expected = unexpected == 0;
        }

        private boolean isDone() {
            return failure != null || error != null || !isWaiting();
        }

        /**
         * Waits for scores; runs steps meanwhile where nobody else does.
         *
         * @param rows     its streams, each with a new token or with proposed ones
         * @param heads    what each asks for
         * @param proposed what may follow in each
         * @param turn     its way to run a step
         * @param ended    says that it need not wait any longer; it must say so where the thread is interrupted
         * @return nothing where it has ended
         */
        public Optional<Scores> step(List<TokenRow> rows, List<Head> heads, List<int[]> proposed, Turn turn, BooleanSupplier ended) {
            lock.lock();
            try {
                streams.stream().filter(former -> rows.stream().noneMatch(row -> row == former)).forEach(left::add);
                streams = List.copyOf(rows);
                asked = IntStream.range(0, rows.size())
                        .mapToObj(i -> new Asked(rows.get(i), heads.get(i), proposed.get(i))).toList();
                failure = null;
                error = null;
                nextUnexpected = expected ? Math.max(1, nextUnexpected / 2) : nextUnexpected;
                expected = false;
                tellGathering();
                while (!isDone()) {
                    if (ended.getAsBoolean()) {
                        asked = List.of();
                        return Optional.empty();
                    }
                    if (admitted && !led) {
                        led = true;
                        try {
                            gather();
                            lead(turn);
                        } finally {
                            led = false;
                        }
                    } else {
                        await();
                    }
                }
                if (failure != null) {
                    throw failure;
                }
                if (error != null) {
                    throw error;
                }
                boolean swapped = isMoved();
                used = runners;
                return Optional.of(new Scores(asked.stream().map(Asked::scores).toArray(float[][][]::new), computed, swapped));
            } finally {
                passOn();
                lock.unlock();
            }
        }

        private void await() {
            try {
                condition.await();
            } catch (InterruptedException e) {
                // The thread stays interrupted: that ends the generation.
                Thread.currentThread().interrupt();
            }
        }

        /** Says that it does something long before its next step, which others shall not wait for. */
        public void rest() {
            lock.lock();
            try {
                expected = false;
                tellGathering();
            } finally {
                lock.unlock();
            }
        }

        /** Lets it look again whether it has ended. */
        public void wake() {
            lock.lock();
            try {
                condition.signal();
            } finally {
                lock.unlock();
            }
        }

        /** Ends it: its streams leave the cache at the next step. */
        public void leave() {
            lock.lock();
            try {
                admission.remove(this);
                running.remove(this);
                left.addAll(streams);
                if (running.isEmpty()) {
                    closeSaved();
                }
                streams = List.of();
                asked = List.of();
                admit();
                tellGathering();
                passOn();
            } finally {
                lock.unlock();
            }
        }
    }

    /**
     * Lets a generation in, or lets it wait until others end.
     *
     * @param rows     its streams
     * @param age      the smaller, the earlier it came
     * @throws BusyException when too many wait already
     */
    public Participant join(int rows, long age, Priority priority) {
        lock.lock();
        try {
            Participant participant = new Participant(rows, age, priority);
            admission.add(participant);
            admission.sort(ORDER);
            admit();
            if (!participant.admitted && admission.size() > limits.waiting()) {
                admission.remove(participant);
                throw new BusyException("the model is busy: " + running.size() + " generations run and " + admission.size()
                        + " wait, and no more may; ask again later, or let more of them wait by the setting waiting of the engine");
            }
            return participant;
        } finally {
            lock.unlock();
        }
    }

    private void admit() {
        while (!admission.isEmpty()) {
            int rows = running.stream().mapToInt(participant -> participant.most).sum();
            Participant next = admission.getFirst();
            boolean apart = runner != null && !runner.isAlikeBesideOthers();
            if (!running.isEmpty() && (rows + next.most > limits.rows() || apart && running.size() >= MOST_APART)) {
                return;
            }
            admission.removeFirst();
            next.admitted = true;
            running.add(next);
            next.condition.signal();
        }
    }

    /** Lets one of those who wait lead. */
    private void passOn() {
        if (!led) {
            waiting().stream().findFirst().ifPresent(next -> next.condition.signal());
        }
    }

    private List<Participant> waiting() {
        return running.stream().filter(Participant::isWaiting).sorted(ORDER).toList();
    }

    /** Lets a step begin where nobody is expected any more. */
    private void tellGathering() {
        if (running.stream().noneMatch(participant -> participant.expected)) {
            gathering.signal();
        }
    }

    /** Waits for those who were in the step before. */
    private void gather() {
        long deadline = System.nanoTime() + Math.clamp(lastNanos, LEAST_GATHERING, MOST_GATHERING);
        while (sharesSteps() && running.stream().anyMatch(participant -> participant.expected)) {
            long nanos = deadline - System.nanoTime();
            try {
                if (nanos <= 0 || gathering.awaitNanos(nanos) <= 0) {
                    break;
                }
            } catch (InterruptedException e) {
                // Whoever leads was cancelled: he runs this step for the others all the same.
                Thread.currentThread().interrupt();
                break;
            }
        }
        running.stream().filter(participant -> participant.expected).forEach(participant -> {
            participant.expected = false;
            participant.unexpected = participant.nextUnexpected;
            participant.nextUnexpected = Math.min(MOST_UNEXPECTED, 2 * participant.nextUnexpected);
        });
    }

    /**
     * Chooses the generations that a step serves: all that wait, or, where a device computes otherwise beside others, one. That is one of
     * the first few, in turn, since each that has begun must move at a swap. More than those few run only after a swap from a
     * device that shares steps.
     */
    private List<Participant> together() {
        if (sharesSteps()) {
            return waiting();
        }
        return running.stream().sorted(ORDER).limit(MOST_APART).filter(Participant::isWaiting)
                .min(Comparator.comparingLong(participant -> participant.served))
                .or(() -> waiting().stream().findFirst()).stream().toList();
    }

    private boolean sharesSteps() {
        return runner != null && runner.isAlikeBesideOthers();
    }

    /** The generations that run, the one that is served first in front. */
    private record Batch(List<Holder> holders) {
        /**
         * @param streams its streams, also while it does not wait
         * @param waiting what the step may give it
         */
        private record Holder(Participant participant, List<TokenRow> streams, List<Asked> waiting) {
        }

        List<Asked> asked() {
            return holders.stream().flatMap(holder -> holder.waiting.stream()).toList();
        }

        /** Those that are served after the one that asks, the last one first. */
        List<Holder> behind(Asked asked) {
            return holders.reversed().stream().takeWhile(holder -> !holder.waiting.contains(asked)).toList();
        }

        /** All but the one that asks, the last one first. */
        List<Holder> others(Asked asked) {
            return holders.reversed().stream().filter(holder -> !holder.waiting.contains(asked)).toList();
        }
    }

    /** Runs one step for all that wait. */
    private void lead(Turn turn) {
        List<Participant> served = together();
        Batch batch = new Batch(running.stream().sorted(ORDER).map(participant -> new Batch.Holder(participant, participant.streams,
                participant.asked.stream().filter(each -> served.contains(participant) && !each.isAnswered()).toList())).toList());
        List<TokenRow> gone = List.copyOf(left);
        left.clear();
        String[] device = new String[1];
        RuntimeException failure = null;
        Error error = null;
        boolean taken = false;
        lock.unlock();
        try {
            taken = turn.take(() -> {
                if (runner == null) {
                    makeRunner();
                }
                gone.forEach(runner::forget);
                run(batch);
                device[0] = where.get();
            });
        } catch (RuntimeException e) {
            failure = e;
        } catch (Error e) {
            error = e;
        } finally {
            lock.lock();
        }
        if (!taken && failure == null && error == null) {
            left.addAll(gone);
            return;
        }
        for (Batch.Holder holder : batch.holders()) {
            Participant participant = holder.participant();
            if (!holder.waiting().isEmpty()) {
                participant.served = ++turns;
                participant.computed = device[0];
                participant.failure = failure;
                participant.error = error;
                if (participant.isDone()) {
                    // From now on, although its thread may take a while to hear of it.
                    participant.expect();
                    participant.condition.signal();
                }
            }
        }
    }

    private void makeRunner() {
        runner = making.get();
        runners++;
        if (saved != null) {
            try {
                runner.restore(saved);
            } finally {
                closeSaved();
            }
        }
    }

    private void closeSaved() {
        if (saved != null) {
            saved.close();
            saved = null;
        }
    }

    private void run(Batch batch) {
        long began = System.nanoTime();
        List<Asked> asked = batch.asked();
        // Where steps are not shared, a prompt is always cut alike. After a swap nobody is held up more than those who are read again.
        boolean moved = batch.holders().stream().anyMatch(holder -> !holder.waiting().isEmpty() && holder.participant().isMoved());
        IntUnaryOperator most = generating -> generating > 0 && runner.isAlikeBesideOthers() && !moved
                ? pace.prompts() : runner.mostTokens();
        StepPlanner planner = new StepPlanner(runner);
        List<Planned> planned = planner.plan(asked, most, each -> makeRoom(batch.behind(each)));
        if (planned.isEmpty()) {
            // Those in front hold everything, and want nothing of this step.
            planned = planner.plan(asked, most, each -> makeRoom(batch.others(each)));
        }
        if (planned.isEmpty()) {
            throw new BackendException("the cache of " + (runner.cacheBytes() >> 20) + " MiB cannot hold a stream of "
                    + asked.getFirst().row().size() + " tokens, and the device has no more memory for it: ask for less, or close other"
                    + " models");
        }
        runner.step(planned);
        lastNanos = System.nanoTime() - began;
        int prompts = planned.stream().map(Planned::piece).filter(piece -> piece.tokens() > 1).mapToInt(Piece::tokens).sum();
        pace.took(lastNanos, (int) planned.stream().filter(each -> each.piece().tokens() == 1).count(), prompts);
    }

    /** Drops the streams of the first of these that has any in the cache. */
    private boolean makeRoom(List<Batch.Holder> holders) {
        Optional<Batch.Holder> last = holders.stream().filter(holder -> holder.streams().stream().anyMatch(runner::holds)).findFirst();
        last.ifPresent(holder -> holder.streams().forEach(runner::forget));
        return last.isPresent();
    }

    /**
     * Closes what lies on the device, which still works; call it while nobody computes. What waits goes on with the device that is there
     * then, from a copy of the cache.
     */
    public void unload() {
        lock.lock();
        try {
            if (runner != null && !running.isEmpty()) {
                saved = runner.save().orElse(null);
            }
        } catch (BackendException e) {
            LOGGER.warn("keys and values cannot be copied from the device, so what was read is read again", e);
        } finally {
            closeRunner();
            lock.unlock();
        }
    }

    /** Closes what lies on the device, and what is kept of it; call it while nobody computes. What waits is read again. */
    public void drop() {
        lock.lock();
        try {
            closeSaved();
            closeRunner();
        } finally {
            lock.unlock();
        }
    }

    private void closeRunner() {
        if (runner != null) {
            runner.close();
            // Nothing here shall hold classes of a backend that leaves.
            runner = null;
        }
    }

    /** Generations that wait for others to end. */
    public int queue() {
        lock.lock();
        try {
            return admission.size();
        } finally {
            lock.unlock();
        }
    }
}
