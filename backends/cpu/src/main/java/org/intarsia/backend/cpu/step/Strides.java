package org.intarsia.backend.cpu.step;

import java.util.ArrayList;
import java.util.List;
import org.intarsia.backend.cpu.host.Memory;
import org.intarsia.backend.cpu.kernel.RowKernels;
import org.intarsia.graph.Shape;

/**
 * How one tensor is walked through in the row-major order of another: for each axis a size, and how many elements apart
 * neighbours lie in the source and in the target. Neighbouring axes that can be walked as one are joined.
 */
public final class Strides {
    private final long[] sizes;
    private final long[] source;
    private final long[] target;

    private Strides(long[] sizes, long[] source, long[] target) {
        this.sizes = sizes;
        this.source = source;
        this.target = target;
    }

    static Strides of(long[] sizes, long[] source, long[] target) {
        List<long[]> axes = new ArrayList<>();
        for (int axis = 0; axis < sizes.length; axis++) {
            if (sizes[axis] == 1) {
                continue;
            }
            long[] outer = axes.isEmpty() ? null : axes.getLast();
            if (outer != null && outer[1] == source[axis] * sizes[axis] && outer[2] == target[axis] * sizes[axis]) {
                axes.set(axes.size() - 1, new long[] {outer[0] * sizes[axis], source[axis], target[axis]});
            } else {
                axes.add(new long[] {sizes[axis], source[axis], target[axis]});
            }
        }
        if (axes.isEmpty()) {
            axes.add(new long[] {1, 1, 1});
        }
        return new Strides(column(axes, 0), column(axes, 1), column(axes, 2));
    }

    private static long[] column(List<long[]> axes, int column) {
        return axes.stream().mapToLong(axis -> axis[column]).toArray();
    }

    /** How {@code narrow} is repeated to the shape {@code wide}, aligned at the innermost dimension. */
    static Strides broadcast(Shape narrow, Shape wide) {
        return of(wide.sizes(), broadcastStrides(narrow, wide), wide.strides());
    }

    /** For each axis of {@code wide} how many elements apart neighbours lie in {@code narrow}; 0 where it is repeated. */
    public static long[] broadcastStrides(Shape narrow, Shape wide) {
        long[] own = narrow.strides();
        long[] source = new long[wide.rank()];
        int added = wide.rank() - narrow.rank();
        for (int axis = added; axis < source.length; axis++) {
            source[axis] = narrow.size(axis - added) == 1 ? 0 : own[axis - added];
        }
        return source;
    }

    /** Whether source and target are walked through alike and without gaps. */
    boolean isPlain() {
        return sizes.length == 1 && source[0] == 1 && target[0] == 1;
    }

    long count() {
        long count = 1;
        for (long size : sizes) {
            count *= size;
        }
        return count;
    }

    int rank() {
        return sizes.length;
    }

    long size(int axis) {
        return sizes[axis];
    }

    long source(int axis) {
        return source[axis];
    }

    long target(int axis) {
        return target[axis];
    }

    /**
     * Copies {@code n} elements of 4 bytes, from number {@code first} of the walk on, to consecutive places.
     */
    void gather(RowKernels rows, long from, long first, int n, long to) {
        int inner = sizes.length - 1;
        long at = first;
        int left = n;
        while (left > 0) {
            long column = at % sizes[inner];
            int run = (int) Math.min(left, sizes[inner] - column);
            long address = from + 4 * (offset(at / sizes[inner], source) + column * source[inner]);
            if (source[inner] == 1) {
                rows.copy(address, to, run);
            } else if (source[inner] == 0) {
                rows.fill(Memory.getFloat(address), to, run);
            } else {
                for (int i = 0; i < run; i++) {
                    Memory.putInt(to + 4L * i, Memory.getInt(address + 4 * i * source[inner]));
                }
            }
            at += run;
            to += 4L * run;
            left -= run;
        }
    }

    /** The offset, in elements, of row number {@code row}: the innermost axis is left out. */
    long offset(long row, long[] strides) {
        long offset = 0;
        for (int axis = sizes.length - 2; axis >= 0; axis--) {
            offset += row % sizes[axis] * strides[axis];
            row /= sizes[axis];
        }
        return offset;
    }

    long sourceOffset(long row) {
        return offset(row, source);
    }

    long targetOffset(long row) {
        return offset(row, target);
    }
}
