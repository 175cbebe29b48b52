package org.intarsia.training.lora;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import org.intarsia.engine.api.ModelParts;
import org.intarsia.graph.Shape;
import org.intarsia.training.api.LoraTraining;
import org.intarsia.training.api.TrainingException;
import org.intarsia.weights.LowRank;
import org.intarsia.weights.Tensor;
import org.intarsia.weights.Weights;

/**
 * The pairs that a training begins with: A is uniform within 1 / √in, as PEFT has it, and B is zero, so that the model answers
 * as without the adapter. Each tensor depends on the seed and its name alone.
 */
final class FreshAdapter {
    private static final String WEIGHT = ".weight";
    private static final String SCORES = "lm_head";
    /** Stands for all layers but the scores. */
    private static final String ALL = "all-linear";

    private final SortedMap<String, LowRank> pairs = new TreeMap<>();
    private final List<String> targets;

    /**
     * Makes the pairs.
     *
     * @throws TrainingException when a target names no linear layer of the transformer; the sentence lists those that there are
     */
    FreshAdapter(ModelParts parts, LoraTraining.Shape shape, long seed) {
        Weights base = parts.files().weights();
        SortedMap<String, Tensor> layers = new TreeMap<>();
        for (String name : asked(parts, base)) {
            String module = parts.referenceName(name);
            base.find(name).filter(tensor -> tensor.shape().rank() == 2)
                    .ifPresent(tensor -> layers.put(module.substring(0, module.length() - WEIGHT.length()), tensor));
        }
        for (String target : shape.targets()) {
            if (layers.keySet().stream().noneMatch(module -> isNamed(module, target))) {
                throw new TrainingException("no linear layer of the model's transformer is called " + target + "; there are: "
                        + String.join(", ", new TreeSet<>(layers.keySet().stream().map(FreshAdapter::end).toList())));
            }
        }
        layers.forEach((module, weight) -> {
            if (shape.targets().stream().anyMatch(target -> isNamed(module, target))) {
                pairs.put(module, pair(module, weight.shape(), shape.rank(), seed));
            }
        });
        targets = targets(base, parts);
    }

    private static boolean isNamed(String module, String target) {
        return target.equals(ALL) ? !end(module).equals(SCORES) : module.equals(target) || module.endsWith("." + target);
    }

    private static String end(String module) {
        return module.substring(module.lastIndexOf('.') + 1);
    }

    private static LowRank pair(String module, Shape weight, int rank, long seed) {
        int in = Math.toIntExact(weight.size(1));
        float[] values = new float[Math.multiplyExact(rank, in)];
        double bound = 1 / Math.sqrt(in);
        Random random = new Random(seed * 31 + module.hashCode());
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
        }
        long out = weight.size(0);
        return new LowRank(Tensor.of(module + ".a", Shape.of(rank, in), values),
                Tensor.of(module + ".b", Shape.of(out, rank), new float[Math.toIntExact(Math.multiplyExact(out, rank))]), 1);
    }

    /** The ends of the modules' paths, or whole paths where an end would name layers outside of the transformer, too. */
    private List<String> targets(Weights base, ModelParts parts) {
        SortedSet<String> ends = new TreeSet<>(pairs.keySet().stream().map(FreshAdapter::end).toList());
        boolean more = base.names().stream().map(parts::referenceName).filter(name -> name.endsWith(WEIGHT))
                .map(name -> name.substring(0, name.length() - WEIGHT.length()))
                .anyMatch(module -> ends.contains(end(module)) && !pairs.containsKey(module));
        return List.copyOf(more ? pairs.keySet() : ends);
    }

    /** The names of the weights of all linear layers that the transformer asks adapters for. */
    private static SortedSet<String> asked(ModelParts parts, Weights base) {
        SortedSet<String> asked = new ConcurrentSkipListSet<>();
        parts.core(new Weights() {
            @Override
            public SortedSet<String> names() {
                return base.names();
            }

            @Override
            public Optional<Tensor> find(String name) {
                return base.find(name);
            }

            @Override
            public List<LowRank> adapters(String name) {
                asked.add(name);
                return List.of();
            }

            @Override
            public void close() {
                // The model's weights stay open.
            }
        });
        return asked;
    }

    /** The pairs, by the paths of the modules in the reference's model. */
    Map<String, LowRank> pairs() {
        return pairs;
    }

    /** The names of the modules in the adapter's configuration. */
    List<String> targets() {
        return new ArrayList<>(targets);
    }
}
