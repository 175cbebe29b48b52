package org.intarsia.backend.cpu.step;

import org.intarsia.backend.cpu.host.Memory;
import org.intarsia.backend.cpu.host.ThreadTeam;
import org.intarsia.backend.cpu.kernel.RowKernels;
import org.intarsia.backend.cpu.vector.Kernels;
import org.intarsia.backend.cpu.vector.VectorTurning;

/** Copies elements from one strided place to another: the step of all ops that only move elements. */
final class StridedCopy {
    /** Side of the squares in which rows and columns are exchanged; a square's lines stay in the first-level cache. */
    private static final int SQUARE = 16;
    private static final int GRAIN_ELEMENTS = 8192;

    private final RowKernels rows;
    private final Strides strides;
    private final int bytes;
    private final int inner;
    /** The axis, other than the innermost, along which the source is consecutive; -1 for none. */
    private final int turned;
    private final boolean vectorised;

    StridedCopy(Kernels kernels, Strides strides, long elementBytes) {
        this.rows = kernels.rows();
        this.vectorised = kernels.vectorised() && VectorTurning.isPossible();
        this.strides = strides;
        this.bytes = (int) elementBytes;
        this.inner = strides.rank() - 1;
        int along = -1;
        for (int axis = 0; axis < inner; axis++) {
            if (strides.source(axis) == 1 && bytes == 4) {
                along = axis;
            }
        }
        this.turned = strides.source(inner) == 1 || strides.source(inner) == 0 ? -1 : along;
    }

    void run(ThreadTeam team, long source, long target) {
        long size = strides.size(inner);
        long lines = strides.count() / Math.max(1, size);
        if (turned >= 0) {
            long columns = strides.size(turned);
            long planes = lines / columns;
            long[] others = planeSizes();
            team.split(planes, Math.max(1, GRAIN_ELEMENTS / (size * columns)), (first, last, worker) -> {
                for (long plane = first; plane < last; plane++) {
                    plane(plane, others, source, target);
                }
            });
        } else {
            team.split(lines, Math.max(1, GRAIN_ELEMENTS / Math.max(1, size)), (first, last, worker) -> {
                lines(first, last, source, target, size);
            });
        }
    }

    /** Lines that follow one another along the axis outside of the innermost are found by adding. */
    private void lines(long first, long last, long source, long target, long size) {
        long along = inner > 0 ? strides.size(inner - 1) : 1;
        long sourceStep = inner > 0 ? bytes * strides.source(inner - 1) : 0;
        long targetStep = inner > 0 ? bytes * strides.target(inner - 1) : 0;
        for (long line = first, count; line < last; line += count) {
            count = Math.min(along - line % along, last - line);
            long from = source + bytes * strides.sourceOffset(line);
            long to = target + bytes * strides.targetOffset(line);
            for (long i = 0; i < count; i++) {
                line(from + i * sourceStep, to + i * targetStep, size);
            }
        }
    }

    private long[] planeSizes() {
        long[] others = new long[inner];
        for (int axis = 0; axis < inner; axis++) {
            others[axis] = axis == turned ? 1 : strides.size(axis);
        }
        return others;
    }

    /** One line along the innermost axis. */
    private void line(long from, long to, long size) {
        long step = strides.source(inner);
        long toStep = strides.target(inner);
        if (step == 1 && toStep == 1) {
            if (bytes == 4 && size <= 1024) {
                rows.copy(from, to, (int) size);
            } else {
                Memory.copy(from, to, size * bytes);
            }
            return;
        }
        if (bytes == 4) {
            for (long i = 0; i < size; i++) {
                Memory.putInt(to + 4 * i * toStep, Memory.getInt(from + 4 * i * step));
            }
            return;
        }
        for (long i = 0; i < size; i++) {
            Memory.copy(from + bytes * i * step, to + bytes * i * toStep, bytes);
        }
    }

    /** All of the innermost and the turned axis, square by square. */
    private void plane(long plane, long[] others, long source, long target) {
        long from = source;
        long to = target;
        for (int axis = inner - 1; axis >= 0; axis--) {
            long index = plane % others[axis];
            plane /= others[axis];
            from += 4 * index * strides.source(axis);
            to += 4 * index * strides.target(axis);
        }
        long columns = strides.size(turned);
        long size = strides.size(inner);
        long step = 4 * strides.source(inner);
        long toStep = 4 * strides.target(inner);
        long toColumn = 4 * strides.target(turned);
        for (long column = 0; column < columns; column += SQUARE) {
            for (long row = 0; row < size; row += SQUARE) {
                long lastColumn = Math.min(columns, column + SQUARE);
                long lastRow = Math.min(size, row + SQUARE);
                if (vectorised && toStep == 4 && lastColumn - column == SQUARE && lastRow - row == SQUARE) {
                    turn(from + 4 * column + row * step, step, to + column * toColumn + row * toStep, toColumn);
                    continue;
                }
                for (long i = column; i < lastColumn; i++) {
                    for (long j = row; j < lastRow; j++) {
                        Memory.putInt(to + i * toColumn + j * toStep, Memory.getInt(from + 4 * i + j * step));
                    }
                }
            }
        }
    }

    /** A whole square, which is one or four of those that vectors turn. */
    private static void turn(long from, long step, long to, long toColumn) {
        for (int row = 0; row < SQUARE; row += VectorTurning.SIDE) {
            for (int column = 0; column < SQUARE; column += VectorTurning.SIDE) {
                VectorTurning.square(from + 4 * column + row * step, step, to + column * toColumn + 4 * row, toColumn);
            }
        }
    }
}
