package org.intarsia.backend.testkit.cases;

import java.util.Arrays;
import java.util.List;
import org.intarsia.backend.testkit.suite.Tolerance;
import org.intarsia.graph.Encoding;

/** Block-quantised weights: products with few and many rows, tables, and what they decode to. */
final class BlockCases {
    private static final List<Encoding> ALL = Arrays.stream(Encoding.values()).filter(Encoding::isBlockQuantised).toList();
    /** Those that models mostly come in, which a backend may have kernels for. */
    private static final List<Encoding> COMMON = List.of(Encoding.Q8_0, Encoding.Q4_0, Encoding.Q4_K, Encoding.Q6_K);
    private static final long[] ROWS = {1, 2, 3, 8, 17, 64};

    private BlockCases() {
    }

    static void addTo(Catalogue all) {
        for (Encoding encoding : ALL) {
            int block = encoding.blockElements();
            all.value("cast", encoding + " to F32", Tolerance.exact(), d -> d.graph.cast(d.blocks("x", encoding, 3, 5 * block),
                    Encoding.F32));
            all.value("gather", encoding + " 9 rows of one block at 2×3", Tolerance.exact(), d -> d.graph.gather(
                    d.blocks("table", encoding, 9, block), d.indices("indices", 9, 2, 3)));
            all.value("gather", encoding + " 33 rows of seven blocks at 5", Tolerance.exact(), d -> d.graph.gather(
                    d.blocks("table", encoding, 33, 7 * block), d.indices("indices", 33, 5)));
            if (!COMMON.contains(encoding)) {
                product(all, encoding, 1, 256, 33);
                product(all, encoding, 17, 768, 33);
            }
        }
        for (Encoding encoding : COMMON) {
            int block = encoding.blockElements();
            for (long rows : ROWS) {
                product(all, encoding, rows, block, 33);
                // More than one pass of a tiled product takes, and cut where a pass would not end by itself.
                product(all, encoding, rows, block == 32 ? 544 : 1280, 70);
            }
            product(all, encoding, 1, 4096, 3);
            // As gradients through a linear layer: rows along memory, cut in the midst of blocks.
            for (long rows : new long[] {1, 7, 65}) {
                all.value("matMul", encoding + " " + Catalogue.by(rows, 33, 768), Tolerance.reduction(33), d -> d.graph.matMul(
                        d.input("a", rows, 33), d.blocks("b", encoding, 33, 768), false, false));
            }
            all.value("matMul", encoding + " 9×600 by 600×512", Tolerance.reduction(600), d -> d.graph.matMul(d.input("a", 9, 600),
                    d.blocks("b", encoding, 600, 512), false, false));
            product(all, encoding, 65, 1536, 130);
            // Gradients of x are products with the weight not transposed.
            all.smooth("matMul", encoding + " 2×3×256 to 40", Tolerance.reduction(256), d -> d.graph.linear(d.input("x", 2, 3, 256),
                    d.blocks("weight", encoding, 40, 256)));
            all.value("matMul", encoding + " 2×3×512 by 2×40×512 b transposed", Tolerance.reduction(512), d -> d.graph.matMul(
                    d.input("a", 2, 3, 512), d.blocks("b", encoding, 2, 40, 512), false, true));
            all.value("matMul", encoding + " a transposed, b transposed", Tolerance.reduction(256), d -> d.graph.matMul(
                    d.input("a", 256, 5), d.blocks("b", encoding, 33, 256), true, true));
        }
    }

    private static void product(Catalogue all, Encoding encoding, long m, long k, long n) {
        all.value("matMul", encoding + " " + Catalogue.by(m, k, n) + " b transposed", Tolerance.reduction(k), d -> d.graph.matMul(
                d.input("a", m, k), d.blocks("b", encoding, n, k), false, true));
    }
}
