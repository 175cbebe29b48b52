package org.intarsia.backend.cpu.product;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.intarsia.backend.cpu.code.Bf16Dots;
import org.intarsia.backend.cpu.host.Memory;
import org.intarsia.backend.cpu.kernel.TileKernels;
import org.intarsia.backend.cpu.rounding.PackedWeights;
import org.intarsia.backend.cpu.rounding.RoundedRows;
import org.intarsia.backend.cpu.step.NodeBinding;
import org.intarsia.backend.cpu.step.Step;
import org.intarsia.backend.cpu.step.Strides;
import org.intarsia.backend.cpu.vector.Kernels;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Shape;
import org.intarsia.graph.op.Conv2d;
import org.intarsia.graph.op.MatMul;

/** Matrix products and convolutions. */
public final class ProductSteps {
    /** Up to so many rows a product is bound by reading the weights: they are read in place, once for all rows. */
    private static final int SKINNY = 8;

    private ProductSteps() {
    }

    /** Puts the steps of this family into a table, by the kind of op. */
    public static void register(Map<String, Step.Factory> table) {
        table.put("matMul", ProductSteps::matMul);
        table.put("conv2d", ProductSteps::conv2d);
        table.put("conv2dWeightGradient", ProductSteps::conv2dWeightGradient);
        table.put("nearestCode", ProductSteps::nearestCode);
    }

    private static Step matMul(NodeBinding binding) {
        MatMul op = binding.op(MatMul.class);
        Shape a = binding.shape(0);
        Shape b = binding.shape(1);
        int inner = Math.toIntExact(a.size(op.transposeA() ? -2 : -1));
        int columns = Math.toIntExact(b.size(op.transposeB() ? -2 : -1));
        int rows = Math.toIntExact(a.size(op.transposeA() ? -1 : -2));
        Shape outer = new Shape(binding.shape().dims().subList(0, binding.shape().rank() - 2));
        Shape outerA = new Shape(a.dims().subList(0, a.rank() - 2));
        Shape outerB = new Shape(b.dims().subList(0, b.rank() - 2));
        boolean sharedRight = outerB.elements() == 1;
        if (sharedRight && !op.transposeA()) {
            // One right operand for all batches: their rows are rows of one product.
            rows = Math.toIntExact(rows * outer.elements());
            outer = Shape.SCALAR;
            outerA = Shape.SCALAR;
            outerB = Shape.SCALAR;
        }
        Encoding encoding = binding.encoding(1);
        long[] left = addresses(binding.operand(0), outerA, outer, 4L * a.size(-1) * a.size(-2));
        long[] right = addresses(binding.operand(1), outerB, outer, encoding.bytes(b.size(-1) * b.size(-2)));
        long[] result = addresses(binding.result(), outer, outer, 4L * rows * columns);
        if (inner == 0) {
            long bytes = 4 * binding.shape().elements();
            return team -> Memory.clear(binding.result(), bytes);
        }
        Optional<PackedWeights> packed = op.transposeA() || !op.transposeB() ? Optional.empty()
                : binding.packed().of(binding.node().operand(1));
        if (packed.isPresent()) {
            return new PackedProduct(binding.packed().integers(encoding).orElseThrow(), packed.get(), columns,
                    binding.rounded().take(binding.node().operand(0), encoding, rows, inner, left[0]), result[0]);
        }
        TileKernels tiles = binding.kernels().tiles();
        Gemm product = new Gemm(tiles, binding.packed().tiles(), rows, columns, inner,
                op.transposeB() ? encoding.blockElements() : 1);
        long step = op.transposeB() ? 1 : columns;
        long columnStep = op.transposeB() ? inner : 1;
        Gemm.Panels panels = !encoding.isBlockQuantised() ? Gemm.strided(tiles, encoding, step, columnStep, right)
                : op.transposeB() ? blocks(tiles, encoding, inner, right)
                : blocksAcross(tiles, encoding, columns, right);
        Gemm.Left rowsOfLeft = op.transposeA() ? new Gemm.Left(Encoding.F32, 1, rows) : new Gemm.Left(Encoding.F32, inner, 1);
        Step exact = team -> product.run(team, result.length, left, rowsOfLeft, panels, result, 4L * columns, false);
        if (op.transposeB() && !op.transposeA()
                && (rows <= SKINNY || rows <= DotProduct.MOST_ROWS && result.length == 1 && binding.packed().tiles().mixed().isEmpty())) {
            exact = new DotProduct(binding.kernels(), binding.packed()::dots, rows, columns, inner, encoding, left, right, result);
        }
        if (encoding == Encoding.BF16 && result.length == 1 && !op.transposeA() && op.transposeB()) {
            return bf16(binding, exact, rows, columns, inner, left[0], right[0], result[0]);
        }
        return exact;
    }

    /** With weights in BF16: where the plan may round, many rows by a library while there is one, others by machine code. */
    private static Step bf16(NodeBinding binding, Step exact, int rows, int columns, int inner, long x, long weight, long result) {
        Optional<Bf16Dots> code = Bf16Product.computes(columns, inner) ? binding.packed().bf16() : Optional.empty();
        boolean many = rows >= LibraryProduct.LEAST_ROWS && binding.library().isPresent();
        if (code.isEmpty() && !many) {
            return exact;
        }
        RoundedRows.Rows rounded = binding.rounded().take(binding.node().operand(0), Encoding.BF16, rows, inner, x);
        Optional<Bf16Product> own = code.map(each -> new Bf16Product(each, columns, inner, rounded, weight, result));
        if (many) {
            Step otherwise = own.isPresent() ? own.get()::multiply : exact;
            return new LibraryProduct(binding.library().get(), otherwise, columns, inner, rounded, weight, result);
        }
        return own.get();
    }

