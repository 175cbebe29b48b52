package org.intarsia.backend.cpu.product;

import java.util.Optional;
import org.intarsia.backend.cpu.code.Bf16Tiles;
import org.intarsia.backend.cpu.code.FloatTiles;
import org.intarsia.backend.cpu.code.TileCode;
import org.intarsia.backend.cpu.host.ThreadTeam;
import org.intarsia.backend.cpu.host.Worker;
import org.intarsia.backend.cpu.kernel.TileKernels;
import org.intarsia.graph.Encoding;

/**
 * Matrix products C (+)= A·B on tiles, the right operand packed piece by piece into panels that stay in the cache.
 *
 * <p>The work is cut into tasks of rows × columns that share nothing; each packs what it needs for itself, so there are
 * no barriers. Only the inner dimension is cut by a rule of its own ({@link #innerBlock}), so the bits of the result
 * depend neither on the number of threads nor on the place of an element.
 */
public final class Gemm {
    /** Rows that are worked on together: whole strips of 6 and of 8. */
    private static final int GROUP = 48;
    /** The longest inner dimension of one pass; with a full panel it fills a quarter of a 1 MiB cache. */
    private static final int INNER = 512;
    /** Bytes of panels that one pass keeps in the second-level cache. */
    private static final long PANEL_BYTES = 512 << 10;
    /** Fewer rows than this a task would spend too much of its time on packing. */
    private static final int LEAST_ROWS = 192;
    /** Multiply-adds below which a task is not worth its hand-over. */
    private static final long LEAST_WORK = 100_000;

    /** Writes panels of the right operand; see {@link TileKernels#pack}. */
    interface Panels {
        void pack(Worker worker, int batch, int firstRow, int rows, int firstColumn, int columns, int width, long panel);
    }

    /** Where the left operand lies: element (row, inner) of a batch at address + (row · rowStep + inner · step) elements. */
    public record Left(Encoding encoding, long rowStep, long step) {
    }

    /**
     * Panels of a right operand that is decoded one element at a time.
     *
     * @param step       elements from one neighbour along the inner dimension to the next
     * @param columnStep elements from one column to the next
     * @param right      the address of each batch
     */
    public static Panels strided(TileKernels kernels, Encoding encoding, long step, long columnStep, long... right) {
        return (worker, batch, firstRow, rows, firstColumn, columns, width, panel) -> kernels.pack(encoding, rows, columns, width,
                right[batch] + encoding.bytes(firstRow * step + firstColumn * columnStep), step, columnStep, panel);
    }

    private final TileKernels kernels;
    private final int rows;
    private final int columns;
    private final int inner;
    private final int innerBlock;
    private final int lanes;
    /** Vectors in a full panel. */
    private final int wide;
    private final Optional<FloatTiles> code;
    private final Optional<MixedProduct> mixed;

    /**
     * Prepares a product.
     *
     * @param code  multiplies where it may
     * @param block elements along the inner dimension that are packed together, a divisor of {@link #INNER}
     */
    public Gemm(TileKernels kernels, TileCode code, int rows, int columns, int inner, int block) {
        this.kernels = kernels;
        this.rows = rows;
        this.columns = columns;
        this.inner = inner;
        this.innerBlock = innerBlock(inner, block);
        this.lanes = kernels.lanes();
        this.code = code.exact();
        this.wide = this.code.map(FloatTiles::vectors).orElse(kernels.hasManyRegisters() ? 4 : 2);
        this.mixed = code.mixed().filter(_ -> lanes == Bf16Tiles.LANES && MixedProduct.isWorth(rows, columns, inner))
                .map(tiles -> new MixedProduct(tiles, kernels, inner, innerBlock));
    }

    /** The inner dimension in pieces as equal as whole blocks allow, of at most {@link #INNER}. */
    private static int innerBlock(int inner, int block) {
        int pieces = Math.max(1, Math.ceilDiv(inner, INNER));
        return Math.ceilDiv(Math.ceilDiv(inner, pieces), block) * block;
    }

