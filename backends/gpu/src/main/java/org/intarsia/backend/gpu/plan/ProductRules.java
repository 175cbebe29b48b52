package org.intarsia.backend.gpu.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.intarsia.backend.gpu.CooperativeMatrix;
import org.intarsia.backend.gpu.KernelSource;
import org.intarsia.graph.Dim;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.op.Conv2d;
import org.intarsia.graph.op.MatMul;

/** Matrix products and convolutions. */
final class ProductRules {
    /** Up to so many rows a product with a stored weight is bound by reading the weight. */
    private static final long FEW_ROWS = 4;
    /** So many values a thread reads at once, where rows are so long that all threads of a group have some. */
    private static final long EIGHT = 8;
    private static final long WIDE = 256;
    /** So many values of a block, at least, have one scale. */
    private static final long SIXTEEN = 16;
    private static final long DIGITS_OF_SIXTEEN = 64;
    private static final long SHORTEST_SLICE = 256;

    private final Optional<CooperativeMatrix> matrices;

    private ProductRules(Optional<CooperativeMatrix> matrices) {
        this.matrices = matrices;
    }

    /** @param matrices empty where products are to do without cooperative matrices */
    static void register(Map<String, Rule> rules, Optional<CooperativeMatrix> matrices) {
        rules.put("matMul", new ProductRules(matrices)::matMul);
        rules.put("conv2d", ProductRules::conv2d);
        rules.put("conv2dWeightGradient", ProductRules::weightGradient);
    }

    private List<Launch> matMul(Node shape, Node fixed) {
        MatMul op = (MatMul) fixed.op();
        boolean oneMatrix = fixed.operand(1).shape().rank() == 2 && !op.transposeA();
        Dim rows = new Shape(shape.shape().dims().subList(0, shape.shape().rank() - 1)).count();
        List<Launch> launches = new ArrayList<>();
        boolean mayBeFew = oneMatrix && op.transposeB() && (!rows.isFixed() || rows.size() <= FEW_ROWS);
        boolean few = mayBeFew && rows(fixed) <= FEW_ROWS;
        if (mayBeFew) {
            List<Launch> vector = matVec(shape, fixed, rows.isFixed() ? rows.size() : FEW_ROWS);
            launches.addAll(few ? vector : vector.stream().map(Launch::idle).toList());
        }
        if (!mayBeFew || !rows.isFixed()) {
            Launch tiles = oneMatrix ? oneProduct(shape, fixed, op) : products(shape, fixed, op);
            launches.add(few ? tiles.idle() : tiles);
        }
        return launches;
    }

    private static long rows(Node fixed) {
        return fixed.shape().elements() / Math.max(1, fixed.shape().size(-1));
    }

    private static List<Launch> matVec(Node shape, Node fixed, long most) {
        Encoding stored = fixed.operand(1).encoding();
        List<Node> arrays = NormalizeRules.arrays(shape);
        if (!stored.isBlockQuantised()) {
            boolean wide = depth(fixed) % EIGHT == 0 && depth(fixed) >= WIDE;
            KernelSource source = wide ? Encodings.wide(KernelSource.of("matVecWide"), stored)
                    : Encodings.reading(KernelSource.of("matVec"), stored);
            return List.of(columns(source, fixed, most, arrays));
        }
        long sixteens = depth(fixed) / SIXTEEN;
        Launch digits = Launch.each(KernelSource.of("digits"), rows(fixed) * sixteens,
                Arrays.asList(shape.operand(0), Launch.SCRATCH)).withScratch(most * sixteens * DIGITS_OF_SIXTEEN);
        return List.of(digits, columns(Encodings.words(KernelSource.of("matVecBlocks"), stored), fixed, most,
                Arrays.asList(Launch.SCRATCH, shape.operand(1), shape)));
    }

    private static Launch columns(KernelSource source, Node fixed, long most, List<Node> arrays) {
        long n = fixed.shape().size(-1);
        Launch columns = Launch.groups(source.with("ROWS", most), n, arrays, n, depth(fixed));
        columns.numbers()[0] = Math.toIntExact(rows(fixed));
        return columns;
    }

    private static long depth(Node fixed) {
        return fixed.operand(0).shape().size(-1);
    }

    /** All rows of a with one matrix: the batch is only more rows. */
    private Launch oneProduct(Node shape, Node fixed, MatMul op) {
        long m = rows(fixed);
        long n = fixed.shape().size(-1);
        long k = depth(fixed);
        Shape most = shape.shape().bounded();
        Tile tile = tile(most.elements() / Math.max(1, most.size(-1)), most.size(-1));
        return product(shape, fixed, tile, m, n, 1, m, n, k, k, 1, op.transposeB() ? 1 : n, op.transposeB() ? k : 1, 0);
    }

