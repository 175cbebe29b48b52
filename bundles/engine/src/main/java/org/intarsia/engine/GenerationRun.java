package org.intarsia.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.Event;
import org.intarsia.engine.api.Generation;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Origin;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.decode.RequestState;
import org.intarsia.engine.measure.Recorder;
import org.intarsia.engine.pipeline.ModelPipeline;
import org.intarsia.engine.registry.Kind;
import org.intarsia.engine.registry.Registry;
import org.intarsia.engine.scheduler.Scores;
import org.intarsia.engine.scheduler.StepScheduler;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.TokenRow;
import org.intarsia.model.api.TransformerCore.Head;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Requests on their way together: a participant of the model's scheduler, whose streams are rows of the same steps. */
final class GenerationRun implements Generation {
    private static final Logger LOGGER = LoggerFactory.getLogger(GenerationRun.class);

    private final Supplier<Lease> source;
    private final Registry registry;
    private final Recorder recorder;
    private final List<Request> requests;
    private final Consumer<Event> listener;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final CompletableFuture<List<Answer>> answers = new CompletableFuture<>();
    private final List<Event> news = new ArrayList<>();
    private final Set<String> devices = new LinkedHashSet<>();
    private final SortedMap<String, String> components = new TreeMap<>();
    private volatile boolean cancelled;
    /** Set when the thread that runs it was interrupted. */
    private boolean interrupted;
    private OpenModel model;
    private ModelPipeline pipeline;
    private long age;
    private volatile StepScheduler.Participant participant;
    /** True where the pipeline cannot be kept any longer, although its time of grace is not over. */
    private boolean broken;
    private boolean swapped;
    private boolean promptRead;
    private long before;

    /**
     * An open model, which stays open until the lease ends.
     *
     * @param model the model
     * @param end   ends the lease
     */
    record Lease(OpenModel model, Runnable end) {
    }

    /** @param source gives the model when the generation begins */
    GenerationRun(Supplier<Lease> source, Registry registry, Recorder recorder, List<Request> requests,
            Consumer<Event> listener) {
        this.source = source;
        this.registry = registry;
        this.recorder = recorder;
        this.requests = List.copyOf(requests);
        this.listener = listener;
    }

    @Override
    public List<Answer> run() {
        if (!begun.compareAndSet(false, true)) {
            throw new IllegalStateException("a generation runs only once");
        }
        recorder.began();
        boolean well = false;
        try {
            List<Answer> all = requests.isEmpty() ? List.of() : work();
            well = true;
            answers.complete(all);
            if (interrupted) {
                throw new CancellationException("the generation was interrupted");
            }
            return all;
        } catch (RuntimeException | LinkageError e) {
            Optional<ModelException> told = model == null ? Optional.empty() : model.stopped(e);
            answers.completeExceptionally(told.<Throwable>map(cause -> cause).orElse(e));
            if (told.isPresent()) {
                throw told.get();
            }
            throw e;
        } catch (Error e) {
            answers.completeExceptionally(e);
            throw e;
        } finally {
            recorder.ended(well);
        }
    }

    @Override
    public Generation start() {
        Thread.ofVirtual().name("intarsia-generation").start(() -> {
            try {
                run();
            } catch (RuntimeException | Error e) {
                // await() tells; completing twice is harmless and covers a second start.
                answers.completeExceptionally(e);
            }
        });
        return this;
    }

    @Override
    public List<Answer> await() throws InterruptedException {
        try {
            return answers.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                default -> throw new CompletionException(e.getCause());
            }
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
        // It may be waiting for something that has left, or for its scores.
        registry.wake();
        StepScheduler.Participant waiting = participant;
        if (waiting != null) {
            waiting.wake();
        }
    }

    private List<Answer> work() {
        age = registry.age();
        Lease lease = source.get();
        model = lease.model();
        try {
            if (!model.isLoaded()) {
                IntStream.range(0, requests.size()).forEach(request -> listener.accept(new Event.Loading(request)));
            }
            List<RequestState> streams = model.using(age, this::streams);
            streams.forEach(stream -> listener.accept(stream.reading(false)));
            before = System.nanoTime();
            while (streams.stream().anyMatch(stream -> stream.answer() == null)) {
                cancelled |= isInterrupted();
                try {
                    step(streams);
                } catch (LinkageError | IllegalStateException e) {
                    if (broken || !model.pipelines().isOutdated(pipeline) || !isOfClassesThatHaveLeft(e)) {
                        throw e;
                    }
                    LOGGER.warn("a generation of model {} cannot keep a component that has left: {}", model.name(), e.toString());
                    broken = true;
                }
                // A listener may do what it likes, even stop the bundle that computes.
                news.forEach(listener);
                news.clear();
            }
            return streams.stream().map(RequestState::answer).toList();
        } finally {
            registry.using(() -> {
                letGo();
                return null;
            });
            lease.end().run();
        }
    }

    private boolean isInterrupted() {
        interrupted |= Thread.currentThread().isInterrupted();
        return interrupted;
    }