    /**
     * Computes all batches.
     *
     * @param a    the address of the left operand for each batch
     * @param c    the address of the result for each batch
     * @param cRow bytes from one row of the result to the next
     */
    public void run(ThreadTeam team, int batches, long[] a, Left left, Panels panels, long[] c, long cRow, boolean accumulate) {
        if (rows == 0 || columns == 0) {
            return;
        }
        int panelColumns = wide * lanes;
        int blockColumns = blockColumns();
        int blockRows = rows;
        if (team.size() > 1) {
            // Cut until every thread has two tasks: more would even out better, but each packs anew.
            long wanted = 2L * team.size();
            while (tasks(batches, blockRows, blockColumns) < wanted && work(blockRows, blockColumns) > LEAST_WORK) {
                if (blockRows >= 2 * LEAST_ROWS) {
                    blockRows = Math.ceilDiv(Math.ceilDiv(blockRows, 2), GROUP) * GROUP;
                } else if (blockColumns > panelColumns) {
                    blockColumns = Math.ceilDiv(Math.ceilDiv(blockColumns, 2), panelColumns) * panelColumns;
                } else {
                    break;
                }
            }
        }
        int rowBlocks = Math.ceilDiv(rows, blockRows);
        int columnBlocks = Math.ceilDiv(columns, blockColumns);
        int height = blockRows;
        int breadth = blockColumns;
        team.run(batches * rowBlocks * columnBlocks, (task, worker) -> {
            int batch = task / (rowBlocks * columnBlocks);
            int firstRow = task / columnBlocks % rowBlocks * height;
            int firstColumn = task % columnBlocks * breadth;
            block(worker, batch, a[batch], left, panels, c[batch], cRow, accumulate, firstRow,
                    Math.min(height, rows - firstRow), firstColumn, Math.min(breadth, columns - firstColumn));
        });
    }

    /** The same for one batch, all on the calling worker. */
    public void run(Worker worker, long a, Left left, Panels panels, long c, long cRow, boolean accumulate) {
        int breadth = blockColumns();
        for (int column = 0; column < columns; column += breadth) {
            block(worker, 0, a, left, panels, c, cRow, accumulate, 0, rows, column, Math.min(breadth, columns - column));
        }
    }

    private int blockColumns() {
        int panelColumns = wide * lanes;
        return (int) Math.max(1, PANEL_BYTES / (4L * innerBlock * panelColumns)) * panelColumns;
    }

    private long tasks(int batches, int blockRows, int blockColumns) {
        return (long) batches * Math.ceilDiv(rows, blockRows) * Math.ceilDiv(columns, blockColumns);
    }

    private long work(int blockRows, int blockColumns) {
        return (long) Math.min(rows, blockRows) * Math.min(columns, blockColumns) * inner;
    }

    private void block(Worker worker, int batch, long a, Left left, Panels panels, long c, long cRow, boolean accumulate,
            int firstRow, int height, int firstColumn, int breadth) {
        if (mixed.isPresent()) {
            mixed.get().block(worker, batch, a, left, panels, c, cRow, accumulate, firstRow, height, firstColumn, breadth);
            return;
        }
        int vectors = Math.ceilDiv(breadth, lanes);
        long packedBytes = 4L * innerBlock * vectors * lanes;
        boolean inPlace = left.encoding() == Encoding.F32 && left.step() == 1;
        long leftBytes = 4L * innerBlock * groupVectors() * lanes;
        long packed = worker.panels(packedBytes + leftBytes + 4L * GROUP * wide * lanes + 64);
        long packedLeft = (packed + packedBytes + 63) & -64;
        long edge = packedLeft + leftBytes;
        long element = left.encoding().bytes(1);
        for (int firstInner = 0; firstInner < inner; firstInner += innerBlock) {
            int depth = Math.min(innerBlock, inner - firstInner);
            for (int vector = 0, width; vector < vectors; vector += width) {
                width = width(vectors - vector);
                int column = vector * lanes;
                panels.pack(worker, batch, firstInner, depth, firstColumn + column, Math.min(width * lanes, breadth - column),
                        width, packed + 4L * column * depth);
            }
            for (int group = 0; group < height; group += GROUP) {
                int count = Math.min(GROUP, height - group);
                int row = firstRow + group;
                long from = a + (row * left.rowStep() + firstInner * left.step()) * element;
                long fromRow = left.rowStep() * 4;
                long fromStep = 4;
                if (!inPlace) {
                    packLeft(left, from, depth, count, packedLeft);
                    from = packedLeft;
                    fromRow = left.step() == 1 ? 4L * depth : 4;
                    fromStep = left.step() == 1 ? 4 : 4L * groupVectors() * lanes;
                }
                for (int vector = 0, width; vector < vectors; vector += width) {
                    width = width(vectors - vector);
                    int column = vector * lanes;
                    long panel = packed + 4L * column * depth;
                    long to = c + row * cRow + (firstColumn + column) * 4L;
                    int columnsLeft = Math.min(width * lanes, breadth - column);
                    boolean add = accumulate || firstInner > 0;
                    if (code.isPresent()) {
                        PanelEdge.multiply(code.get(), add, count, width, columnsLeft, from, fromRow, fromStep, depth, panel, to, cRow,
                                edge);
                    } else {
                        panel(worker.tile(), width, count, depth, from, fromRow, fromStep, panel, to, cRow, columnsLeft, add);
                    }
                }
            }
        }
    }