    private Launch products(Node shape, Node fixed, MatMul op) {
        Shape a = fixed.operand(0).shape();
        Shape b = fixed.operand(1).shape();
        Shape batch = outer(fixed.shape());
        long m = fixed.shape().size(-2);
        long n = fixed.shape().size(-1);
        long k = a.size(op.transposeA() ? -2 : -1);
        long[] stridesA = MoveRules.broadcastStrides(outer(a), batch);
        long[] stridesB = MoveRules.broadcastStrides(outer(b), batch);
        List<Long> numbers = new ArrayList<>(List.of(m, n, k, op.transposeA() ? 1 : k, op.transposeA() ? m : 1,
                op.transposeB() ? 1 : n, op.transposeB() ? k : 1, (long) batch.rank()));
        for (int axis = batch.rank() - 1; axis >= 0; axis--) {
            numbers.addAll(List.of(batch.size(axis), stridesA[axis] * m * k, stridesB[axis] * k * n));
        }
        Shape most = shape.shape().bounded();
        return product(shape, fixed, tile(most.size(-2), most.size(-1)), m, n, batch.elements(),
                numbers.stream().mapToLong(Long::longValue).toArray());
    }

    private Tile tile(long mostRows, long mostColumns) {
        return matrices.map(Tile::of).orElseGet(() -> Tile.of(mostRows, mostColumns));
    }

    private Launch product(Node shape, Node fixed, Tile tile, long m, long n, long planes, long... numbers) {
        Encoding stored = fixed.operand(1).encoding();
        KernelSource source = Encodings.reading(
                matrices.map(matrix -> cooperative(matrix, stored)).orElseGet(() -> KernelSource.of("matMul")), stored);
        return Launch.tiles(source, tile, m, n, planes, NormalizeRules.arrays(shape), numbers);
    }

    private static KernelSource cooperative(CooperativeMatrix matrix, Encoding stored) {
        boolean fits = stored == Encoding.F16 || stored == Encoding.BF16;
        return KernelSource.of("matMulCooperative").with("LOW_B", fits ? 0 : 1).with("ROWS", matrix.rows())
                .with("COLUMNS", matrix.columns()).with("DEPTH", matrix.depth())
                .with("THREADS", Tile.SUBGROUPS * matrix.subgroup());
    }

    private static Shape outer(Shape shape) {
        return new Shape(shape.dims().subList(0, shape.rank() - 2));
    }

    private static List<Launch> conv2d(Node shape, Node fixed) {
        Conv2d.Window window = ((Conv2d) fixed.op()).window();
        Shape x = fixed.operand(0).shape();
        Shape weight = fixed.operand(1).shape();
        long places = fixed.shape().size(2) * fixed.shape().size(3);
        long taps = weight.drop(1).elements();
        KernelSource source = Encodings.reading(KernelSource.of("conv2d"), fixed.operand(1).encoding());
        return List.of(Launch.tiles(source, Tile.of(weight.size(0), places), weight.size(0), places, x.size(0),
                NormalizeRules.arrays(shape), weight.size(0), places, taps, fixed.shape().size(3), x.size(2), x.size(3),
                weight.size(2), weight.size(3), window.stride(), window.top(), window.left(), x.size(1)));
    }

    private static List<Launch> weightGradient(Node shape, Node fixed) {
        Conv2d.WeightGradient op = (Conv2d.WeightGradient) fixed.op();
        Shape x = fixed.operand(0).shape();
        Shape gradient = fixed.operand(1).shape();
        long channels = gradient.size(1);
        long taps = fixed.shape().drop(1).elements();
        long onePicture = gradient.size(2) * gradient.size(3);
        long places = gradient.size(0) * onePicture;
        Tile tile = Tile.of(channels, taps);
        long tiles = Math.ceilDiv(channels, tile.rows()) * Math.ceilDiv(taps, tile.columns());
        long slices = Math.clamp(Math.ceilDiv(places, SHORTEST_SLICE), 1, Math.max(1, Launch.MANY_GROUPS / tiles));
        long slice = Math.ceilDiv(places, slices);
        slices = Math.ceilDiv(places, slice);
        KernelSource source = KernelSource.of("conv2dWeightGradient");
        List<Node> arrays = new ArrayList<>(shape.operands());
        arrays.add(slices == 1 ? shape : Launch.SCRATCH);
        Launch products = Launch.tiles(source, tile, channels, taps, slices, arrays, channels, taps, places, gradient.size(3),
                x.size(2), x.size(3), op.kernelHeight(), op.kernelWidth(), op.window().stride(), op.window().top(),
                op.window().left(), x.size(1), onePicture, slice);
        if (slices == 1) {
            return List.of(products);
        }
        return List.of(products.withScratch(4 * slices * channels * taps),
                ReduceRules.sumSlices(shape, slices, channels * taps));
    }
}
