package org.intarsia.backend.cpu.step;

import java.util.Map;
import org.intarsia.backend.cpu.host.Memory;
import org.intarsia.backend.cpu.kernel.RowKernels;
import org.intarsia.backend.cpu.kernel.RowKernels.Binary;
import org.intarsia.graph.op.Reduce;

/** Sums and largest elements along some axes. */
public final class ReduceSteps {
    /** Rows that are added up before their sum joins the total, so that rounding errors stay small. */
    private static final int PARTIAL = 64;
    private static final int CHUNK = 1024;

    private ReduceSteps() {
    }

    /** Puts the steps of this family into a table, by the kind of op. */
    public static void register(Map<String, Step.Factory> table) {
        table.put("sum", site -> reduce(site, true));
        table.put("maxReduce", site -> reduce(site, false));
        table.put("argMax", ReduceSteps::argMax);
    }

    private static Step reduce(NodeBinding binding, boolean sum) {
        Reduce op = binding.op(Reduce.class);
        long[] sizes = binding.shape(0).sizes();
        long[] strides = binding.shape(0).strides();
        long[] kept = sizes.clone();
        long[] joined = sizes.clone();
        for (int axis = 0; axis < sizes.length; axis++) {
            (op.axes().contains(axis) ? kept : joined)[axis] = 1;
        }
        int last = sizes.length - 1;
        while (last > 0 && sizes[last] == 1) {
            last--;
        }
        Strides places = Strides.of(kept, strides, binding.shape().strides());
        Strides parts = Strides.of(joined, strides, strides);
        boolean rows = last < 0 || op.axes().contains(last);
        return rows ? rows(binding, places, parts, sum) : columns(binding, places, parts, sum);
    }

    /** The innermost axis is joined: each result comes from one or more runs of consecutive elements. */
    private static Step rows(NodeBinding binding, Strides places, Strides parts, boolean sum) {
        RowKernels kernels = binding.kernels().rows();
        long source = binding.operand(0);
        long target = binding.result();
        long length = parts.size(parts.rank() - 1);
        long runs = parts.count() / Math.max(1, length);
        long results = places.count();
        return team -> team.split(results, Math.max(1, 16384 / Math.max(1, length * runs)), (first, end, worker) -> {
            for (long i = first; i < end; i++) {
                long from = source + 4 * (places.sourceOffset(i / places.size(places.rank() - 1))
                        + i % places.size(places.rank() - 1) * places.source(places.rank() - 1));
                double total = sum ? 0 : Double.NEGATIVE_INFINITY;
                for (long run = 0; run < runs; run++) {
                    long at = from + 4 * parts.sourceOffset(run);
                    for (long start = 0; start < length; start += CHUNK) {
                        int n = (int) Math.min(CHUNK, length - start);
                        total = sum ? total + kernels.sum(at + 4 * start, n) : Math.max(total, kernels.max(at + 4 * start, n));
                    }
                }
                Memory.putFloat(target + 4 * i, (float) total);
            }
        });
    }

    /** The innermost axis is kept: whole rows are joined, element by element. */
    private static Step columns(NodeBinding binding, Strides places, Strides parts, boolean sum) {
        RowKernels kernels = binding.kernels().rows();
        Binary join = sum ? Binary.ADD : Binary.MAX;
        float start = sum ? 0 : Float.NEGATIVE_INFINITY;
        long source = binding.operand(0);
        long target = binding.result();
        long width = places.size(places.rank() - 1);
        long chunks = Math.ceilDiv(width, CHUNK);
        long lines = places.count() / Math.max(1, width);
        long inner = parts.size(parts.rank() - 1);
        long innerStep = 4 * parts.source(parts.rank() - 1);
        long outer = parts.count() / Math.max(1, inner);
        return team -> team.split(lines * chunks, 1, (first, end, worker) -> {
            long partial = worker.scratch(4 * CHUNK);
            for (long piece = first; piece < end; piece++) {
                long line = piece / chunks;
                long column = piece % chunks * CHUNK;
                int n = (int) Math.min(CHUNK, width - column);
                long from = source + 4 * (places.sourceOffset(line) + column);
                long to = target + 4 * (line * width + column);
                kernels.fill(start, to, n);
                for (long run = 0; run < outer; run++) {
                    long at = from + 4 * parts.sourceOffset(run);
                    for (long row = 0; row < inner; row += PARTIAL) {
                        long lastRow = Math.min(inner, row + PARTIAL);
                        kernels.copy(at + row * innerStep, partial, n);
                        for (long i = row + 1; i < lastRow; i++) {
                            kernels.binary(join, partial, at + i * innerStep, partial, n);
                        }
                        kernels.binary(join, to, partial, to, n);
                    }
                }
            }
        });
    }

    private static Step argMax(NodeBinding binding) {
        int axis = binding.op(Reduce.ArgMax.class).axis();
        long size = binding.shape(0).size(axis);
        long stride = binding.shape(0).strides()[axis];
        long source = binding.operand(0);
        long target = binding.result();
        long results = binding.shape().elements();
        return team -> team.split(results, Math.max(1, 4096 / Math.max(1, size)), (first, last, worker) -> {
            for (long i = first; i < last; i++) {
                long from = source + 4 * (i / stride * stride * size + i % stride);
                float most = Float.NEGATIVE_INFINITY;
                int where = 0;
                for (int j = 0; j < size; j++) {
                    float value = Memory.getFloat(from + 4 * j * stride);
                    if (value > most) {
                        most = value;
                        where = j;
                    }
                }
                Memory.putInt(target + 4 * i, where);
            }
        });
    }
}
