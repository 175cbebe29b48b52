package org.intarsia.backend.cpu.product;

import org.intarsia.backend.cpu.code.Bf16Dots;
import org.intarsia.backend.cpu.host.ThreadTeam;
import org.intarsia.backend.cpu.rounding.RoundedRows;
import org.intarsia.backend.cpu.step.Step;

/**
 * x · weightᵀ with weights in BF16, as they are stored, and rows of x that are rounded to BF16, by {@link Bf16Dots machine code}, where
 * {@link org.intarsia.backend.api.Precision#FAST} allows it. A row has the same bits alone and beside any number of others.
 */
final class Bf16Product implements Step {
    /** Bytes of weights that are worth a task of their own. */
    private static final long GRAIN_BYTES = 1 << 16;
    /** Bytes of weights of one call: they stay in the second-level cache until all rows of x are done with them. */
    private static final long CHUNK_BYTES = 1 << 18;

    private final Bf16Dots code;
    private final int columns;
    private final int inner;
    private final RoundedRows.Rows x;
    private final long weight;
    private final long result;

    /**
     * Binds a product.
     *
     * @param columns rows of weights, at least {@link Bf16Dots#WEIGHTS}
     * @param inner   a multiple of {@link Bf16Dots#COLUMNS}
     * @param weight  the address of the weights
     * @param result  the address of rows of {@code columns} numbers
     */
    Bf16Product(Bf16Dots code, int columns, int inner, RoundedRows.Rows x, long weight, long result) {
        this.code = code;
        this.columns = columns;
        this.inner = inner;
        this.x = x;
        this.weight = weight;
        this.result = result;
    }

    /** Tells whether a product can be computed. */
    static boolean computes(int columns, int inner) {
        return columns >= Bf16Dots.WEIGHTS && inner % Bf16Dots.COLUMNS == 0;
    }

    @Override
    public void run(ThreadTeam team) {
        x.round(team);
        multiply(team);
    }

    /** Multiplies rows that are rounded already. */
    void multiply(ThreadTeam team) {
        long quadBytes = 2L * Bf16Dots.WEIGHTS * inner;
        long chunk = Math.max(1, CHUNK_BYTES / quadBytes);
        team.split(columns / Bf16Dots.WEIGHTS, Math.max(1, GRAIN_BYTES / quadBytes), (first, last, _) -> {
            for (long quad = first; quad < last; quad += chunk) {
                multiply(quad * Bf16Dots.WEIGHTS, Math.min(chunk, last - quad));
            }
        });
        if (columns % Bf16Dots.WEIGHTS > 0) {
            // Some of these were computed before, with the same bits.
            multiply(columns - Bf16Dots.WEIGHTS, 1);
        }
    }

    private void multiply(long column, long quads) {
        for (int piece = 0; piece < x.pieces(); piece++) {
            code.multiply(piece > 0, x.height(piece), weight + 2 * column * inner, x.address(piece), inner / Bf16Dots.COLUMNS, quads,
                    result + 4 * (x.first(piece) * columns + column), 4L * columns);
        }
    }
}
