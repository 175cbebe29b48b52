package org.intarsia.engine;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.Event;
import org.intarsia.engine.api.Generation;
import org.intarsia.engine.api.Request;

/** Runs requests together: all their streams are rows of one plan, so a step takes one run. */
final class GenerationRun implements Generation {
    private final OpenModel model;
    private final List<Request> requests;
    private final Consumer<Event> listener;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final CompletableFuture<List<Answer>> answers = new CompletableFuture<>();
    private final List<Event> news = new ArrayList<>();
    private final Set<String> devices = new LinkedHashSet<>();
    private volatile boolean cancelled;
    private Stepper stepper;

    GenerationRun(OpenModel model, List<Request> requests, Consumer<Event> listener) {
        this.model = model;
        this.requests = List.copyOf(requests);
        this.listener = listener;
    }

    @Override
    public List<Answer> run() {
        if (!begun.compareAndSet(false, true)) {
            throw new IllegalStateException("a generation runs only once");
        }
        try {
            List<Answer> all = requests.isEmpty() ? List.of() : work();
            answers.complete(all);
            return all;
        } catch (RuntimeException | Error e) {
            answers.completeExceptionally(e);
            throw e;
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
        model.wake();
    }

    private List<Answer> work() {
        List<TokenStream> streams = model.using(this::streams);
        List<Ids> rows = streams.stream().flatMap(stream -> stream.rows().stream()).toList();
        int tokens = streams.stream().mapToInt(TokenStream::length).max().orElseThrow();
        try {
            while (streams.stream().anyMatch(stream -> stream.answer() == null)) {
                model.using(() -> {
                    step(streams, rows, tokens);
                    return null;
                });
                // Outside: a listener may do what it likes, even stop the bundle that computes.
                news.forEach(listener);
                news.clear();
            }
        } finally {
            if (stepper != null) {
                model.steppers().giveBack(stepper);
            }
        }
        return streams.stream().map(TokenStream::answer).toList();
    }

    private List<TokenStream> streams() {
        List<TokenStream> streams = new ArrayList<>();
        for (Request request : requests) {
            streams.add(model.stream(streams.size(), request, () -> model.origin(devices)));
        }
        return streams;
    }

    private void step(List<TokenStream> streams, List<Ids> rows, int tokens) {
        if (cancelled) {
            streams.stream().filter(stream -> stream.answer() == null).forEach(stream -> stream.cancel(news::add));
            return;
        }
        if (stepper == null || !stepper.isOpen()) {
            stepper = model.steppers().take(rows.size(), tokens);
            devices.add(model.where());
        }
        float[][] scores = stepper.next(rows);
        int first = 0;
        for (TokenStream stream : streams) {
            if (stream.answer() == null) {
                stream.step(scores, first, news::add);
            }
            first += stream.rows().size();
        }
    }
}
