package org.intarsia.training.stages;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.intarsia.backend.api.Plan;
import org.intarsia.graph.Graph;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.model.api.KeyValueCache;
import org.intarsia.model.api.TransformerCore;
import org.intarsia.picturebook.samples.Sample;
import org.intarsia.picturebook.world.Scene;
import org.intarsia.training.api.TrainingException;
import org.intarsia.training.codes.TokenTables;
import org.intarsia.training.recipe.LearningRate;
import org.intarsia.training.recipe.Lessons;
import org.intarsia.training.recipe.Recipe;
import org.intarsia.training.trainer.StageLoop;
import org.intarsia.training.trainer.Trainer;

/**
 * Trains the transformer to go on after the separator. Samples are gathered by length, so that little is padded: a step
 * takes as many samples of one length as its share of tokens holds.
 */
public final class CoreStage implements StageLoop.Work {
    private final Trainer trainer;
    private final TransformerCore core;
    private final Lessons lessons;
    private final StreamWriter writer;
    private final TokenTables tables;
    private final Codes codes;
    private final LearningRate rate;
    private final double zLoss;
    private final int pad;
    private final TreeMap<Integer, Batch> batches = new TreeMap<>();
    private long next;

    /** What is gathered for one length: the numbers of waiting samples, and the plans once they are needed. */
    private static final class Batch {
        final int length;
        final int rows;
        final ArrayDeque<Long> waiting = new ArrayDeque<>();
        Trainer.Step step;

        Batch(int length, int rows) {
            this.length = length;
            this.rows = rows;
        }
    }

    /** Tells which codes the pictures of scenes have. */
    public interface Codes {
        /** @param worker whose thread asks */
        List<int[]> of(List<Scene> scenes, int worker);
    }

    /**
     * @param trainer of the transformer's weights, which the caller closes
     * @param tables  what tokens enter as, and what scores them
     * @param steps   that the learning rate is spread over
     */
    public CoreStage(Trainer trainer, TransformerCore core, TokenTables tables, Codes codes, StreamWriter writer, Lessons lessons,
            Recipe.CorePart recipe, int steps) {
        this.trainer = trainer;
        this.core = core;
        this.lessons = lessons;
        this.writer = writer;
        this.tables = tables;
        this.codes = codes;
        this.rate = LearningRate.of(recipe.stage(), steps);
        this.zLoss = recipe.zLoss();
        this.pad = core.format().tokens().end();
        for (int length : recipe.lengths()) {
            batches.put(length, new Batch(length, Math.max(1, recipe.stage().batch() / trainer.workers() / length)));
        }
    }

    /**
     * The graph of one worker. Inputs are those of the tables and {@code weight} F32 (rows · length); outputs the weighted
     * loss and its gradients.
     */
    static Graph graph(TransformerCore core, TokenTables tables, int rows, int length, double zLoss) {
        GraphBuilder g = new GraphBuilder();
        Node weight = g.input("weight", TensorType.f32((long) rows * length));
        Node position = g.iota(TensorType.i32(rows, length), 1);
        Node hidden = core.hidden(g, tables.embed(g, rows, length), position, KeyValueCache.none());
        Node flat = g.reshape(hidden, Shape.of((long) rows * length, core.geometry().hidden()));
        Node losses = g.mul(tables.losses(g, flat, zLoss), weight);
        return Trainer.withGradients(g, g.reshape(g.sum(losses, 0), Shape.SCALAR), name -> true);
    }

    @Override
    public StageLoop.Result step(int number) {
        Batch batch = gather();
        List<List<Long>> shares = new ArrayList<>();
        for (int worker = 0; worker < trainer.workers(); worker++) {
            List<Long> share = new ArrayList<>();
            for (int row = 0; row < batch.rows; row++) {
                share.add(batch.waiting.remove());
            }
            shares.add(share);
        }
        if (batch.step == null) {
            batch.step = trainer.compile(graph(core, tables, batch.rows, batch.length, zLoss));
        }
        double loss = trainer.run(batch.step, number + 1, rate.at(number),
                (worker, plan) -> fill(plan, worker, batch, shares.get(worker)));
        return new StageLoop.Result(loss, batch.rows * trainer.workers());
    }