    /** A left operand that is encoded is decoded row by row; one whose rows run along memory is turned. */
    private void packLeft(Left left, long from, int depth, int count, long to) {
        long element = left.encoding().bytes(1);
        if (left.step() == 1) {
            for (int row = 0; row < count; row++) {
                kernels.decode(left.encoding(), from + row * left.rowStep() * element, to + 4L * row * depth, depth);
            }
        } else {
            kernels.pack(left.encoding(), depth, count, groupVectors(), from, left.step(), left.rowStep(), to);
        }
    }

    private int groupVectors() {
        return Math.ceilDiv(GROUP, lanes);
    }

    /** Panels are as wide as they can be: four vectors where there are registers for that, two, one. */
    private int width(int vectorsLeft) {
        return vectorsLeft >= wide ? wide : vectorsLeft >= 2 ? 2 : 1;
    }

    /** One panel times one group of rows. */
    private void panel(float[] tile, int width, int count, int depth, long a, long aRow, long aStep, long b, long c, long cRow,
            int columns, boolean accumulate) {
        long bStep = 4L * width * lanes;
        int row = 0;
        if (width == 4) {
            int eights = eights(count);
            for (; row < count - 8 * eights; row += 6) {
                int valid = Math.min(6, count - row);
                kernels.tile6x4(valid, depth, a + row * aRow, aRow, aStep, b, bStep, tile);
                kernels.flush(tile, valid, 4, columns, c + row * cRow, cRow, accumulate);
            }
        }
        int strip = kernels.strip(Math.min(width, 2));
        for (; row < count; row += strip) {
            int valid = Math.min(strip, count - row);
            for (int vector = 0; vector < width; vector += 2) {
                int left = Math.min(columns - vector * lanes, 2 * lanes);
                if (left <= 0) {
                    break;
                }
                long to = c + row * cRow + 4L * vector * lanes;
                if (width == 1) {
                    kernels.tile8x1(valid, depth, a + row * aRow, aRow, aStep, b, bStep, tile);
                } else {
                    kernels.tileStrip(valid, 1, 0, depth, a + row * aRow, aRow, aStep, b + 4L * vector * lanes, bStep, tile);
                }
                kernels.flush(tile, valid, Math.min(width, 2), left, to, cRow, accumulate);
            }
        }
    }

    /** How many strips of 8 rows to end with, so that as few rows as possible are computed in vain. */
    private static int eights(int count) {
        int best = 0;
        int least = Integer.MAX_VALUE;
        for (int eights = 0; eights <= 2; eights++) {
            int cost = 6 * Math.max(0, Math.ceilDiv(count - 8 * eights, 6)) + 8 * eights;
            if (cost < least) {
                least = cost;
                best = eights;
            }
        }
        return best;
    }
}
