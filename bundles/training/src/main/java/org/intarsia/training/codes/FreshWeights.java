package org.intarsia.training.codes;

import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.intarsia.graph.Shape;
import org.intarsia.weights.Tensor;
import org.intarsia.weights.Weights;

/**
 * The weights that the training of a model begins with, made while the components ask for them. Each tensor
 * depends on the seed and its name alone.
 *
 * <p>Linear layers and kernels are normal with variance 1 / fan-in; layers that add to a residual stream begin small, the
 * output head at zero, norms at one.
 */
public final class FreshWeights implements Weights {
    private final TreeMap<String, Tensor> tensors = new TreeMap<>();
    private final long seed;
    private final int layers;

    /** @param layers of the transformer: layers that add to its residual stream begin the smaller, the more there are */
    public FreshWeights(long seed, int layers) {
        this.seed = seed;
        this.layers = layers;
    }

    @Override
    public Optional<Tensor> expect(String name, Shape shape) {
        return Optional.of(tensors.computeIfAbsent(name, key -> Tensor.of(key, shape, values(key, shape))));
    }

    private float[] values(String name, Shape shape) {
        float[] values = new float[Math.toIntExact(shape.elements())];
        if (name.contains("norm") && name.endsWith(".weight")) {
            Arrays.fill(values, 1);
        } else if (!name.endsWith(".bias") && !name.startsWith("lm_head")) {
            Random random = new Random(seed * 31 + name.hashCode());
            double deviation = deviation(name, values.length / (double) shape.size(0));
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (random.nextGaussian() * deviation);
            }
        }
        return values;
    }

    private double deviation(String name, double fanIn) {
        if (name.contains("embed_tokens")) {
            return 0.05;
        }
        double plain = 1 / Math.sqrt(fanIn);
        if (name.contains("o_proj") || name.contains("down_proj")) {
            return plain / Math.sqrt(2.0 * layers);
        }
        boolean closesResidual = name.contains("conv2") || name.contains("proj_out");
        return closesResidual ? 0.1 * plain : plain;
    }

    @Override
    public SortedSet<String> names() {
        return new TreeSet<>(tensors.keySet());
    }

    @Override
    public Optional<Tensor> find(String name) {
        return Optional.ofNullable(tensors.get(name));
    }

    @Override
    public String hash() {
        throw new UnsupportedOperationException("weights that are still being made have no hash");
    }

    @Override
    public void close() {
        tensors.clear();
    }
}