    /** Takes samples in their order until one length has enough of them. */
    private Batch gather() {
        while (true) {
            for (Batch batch : batches.values()) {
                if (batch.waiting.size() >= batch.rows * trainer.workers()) {
                    return batch;
                }
            }
            int length = writer.length(lessons.sample(next));
            Map.Entry<Integer, Batch> fitting = batches.ceilingEntry(length);
            if (fitting == null) {
                throw new TrainingException("sample " + next + " has " + length + " tokens, more than the longest of the"
                        + " recipe's lengths, " + batches.lastKey() + ": add a longer one");
            }
            fitting.getValue().waiting.add(next++);
        }
    }

    private void fill(Plan plan, int worker, Batch batch, List<Long> indices) {
        List<Sample> samples = indices.stream().map(lessons::sample).toList();
        List<Scene> scenes = samples.stream()
                .flatMap(sample -> Stream.of(sample.source(), sample.picture()).flatMap(Optional::stream))
                .toList();
        ArrayDeque<int[]> ofPictures = new ArrayDeque<>(codes.of(scenes, worker));
        int[] ids = new int[batch.rows * batch.length];
        Arrays.fill(ids, pad);
        int[] target = new int[ids.length];
        float[] weight = new float[ids.length];
        double sum = 0;
        for (int row = 0; row < batch.rows; row++) {
            Sample sample = samples.get(row);
            int[] from = sample.source().isPresent() ? ofPictures.remove() : null;
            int[] to = sample.picture().isPresent() ? ofPictures.remove() : null;
            StreamWriter.Stream stream = writer.write(sample, indices.get(row), from, to);
            int start = row * batch.length;
            int empty = mostFrequent(stream.ids(), stream.picture());
            System.arraycopy(stream.ids(), 0, ids, start, stream.ids().length);
            for (int place = stream.answer() - 1; place + 1 < stream.ids().length; place++) {
                target[start + place] = stream.ids()[place + 1];
                int code = place - stream.picture();
                boolean changed = from != null && to != null && code >= 0 && code < to.length && from[code] != to[code];
                weight[start + place] = (float) (to == null || place + 1 < stream.picture() ? lessons.textWeight(indices.get(row))
                        : (stream.ids()[place + 1] == empty ? 1 : lessons.thingWeight(indices.get(row)))
                                * (changed ? lessons.changedWeight(indices.get(row)) : 1));
                sum += weight[start + place];
            }
        }
        for (int i = 0; i < weight.length; i++) {
            weight[i] /= (float) (sum * trainer.workers());
        }
        tables.inputs(ids, target).forEach((name, values) -> plan.input(name).write(values));
        plan.input("weight").write(weight);
    }

    /** The most frequent of the ids from {@code first} on. */
    private static int mostFrequent(int[] ids, int first) {
        Map<Integer, Integer> counts = new TreeMap<>();
        for (int i = first; i < ids.length; i++) {
            counts.merge(ids[i], 1, Integer::sum);
        }
        return Collections.max(counts.entrySet(), Map.Entry.comparingByValue()).getKey();
    }

    @Override
    public Map<String, int[]> remember() {
        Map<String, int[]> memory = new LinkedHashMap<>();
        memory.put("next", new int[] {Math.toIntExact(next)});
        batches.forEach((length, batch) -> {
            if (!batch.waiting.isEmpty()) {
                memory.put("waiting." + length, batch.waiting.stream().mapToInt(Math::toIntExact).toArray());
            }
        });
        return memory;
    }

    @Override
    public void recall(Map<String, int[]> memory) {
        next = memory.get("next")[0];
        batches.forEach((length, batch) -> {
            batch.waiting.clear();
            IntStream.of(memory.getOrDefault("waiting." + length, new int[0])).mapToLong(index -> index)
                    .forEach(batch.waiting::add);
        });
    }
}