    /** Panels of a right operand whose columns lie along memory in blocks: decoded column by column, then turned. */
    private static Gemm.Panels blocks(TileKernels tiles, Encoding encoding, int inner, long[] right) {
        return (worker, batch, firstRow, count, firstColumn, width, vectors, panel) -> {
            long decoded = worker.scratch(4L * count * width);
            for (int column = 0; column < width; column++) {
                long from = right[batch] + encoding.bytes((long) (firstColumn + column) * inner + firstRow);
                tiles.decode(encoding, from, decoded + 4L * column * count, count);
            }
            tiles.pack(Encoding.F32, count, width, vectors, decoded, 1, count, panel);
        };
    }

    /**
     * Panels of a right operand whose rows lie along memory in blocks, as gradients through a linear layer read its weight: of
     * each row the blocks are decoded that the panel's columns touch.
     */
    private static Gemm.Panels blocksAcross(TileKernels tiles, Encoding encoding, int columns, long[] right) {
        int block = encoding.blockElements();
        return (worker, batch, firstRow, count, firstColumn, width, vectors, panel) -> {
            int begin = firstColumn / block * block;
            int length = Math.ceilDiv(firstColumn + width, block) * block - begin;
            long decoded = worker.scratch(4L * count * length);
            for (int row = 0; row < count; row++) {
                long from = right[batch] + encoding.bytes((long) (firstRow + row) * columns + begin);
                tiles.decode(encoding, from, decoded + 4L * row * length, length);
            }
            tiles.pack(Encoding.F32, count, width, vectors, decoded + 4L * (firstColumn - begin), length, 1, panel);
        };
    }

    /** Where each batch of an operand lies, whose outer dimensions may be repeated. */
    private static long[] addresses(long base, Shape outer, Shape wide, long bytes) {
        long[] strides = Strides.broadcastStrides(outer, wide);
        long[] sizes = wide.sizes();
        long[] addresses = new long[Math.toIntExact(wide.elements())];
        Arrays.setAll(addresses, batch -> {
            long rest = batch;
            long offset = 0;
            for (int axis = sizes.length - 1; axis >= 0; axis--) {
                offset += rest % sizes[axis] * strides[axis];
                rest /= sizes[axis];
            }
            return base + offset * bytes;
        });
        return addresses;
    }

    private static Step conv2d(NodeBinding binding) {
        Shape weight = binding.shape(1);
        Convolution convolution = new Convolution(binding.kernels().tiles(), binding.packed().tiles(), binding.op(Conv2d.class).window(),
                binding.shape(0).sizes(), weight.size(0), weight.size(2), weight.size(3));
        return team -> convolution.forward(team, binding.operand(0), binding.encoding(1), binding.operand(1), binding.result());
    }

    private static Step conv2dWeightGradient(NodeBinding binding) {
        Shape weight = binding.shape();
        Convolution convolution = new Convolution(binding.kernels().tiles(), binding.packed().tiles(),
                binding.op(Conv2d.WeightGradient.class).window(), binding.shape(0).sizes(), weight.size(0), weight.size(2), weight.size(3));
        return team -> convolution.weightGradient(team, binding.operand(0), binding.operand(1), binding.result());
    }

    /** |x − c|² is smallest where x·c − |c|²/2 is largest. */
    private static Step nearestCode(NodeBinding binding) {
        int length = Math.toIntExact(binding.shape(0).size(1));
        int codes = Math.toIntExact(binding.shape(1).size(0));
        long x = binding.operand(0);
        long codebook = binding.operand(1);
        long target = binding.result();
        Kernels kernels = binding.kernels();
        int block = Math.clamp((1 << 18) / Math.max(1, codes), 1, 256);
        Gemm.Panels panels = Gemm.strided(kernels.tiles(), Encoding.F32, 1, length, codebook);
        return team -> team.split(binding.shape(0).size(0), block, (first, last, worker) -> {
            long halves = worker.scratch(4L * codes * (block + 1));
            long near = halves + 4L * codes;
            for (int code = 0; code < codes; code++) {
                long at = codebook + 4L * code * length;
                Memory.putFloat(halves + 4L * code, 0.5f * kernels.rows().dot(at, at, 0, length));
            }
            for (long row = first; row < last; row += block) {
                int count = (int) Math.min(block, last - row);
                new Gemm(kernels.tiles(), binding.packed().tiles(), count, codes, length, 1).run(worker, x + 4 * row * length,
                        new Gemm.Left(Encoding.F32, length, 1), panels, near, 4L * codes, false);
                for (int i = 0; i < count; i++) {
                    Memory.putInt(target + 4 * (row + i), nearest(near + 4L * i * codes, halves, codes));
                }
            }
        });
    }

    private static int nearest(long products, long halves, int codes) {
        float most = Float.NEGATIVE_INFINITY;
        int nearest = 0;
        for (int code = 0; code < codes; code++) {
            float near = Memory.getFloat(products + 4L * code) - Memory.getFloat(halves + 4L * code);
            if (near > most) {
                most = near;
                nearest = code;
            }
        }
        return nearest;
    }
}
