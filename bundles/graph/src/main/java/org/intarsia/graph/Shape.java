package org.intarsia.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The dimensions of a tensor, outermost first; a scalar has none. Elements lie in row-major order. */
public record Shape(List<Dim> dims) {

    public static final Shape SCALAR = new Shape(List.of());

    public Shape {
        dims = List.copyOf(dims);
    }

    public static Shape of(long... sizes) {
        return new Shape(Arrays.stream(sizes).mapToObj(Dim::fixed).toList());
    }

    public static Shape of(Dim... dims) {
        return new Shape(List.of(dims));
    }

    public int rank() {
        return dims.size();
    }

    /** The dimension at {@code axis}; a negative axis counts from the end. */
    public Dim dim(int axis) {
        return dims.get(axis < 0 ? axis + rank() : axis);
    }

    /** The fixed size at {@code axis}; a negative axis counts from the end. */
    public long size(int axis) {
        return dim(axis).size();
    }

    public boolean isFixed() {
        return dims.stream().allMatch(Dim::isFixed);
    }

    /** The product of all dimensions. */
    public Dim count() {
        Dim count = Dim.fixed(1);
        for (Dim dim : dims) {
            count = count.times(dim);
        }
        return count;
    }

    /** The number of elements of a fixed shape. */
    public long elements() {
        return count().size();
    }

    public long[] sizes() {
        return dims.stream().mapToLong(Dim::size).toArray();
    }

    /** How many elements apart neighbours along each axis lie, row-major. */
    public long[] strides() {
        long[] strides = new long[rank()];
        long stride = 1;
        for (int axis = rank() - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride = Math.multiplyExact(stride, size(axis));
        }
        return strides;
    }

    public Shape bind(Map<String, Long> sizes) {
        return isFixed() ? this : new Shape(dims.stream().map(dim -> dim.bind(sizes)).toList());
    }

    /** This shape with every name at its bound. */
    public Shape bounded() {
        return isFixed() ? this : new Shape(dims.stream().map(dim -> Dim.fixed(dim.bounded())).toList());
    }

    public Shape with(int axis, Dim dim) {
        List<Dim> changed = new ArrayList<>(dims);
        changed.set(axis < 0 ? axis + rank() : axis, dim);
        return new Shape(changed);
    }

    /** This shape without its outermost {@code count} dimensions. */
    public Shape drop(int count) {
        return new Shape(dims.subList(count, rank()));
    }

    /** This shape followed by {@code tail}. */
    public Shape concat(Shape tail) {
        List<Dim> joined = new ArrayList<>(dims);
        joined.addAll(tail.dims);
        return new Shape(joined);
    }

    @Override
    public String toString() {
        return dims.stream().map(Dim::toString).collect(Collectors.joining(", ", "(", ")"));
    }
}
