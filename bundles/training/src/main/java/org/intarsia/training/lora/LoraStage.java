package org.intarsia.training.lora;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.intarsia.backend.api.Plan;
import org.intarsia.graph.Graph;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.model.api.KeyValueCache;
import org.intarsia.model.api.TokenRow;
import org.intarsia.model.api.TransformerCore.Head;
import org.intarsia.model.api.TransformerCore;
import org.intarsia.training.trainer.StageLoop;
import org.intarsia.training.trainer.Trainer;

/**
 * The steps of a training of an adapter. In each epoch all samples come once, in an order that the seed and the epoch's number
 * decide; a batch has samples of one kind, padded to one length. The loss is the mean over all tokens of the batch that are
 * learned. A step depends on its number alone, so there is nothing to remember.
 */
final class LoraStage implements StageLoop.Work {
    /** Lengths are rounded up to powers of two and the halves between them, so that few plans are compiled. */
    private static final int LEAST_LENGTH = 16;
    private static final String POSITION = "position.";

    private final Trainer trainer;
    private final TransformerCore core;
    private final List<Sample> samples;
    private final int batch;
    private final double learningRate;
    private final long seed;
    private final int most;
    private final Map<Variant, Trainer.Step> plans = new HashMap<>();
    private final List<List<Integer>> epoch = new ArrayList<>();
    private int epochNumber = -1;

    /** The properties in which plans differ. */
    private record Variant(int length, Head head, boolean features) {
        /** How many positions a token has beside its place: pictures stand in rows and columns for some transformers. */
        int positions(TransformerCore core) {
            return features && core.axes() > 1 ? core.axes() : 0;
        }
    }

    /** The samples that stand in one batch together. */
    private record Kind(Head head, boolean features) implements Comparable<Kind> {
        @Override
        public int compareTo(Kind other) {
            int byHead = head.compareTo(other.head);
            return byHead != 0 ? byHead : Boolean.compare(features, other.features);
        }
    }

    /** @param most tokens of a sample */
    LoraStage(Trainer trainer, TransformerCore core, List<Sample> samples, int batch, double learningRate, long seed, int most) {
        this.trainer = trainer;
        this.core = core;
        this.samples = samples;
        this.batch = batch;
        this.learningRate = learningRate;
        this.seed = seed;
        this.most = most;
    }

    /** Builds the graph of one worker. */
    private static Graph graph(TransformerCore core, int rows, Variant variant, Trainer trainer) {
        GraphBuilder g = new GraphBuilder();
        long places = (long) rows * variant.length();
        Shape shape = Shape.of(rows, variant.length());
        Node ids = g.input("ids", TensorType.i32(shape));
        Node target = g.input("target", TensorType.i32(places));
        Node weight = g.input("weight", TensorType.f32(places));
        Node embedded = core.embed(g, ids);
        if (variant.features()) {
            Node given = g.input("given", TensorType.i32(shape.concat(Shape.of(1))));
            embedded = g.select(given, g.input("features", TensorType.f32(embedded.shape())), embedded);
        }
        Node place = g.iota(TensorType.i32(shape), 1);
        Node hidden = variant.positions(core) == 0 ? core.hidden(g, embedded, place, KeyValueCache.none())
                : core.hidden(g, embedded, place, IntStream.range(0, core.axes())
                        .mapToObj(axis -> g.input(POSITION + axis, TensorType.i32(shape))).toList(), KeyValueCache.none());
        Node logits = core.logits(g, g.reshape(hidden, Shape.of(places, core.geometry().hidden())), variant.head());
        Node losses = g.mul(g.crossEntropy(logits, target, 0), weight);
        return Trainer.withGradients(g, g.reshape(g.sum(losses, 0), Shape.SCALAR), trainer.trained()::contains);
    }