    /**
     * Of a bundle that is gone, only classes that were loaded before are still there; one that is just being read when its file is
     * closed fails within the JDK's reader of archives, with "zip file closed" or "Inflater has been closed".
     */
    private static boolean isOfClassesThatHaveLeft(Throwable failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        return failure instanceof LinkageError || trace.length > 0 && trace[0].getClassName().startsWith("java.util.zip.");
    }

    /** It may be begun again when it fails. */
    private List<RequestState> streams() {
        letGo();
        pipeline = model.pipelines().take();
        List<RequestState> streams = new ArrayList<>();
        for (Request request : requests) {
            streams.add(new RequestState(streams.size(), request, pipeline, model.name(), this::computed, () -> origin(request)));
            if (request.parts().stream().anyMatch(Image.class::isInstance)) {
                computed();
            }
        }
        return streams;
    }

    /** Remembers the device: pictures are seen and made between steps, so it may be another one than that of any token. */
    private void computed() {
        devices.add(model.where(pipeline.components()));
    }

    /** Names what took part in the request, not what others have had made before: its record must not depend on them. */
    private Origin origin(Request request) {
        remember();
        SortedMap<String, String> own = new TreeMap<>(components);
        if (request.parts().stream().noneMatch(Image.class::isInstance)) {
            own.remove(Kind.VISION_ENCODER.toString());
        }
        if (request.goal() != Goal.PICTURE && request.goal() != Goal.INTERLEAVED) {
            own.remove(Kind.IMAGE_DECODER.toString());
        }
        return model.origin(pipeline.components(), own, devices);
    }

    private void remember() {
        pipeline.components().bundles().forEach((kind, bundle) -> components.merge(kind, bundle,
                (former, now) -> former.contains(now) ? former : former + ", " + now));
    }

    private void letGo() {
        if (participant != null) {
            participant.leave();
            participant = null;
        }
        if (pipeline != null) {
            model.pipelines().giveBack(pipeline);
            pipeline = null;
        }
    }

    private void step(List<RequestState> streams) {
        if (broken || model.pipelines().isOver(pipeline)) {
            model.using(age, () -> {
                move(streams);
                return null;
            });
        }
        List<RequestState> open = streams.stream().filter(stream -> stream.answer() == null).toList();
        boolean ends = cancelled || open.stream().noneMatch(RequestState::isUntold) && !choose(open);
        // Afterwards: telling may fail and be begun again, and it may begin a picture, whose rows are others.
        model.using(open.stream().anyMatch(RequestState::paints) ? age : Registry.AT_ONCE, () -> {
            open.stream().filter(stream -> stream.answer() == null).forEach(stream -> {
                if (ends) {
                    stream.cancel(news::add);
                } else {
                    stream.tell(news::add);
                }
            });
            return null;
        });
    }

    /** Waits for scores, and chooses by them; false where it was cancelled meanwhile. */
    private boolean choose(List<RequestState> open) {
        List<TokenRow> rows = open.stream().flatMap(stream -> stream.rows().stream()).toList();
        List<Head> heads = open.stream().flatMap(stream -> stream.rows().stream().map(row -> stream.head())).toList();
        List<int[]> proposed = open.stream().flatMap(stream -> Collections.nCopies(stream.rows().size(), stream.propose()).stream())
                .toList();
        if (participant == null) {
            participant = pipeline.scheduler().join(rows.size(), age,
                    requests.stream().map(Request::priority).max(Comparator.naturalOrder()).orElseThrow());
        }
        Optional<Scores> known = participant.step(rows, heads, proposed, this::takeTurn, () -> cancelled || isInterrupted());
        if (known.isEmpty()) {
            return false;
        }
        devices.add(known.get().where());
        swapped |= known.get().swapped();
        if (!promptRead) {
            promptRead = true;
            open.forEach(stream -> news.add(stream.reading(true)));
        }
        int first = 0;
        int chosen = 0;
        for (RequestState stream : open) {
            chosen += stream.choose(known.get().scores(), first);
            first += stream.rows().size();
        }
        if (open.stream().anyMatch(RequestState::isPictureDone)) {
            participant.rest();
        }
        long time = System.nanoTime();
        recorder.tokens(chosen, time - before, swapped);
        before = time;
        swapped = false;
        return true;
    }

    private boolean takeTurn(Runnable step) {
        return model.using(age, () -> {
            // It may have waited for something that has left.
            boolean goesOn = !cancelled && !isInterrupted();
            if (goesOn) {
                step.run();
            }
            return goesOn;
        });
    }

    /** Goes on with the components that new generations take. */
    private void move(List<RequestState> streams) {
        remember();
        ModelPipeline next = model.pipelines().take();
        if (participant != null && next.scheduler() != pipeline.scheduler()) {
            participant.leave();
            participant = null;
        }
        model.pipelines().giveBack(pipeline);
        pipeline = next;
        // Asked for here already: adapters may fit no longer.
        next.components().core();
        streams.forEach(stream -> stream.move(next));
        broken = false;
        swapped = true;
    }
}
