package org.intarsia.backend.cpu;

import java.lang.foreign.MemorySegment;
import org.intarsia.backend.api.HostProducts;

/**
 * x · weightᵀ for many rows of x, which are rounded to BF16, by a {@link HostProducts library}, where
 * {@link org.intarsia.backend.api.Precision#FAST} allows it and weights are BF16. While there is no library, the exact step runs.
 */
final class LibraryProduct implements Step {
    /** From so many rows on the library was faster: below, reading the weights is the bound, and rounding comes on top. */
    static final int LEAST_ROWS = 16;
    /**
     * Columns of one call: few enough to share out evenly, many enough that the library need not rearrange x too often. Fixed, so
     * that the number of threads changes no bits.
     */
    private static final int COLUMNS = 512;

    private final ProductLibrary library;
    private final Step exact;
    private final int rows;
    private final int columns;
    private final int inner;
    private final long x;
    private final MemorySegment weight;
    private final MemorySegment result;
    private final MemorySegment rounded;

    /** @param rounded memory for rows × inner BF16 that nobody else uses while the step runs */
    LibraryProduct(ProductLibrary library, Step exact, int rows, int columns, int inner, long x, long weight, long result,
            MemorySegment rounded) {
        this.library = library;
        this.exact = exact;
        this.rows = rows;
        this.columns = columns;
        this.inner = inner;
        this.x = x;
        this.weight = MemorySegment.ofAddress(weight).reinterpret(2L * columns * inner);
        this.result = MemorySegment.ofAddress(result).reinterpret(4L * rows * columns);
        this.rounded = rounded;
    }

    @Override
    public void run(ThreadTeam team) {
        if (!library.use(products -> multiply(products, team))) {
            exact.run(team);
        }
    }

    private void multiply(HostProducts products, ThreadTeam team) {
        team.split(rows, 1, (first, last, worker) -> VectorPacking.toBf16(x + 4 * first * inner, rounded.address() + 2 * first * inner,
                (last - first) * inner));
        team.run(Math.ceilDiv(columns, COLUMNS), (task, worker) -> {
            int first = task * COLUMNS;
            int count = Math.min(COLUMNS, columns - first);
            products.bf16(rows, count, inner, rounded, weight.asSlice(2L * first * inner), result.asSlice(4L * first), columns);
        });
    }
}
