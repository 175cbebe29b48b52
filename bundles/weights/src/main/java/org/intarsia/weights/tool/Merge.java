package org.intarsia.weights.tool;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Shape;
import org.intarsia.text.Quoted;
import org.intarsia.weights.Checkpoint;
import org.intarsia.weights.LowRank;
import org.intarsia.weights.Tensor;
import org.intarsia.weights.TensorSource;
import org.intarsia.weights.TensorWriter;
import org.intarsia.weights.Weights;
import org.intarsia.weights.WeightsException;
import org.intarsia.weights.llamacpp.WrittenTensor;

/**
 * A checkpoint with low-rank adapters added into its weights, W + scale · B·A, so that it needs them no longer.
 *
 * @param file      what was written
 * @param bytes     its length
 * @param changed   the names of the tensors that adapters have changed
 * @param overflows by the tensors' names how many of their values are too large for their encoding, and infinite in it
 */
public record Merge(String file, long bytes, List<String> changed, Map<String, Long> overflows) {
    /** The encodings of safetensors files. */
    public static final List<Encoding> ENCODINGS = List.of(Encoding.F32, Encoding.F16, Encoding.BF16);

    /**
     * Writes the checkpoint into a directory, with all files beside it. An interrupted merge goes on from where it was when it
     * is called again.
     *
     * @param in       the directory of the checkpoint
     * @param weights  its tensors, which name adapters by {@link Weights#adapters}
     * @param names    the tensors that are written
     * @param origin   says which adapters these are: what an interrupted merge of others left is of no use
     * @param encoding that floating-point tensors are written in; empty for their own
     * @throws WeightsException when it cannot be done; then {@code out} is as it was
     */
    public static Merge of(Path in, Weights weights, Set<String> names, String origin, Path out, Optional<Encoding> encoding,
            ProgressListener listener) {
        Conversion.refuseToOverwrite(in, out);
        if (Files.exists(out) && !Files.isDirectory(out)) {
            throw new WeightsException("'" + out + "' is not a directory; a merged checkpoint is written into one");
        }
        List<TensorSource> tensors = new ArrayList<>();
        List<String> changed = new ArrayList<>();
        Map<String, Overflows> overflows = new TreeMap<>();
        for (String name : names) {
            Tensor tensor = weights.get(name);
            List<LowRank> pairs = weights.adapters(name);
            Encoding stored = tensor.type().encoding();
            Encoding target = stored.isInteger() ? stored : encoding.orElse(stored);
            if (target.isBlockQuantised()) {
                throw new WeightsException("the tensor " + Quoted.of(name) + " is stored as " + target + ", which a merge would round anew:"
                        + " name an encoding to write, such as BF16");
            }
            WrittenTensor written = pairs.isEmpty() ? WrittenTensor.of(name, tensor)
                    : new WrittenTensor(name, tensor, merged(name, tensor, pairs), false);
            if (!pairs.isEmpty()) {
                changed.add(name);
            }
            TensorSource source = written.in(target);
            Overflows counter = new Overflows(source, stored, written.values());
            overflows.put(name, counter);
            tensors.add(counter.counting(source));
        }
        Path file = out.resolve(Checkpoint.SINGLE);
        return Conversion.into(out, file, Conversion.beside(in), () -> {
            TensorWriter writer = TensorWriter.safetensors(file, tensors, Conversion.safetensorsMetadata(weights.metadata()));
            writer.resumable(origin + " over " + Conversion.state(in))
                    .onProgress(bytes -> listener.at(Checkpoint.SINGLE, bytes, writer.bytes())).write();
            return new Merge(file.toString(), writer.bytes(), changed, Conversion.counted(overflows));
        });
    }

    private static WrittenTensor.Values merged(String name, Tensor tensor, List<LowRank> pairs) {
        Shape shape = tensor.shape();
        for (LowRank pair : pairs) {
            if (!shape.equals(Shape.of(pair.out(), pair.in()))) {
                throw new WeightsException("the adapter does not fit the tensor " + Quoted.of(name) + ", which is " + shape
                        + ": its product is " + Shape.of(pair.out(), pair.in()) + "; take the base model that it was trained for");
            }
        }
        return (first, count) -> {
            float[] values = tensor.floats(first, count);
            pairs.forEach(pair -> add(pair, first, values));
            return values;
        };
    }

    /** Adds some elements of scale · B·A, row by row. */
    private static void add(LowRank pair, long first, float[] values) {
        float[] a = pair.a().floats();
        float[] b = pair.b().floats();
        int rank = Math.toIntExact(pair.rank());
        int in = Math.toIntExact(pair.in());
        int firstRow = Math.toIntExact(first / in);
        int lastRow = Math.toIntExact((first + values.length - 1) / in);
        IntStream.rangeClosed(firstRow, lastRow).parallel().forEach(row -> {
            int begin = Math.toIntExact(Math.max(0, (long) row * in - first));
            int end = Math.toIntExact(Math.min(values.length, (row + 1L) * in - first));
            int column = Math.toIntExact(first + begin - (long) row * in);
            double[] sums = new double[end - begin];
            for (int k = 0; k < rank; k++) {
                double factor = pair.scale() * b[row * rank + k];
                for (int i = 0; i < sums.length; i++) {
                    sums[i] += factor * a[k * in + column + i];
                }
            }
            for (int i = 0; i < sums.length; i++) {
                values[begin + i] += (float) sums[i];
            }
        });
    }
}
