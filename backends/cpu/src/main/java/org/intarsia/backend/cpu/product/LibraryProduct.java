package org.intarsia.backend.cpu.product;

import java.lang.foreign.MemorySegment;
import org.intarsia.backend.api.HostProducts;
import org.intarsia.backend.cpu.host.ThreadTeam;
import org.intarsia.backend.cpu.rounding.ProductLibrary;
import org.intarsia.backend.cpu.rounding.RoundedRows;
import org.intarsia.backend.cpu.step.Step;

/**
 * x · weightᵀ for many rows of x, which are rounded to BF16, by a {@link HostProducts library}, where
 * {@link org.intarsia.backend.api.Precision#FAST} allows it and weights are BF16. While there is no library, another step runs.
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
    private final Step otherwise;
    private final int rows;
    private final int columns;
    private final int inner;
    private final RoundedRows.Rows x;
    private final MemorySegment weight;
    private final MemorySegment result;

    /** @param otherwise runs while there is no library; x is rounded then */
    LibraryProduct(ProductLibrary library, Step otherwise, int columns, int inner, RoundedRows.Rows x, long weight, long result) {
        this.library = library;
        this.otherwise = otherwise;
        this.rows = x.rows();
        this.columns = columns;
        this.inner = inner;
        this.x = x;
        this.weight = MemorySegment.ofAddress(weight).reinterpret(2L * columns * inner);
        this.result = MemorySegment.ofAddress(result).reinterpret(4L * rows * columns);
    }

    @Override
    public void run(ThreadTeam team) {
        x.round(team);
        if (!library.use(products -> multiply(products, team))) {
            otherwise.run(team);
        }
    }

    private void multiply(HostProducts products, ThreadTeam team) {
        MemorySegment rounded = MemorySegment.ofAddress(x.address(0)).reinterpret(2L * rows * inner);
        team.run(Math.ceilDiv(columns, COLUMNS), (task, worker) -> {
            int first = task * COLUMNS;
            int count = Math.min(COLUMNS, columns - first);
            products.bf16(rows, count, inner, rounded, weight.asSlice(2L * first * inner), result.asSlice(4L * first), columns);
        });
    }
}
