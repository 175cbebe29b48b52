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
    private final Parts parts;

    private ProductRules(Optional<CooperativeMatrix> matrices, Parts parts) {
        this.matrices = matrices;
        this.parts = parts;
    }

    /** @param matrices empty where products are to do without cooperative matrices */
    static void register(Map<String, Rule> rules, Optional<CooperativeMatrix> matrices, Parts parts) {
        rules.put("matMul", new ProductRules(matrices, parts)::matMul);
        rules.put("conv2d", ProductRules::conv2d);
        rules.put("conv2dWeightGradient", ProductRules::weightGradient);
    }

    private List<Launch> matMul(Node shape, Node fixed) {
        MatMul op = (MatMul) fixed.op();
        boolean oneMatrix = isOneMatrix(fixed);
        Dim rows = new Shape(shape.shape().dims().subList(0, shape.shape().rank() - 1)).count();
        List<Launch> launches = new ArrayList<>();
        boolean mayBeFew = oneMatrix && op.transposeB() && (!rows.isFixed() || rows.size() <= FEW_ROWS);
        boolean few = mayBeFew && rows(fixed) <= FEW_ROWS;
        if (mayBeFew) {
            List<Launch> vector = matVec(shape, fixed, rows.isFixed() ? rows.size() : FEW_ROWS);
            launches.addAll(few ? vector : vector.stream().map(Launch::idle).toList());
        }
        if (!mayBeFew || !rows.isFixed()) {
            List<Launch> tiles = oneMatrix ? oneProduct(shape, fixed, op) : List.of(products(shape, fixed, op));
            launches.addAll(few ? tiles.stream().map(Launch::idle).toList() : tiles);
        }
        return launches;
    }

    /** All rows of a with one matrix: the batch is only more rows. */
    private static boolean isOneMatrix(Node product) {
        return product.operand(1).shape().rank() == 2 && !((MatMul) product.op()).transposeA();
    }

    /** Whether a product goes column by column over a matrix whose columns lie one behind the other, so it can be cut. */
    static boolean isCuttable(Node product) {
        return product.op() instanceof MatMul op && isOneMatrix(product) && op.transposeB();
    }

    /** The columns that a kernel computes at once. */
    private List<Parts.Part> columns(Node shape, Node fixed) {
        long n = fixed.shape().size(-1);
        return isCuttable(shape) ? parts.of(shape.operand(1).type(), n) : List.of(new Parts.Part(0, n));
    }

    /** A launch for these columns alone, of the matrix and of the result, which are its second and third array. */
    private static Launch part(Launch launch, Parts.Part columns, Node shape, Node fixed) {
        if (columns.count() == fixed.shape().size(-1)) {
            return launch;
        }
        long row = Parts.rowBytes(shape.operand(1).type());
        long before = Float.BYTES * columns.first();
        return launch.within(1, columns.first() * row, columns.count() * row)
                .within(2, before, GpuBuffer.bytes(shape.type()) - before);
    }

    private static long rows(Node fixed) {
        return fixed.shape().elements() / Math.max(1, fixed.shape().size(-1));
    }

    private List<Launch> matVec(Node shape, Node fixed, long most) {
        Encoding stored = fixed.operand(1).encoding();
        List<Node> arrays = NormalizeRules.arrays(shape);
        if (!stored.isBlockQuantised()) {
            boolean wide = depth(fixed) % EIGHT == 0 && depth(fixed) >= WIDE;
            KernelSource source = wide ? Encodings.wide(KernelSource.of("matVecWide"), stored)
                    : Encodings.reading(KernelSource.of("matVec"), stored);
            return columns(source, shape, fixed, most, arrays);
        }
        List<Launch> launches = new ArrayList<>();
        long sixteens = depth(fixed) / SIXTEEN;
        launches.add(Launch.each(KernelSource.of("digits"), rows(fixed) * sixteens,
                Arrays.asList(shape.operand(0), Launch.SCRATCH)).withScratch(most * sixteens * DIGITS_OF_SIXTEEN));
        launches.addAll(columns(Encodings.words(KernelSource.of("matVecBlocks"), stored), shape, fixed, most,
                Arrays.asList(Launch.SCRATCH, shape.operand(1), shape)));
        return launches;
    }

    private List<Launch> columns(KernelSource source, Node shape, Node fixed, long most, List<Node> arrays) {
        List<Launch> launches = new ArrayList<>();
        for (Parts.Part part : columns(shape, fixed)) {
            Launch columns = Launch.groups(source.with("ROWS", most), part.count(), arrays, part.count(), depth(fixed),
                    fixed.shape().size(-1));
            columns.numbers()[0] = Math.toIntExact(rows(fixed));
            launches.add(part(columns, part, shape, fixed));
        }
        return launches;
    }

    private static long depth(Node fixed) {
        return fixed.operand(0).shape().size(-1);
    }

    private List<Launch> oneProduct(Node shape, Node fixed, MatMul op) {
        long m = rows(fixed);
        long n = fixed.shape().size(-1);
        long k = depth(fixed);
        Shape most = shape.shape().bounded();
        Tile tile = tile(most.elements() / Math.max(1, most.size(-1)), most.size(-1));
        return columns(shape, fixed).stream().map(part -> part(product(shape, fixed, tile, m, part.count(), 1, m, part.count(), k, k,
                1, op.transposeB() ? 1 : n, op.transposeB() ? k : 1, n, 0), part, shape, fixed)).toList();
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
                op.transposeB() ? 1 : n, op.transposeB() ? k : 1, n, (long) batch.rank()));
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
