package org.intarsia.engine.scheduler;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.intarsia.backend.api.Buffer;
import org.intarsia.backend.api.Plan;
import org.intarsia.graph.Dim;
import org.intarsia.graph.Graph;
import org.intarsia.graph.TensorType;
import org.intarsia.graph.op.Leaf;

/**
 * The plans of the stages of one graph, which run one after the other; each gets the output of the one before. The tokens of a large
 * step go through in parts, in their order, so that stages work at the same time (Huang et al., "GPipe", 2019): a stage has written the
 * keys and values of earlier tokens when it comes to later ones. Small steps stay whole, since a stage reads all its weights for each part.
 */
final class StagedPlan implements Plan {
    /** The least tokens of a part: their products take longer than the reading of the weights, on all devices that are known. */
    private static final int LEAST_PART = 64;
    private static final int UNIT = 32;

    private final List<Stage> stages;
    private final List<String> boundaries;
    private final boolean divides;
    private final Map<String, HostBuffer> inputs = new HashMap<>();
    private final Arena memory = Arena.ofShared();
    /** In the order of the boundaries: what goes over each, for all tokens. */
    private final List<MemorySegment> handed = new ArrayList<>();
    /** Bytes of a row for one token of what goes over each. */
    private final List<Long> rows = new ArrayList<>();
    private boolean closed;

    /**
     * A stage.
     *
     * @param sizes  the named sizes that it has
     * @param inputs the names of its inputs
     */
    record Stage(Graph graph, Plan plan, Set<String> sizes, Set<String> inputs) {
        static Stage of(Graph graph, Plan plan) {
            Set<String> sizes = new TreeSet<>();
            graph.nodes().forEach(node -> node.shape().dims().stream().filter(dim -> !dim.isFixed()).map(Dim::name).forEach(sizes::add));
            return new Stage(graph, plan, sizes, graph.leaves(Leaf.Input.class).keySet());
        }
    }

    /**
     * Tokens of a step that go through the stages together.
     *
     * @param first counted from 0
     */
    private record Part(int first, int tokens) {
        /** Returns what is theirs of a tensor with a row for each token. */
        MemorySegment of(MemorySegment all, long row) {
            return all.asSlice(first * row, tokens * row);
        }
    }

    /**
     * Puts stages together.
     *
     * @param boundaries what each stage but the last hands on
     * @param divides    whether a token has the same bits beside any others, so that large steps may go through in parts
     */
    StagedPlan(List<Stage> stages, List<String> boundaries, boolean divides) {
        this.divides = divides;
        this.stages = List.copyOf(stages);
        this.boundaries = List.copyOf(boundaries);
        for (int number = 0; number < boundaries.size(); number++) {
            TensorType type = stages.get(number).graph().outputs().get(boundaries.get(number)).type();
            handed.add(memory.allocate(type.bytes(), Float.BYTES));
            rows.add(row(type));
        }
        for (Stage stage : stages) {
            stage.graph().leaves(Leaf.Input.class).forEach((name, node) -> {
                if (!boundaries.contains(name)) {
                    inputs.computeIfAbsent(name, key -> new HostBuffer(node.type()));
                }
            });
        }
    }

    /** Returns a buffer whose content reaches every stage that reads the input. */
    @Override
    public Buffer input(String name) {
        return inputs.get(name);
    }

    @Override
    public Buffer output(String name) {
        return stages.getLast().plan().output(name);
    }

    @Override
    public void run(Map<String, Long> sizes) {
        int tokens = Math.toIntExact(sizes.get(StepGraph.TOKENS));
        List<Part> parts = parts(tokens);
        // The last stage chooses the tokens that are scored, so it sees all at once.
        if (parts.size() == 1) {
            for (int number = 0; number < stages.size() - 1; number++) {
                run(number, parts.getFirst(), sizes);
            }
        } else {
            runTogether(parts, sizes);
        }
        run(stages.size() - 1, new Part(0, tokens), sizes);
    }

    /** More parts than stages, so that all stages work most of the time; of few sizes, as devices prepare a plan for each. */
    private List<Part> parts(int tokens) {
        int most = divides ? Math.clamp(tokens / LEAST_PART, 1, 2 * (stages.size() - 1)) : 1;
        int size = most == 1 ? tokens : Math.ceilDiv(Math.ceilDiv(tokens, most), UNIT) * UNIT;
        List<Part> parts = new ArrayList<>();
        for (int first = 0; first < tokens; first += size) {
            parts.add(new Part(first, Math.min(size, tokens - first)));
        }
        return parts;
    }

    /** Runs the parts through all stages but the last: a stage works on a part when it has done the one before, and so has the stage before. */
    private void runTogether(List<Part> parts, Map<String, Long> sizes) {
        CompletableFuture<?>[] before = new CompletableFuture<?>[parts.size()];
        List<CompletableFuture<?>> all = new ArrayList<>();
        for (int number = 0; number < stages.size() - 1; number++) {
            int stage = number;
            CompletableFuture<?> own = CompletableFuture.completedFuture(null);
            Executor thread = task -> Thread.ofPlatform().daemon().name("intarsia-stage-" + stage).start(task);
            for (int i = 0; i < before.length; i++) {
                Part part = parts.get(i);
                CompletableFuture<?> ready = number == 0 ? own : CompletableFuture.allOf(own, before[i]);
                own = ready.thenRunAsync(() -> run(stage, part, sizes), thread);
                before[i] = own;
                all.add(own);
            }
        }
        try {
            // Also those that a failure has not reached: nothing may run any more when this returns.
            CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private void run(int number, Part part, Map<String, Long> sizes) {
        Stage stage = stages.get(number);
        Map<String, Long> own = new TreeMap<>(sizes);
        own.put(StepGraph.TOKENS, (long) part.tokens());
        own.keySet().retainAll(stage.sizes());
        inputs.forEach((name, input) -> {
            if (stage.inputs().contains(name)) {
                stage.plan().input(name).write(isPerToken(input.type()) ? part.of(input.content(), row(input.type())) : input.content());
            }
        });
        if (number > 0) {
            stage.plan().input(boundaries.get(number - 1)).write(part.of(handed.get(number - 1), rows.get(number - 1)));
        }
        stage.plan().run(own);
        if (number < boundaries.size()) {
            stage.plan().output(boundaries.get(number)).read(part.of(handed.get(number), rows.get(number)));
        }
    }

    private static boolean isPerToken(TensorType type) {
        Dim first = type.shape().dim(0);
        return !first.isFixed() && first.name().equals(StepGraph.TOKENS);
    }

    private static long row(TensorType type) {
        return type.bytes() / type.shape().dim(0).bounded();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            stages.forEach(stage -> stage.plan().close());
            memory.close();
        }
    }
}