    @Override
    public StageLoop.Result step(int number) {
        List<Sample> chosen = batch(number).stream().map(samples::get).toList();
        int longest = chosen.stream().mapToInt(Sample::size).max().orElseThrow();
        Variant variant = new Variant(Math.min(most, rounded(longest)), chosen.getFirst().head(), chosen.getFirst().features());
        int rows = Math.ceilDiv(batch, trainer.workers());
        Trainer.Step step = plans.computeIfAbsent(variant, key -> trainer.compile(graph(core, rows, key, trainer)));
        int learned = chosen.stream().mapToInt(sample -> sample.size() - sample.first()).sum();
        double loss = trainer.run(step, number + 1, learningRate, (worker, plan) -> {
            int begin = Math.min(chosen.size(), worker * rows);
            fill(plan, variant, rows, chosen.subList(begin, Math.min(chosen.size(), begin + rows)), 1f / learned);
        });
        return new StageLoop.Result(loss, chosen.size());
    }

    private static int rounded(int length) {
        int power = LEAST_LENGTH;
        while (power < length) {
            power = power + power / 2 >= length ? power + power / 2 : 2 * power;
            if (Integer.bitCount(power) == 2) {
                break;
            }
        }
        return power;
    }

    /** The samples of a step. */
    private List<Integer> batch(int number) {
        int batches = batchesOfAnEpoch();
        int wanted = number / batches;
        if (wanted != epochNumber) {
            epoch.clear();
            Random random = new Random(seed * 1_000_003 + wanted);
            kinds().values().forEach(kind -> {
                List<Integer> order = new ArrayList<>(kind);
                Collections.shuffle(order, random);
                for (int begin = 0; begin < order.size(); begin += batch) {
                    epoch.add(order.subList(begin, Math.min(order.size(), begin + batch)));
                }
            });
            Collections.shuffle(epoch, random);
            epochNumber = wanted;
        }
        return epoch.get(number % batches);
    }

    private int batchesOfAnEpoch() {
        return kinds().values().stream().mapToInt(kind -> Math.ceilDiv(kind.size(), batch)).sum();
    }

    private Map<Kind, List<Integer>> kinds() {
        Map<Kind, List<Integer>> kinds = new TreeMap<>();
        for (int i = 0; i < samples.size(); i++) {
            Sample sample = samples.get(i);
            kinds.computeIfAbsent(new Kind(sample.head(), sample.features()), any -> new ArrayList<>()).add(i);
        }
        return kinds;
    }

    private void fill(Plan plan, Variant variant, int rows, List<Sample> share, float each) {
        int length = variant.length();
        int hidden = core.geometry().hidden();
        int[] ids = new int[rows * length];
        Arrays.fill(ids, Math.max(0, core.format().tokens().end()));
        int[] target = new int[ids.length];
        float[] weight = new float[ids.length];
        int[] given = new int[variant.features() ? ids.length : 0];
        float[] features = new float[given.length * hidden];
        int[][] positions = new int[variant.positions(core)][ids.length];
        for (int row = 0; row < share.size(); row++) {
            Sample sample = share.get(row);
            TokenRow stream = sample.stream().get();
            int start = row * length;
            System.arraycopy(stream.from(0), 0, ids, start, sample.size());
            for (int place = sample.first(); place < sample.size(); place++) {
                target[start + place - 1] = stream.at(place) - core.firstId(variant.head());
                weight[start + place - 1] = each;
            }
            for (int place = 0; variant.features() && place < sample.size(); place++) {
                given[start + place] = stream.copyFeatures(place, features, (start + place) * hidden) ? 1 : 0;
                for (int axis = 0; axis < positions.length; axis++) {
                    positions[axis][start + place] = stream.position(place, axis);
                }
            }
        }
        plan.input("ids").write(ids);
        plan.input("target").write(target);
        plan.input("weight").write(weight);
        if (variant.features()) {
            plan.input("given").write(given);
            plan.input("features").write(features);
        }
        for (int axis = 0; axis < positions.length; axis++) {
            plan.input(POSITION + axis).write(positions[axis]);
        }
    }
}
