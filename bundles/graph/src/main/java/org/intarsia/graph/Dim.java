package org.intarsia.graph;

import java.util.Map;

/**
 * One dimension of a shape: a fixed size, or a multiple of a named size that is known only when the graph runs.
 *
 * <p>A named size has a bound, so memory can be planned before the size is known.
 *
 * @param factor the fixed size, or how many times the named size is taken; at least 0
 * @param name   the name, or {@code ""} for a fixed size
 * @param bound  the largest value that the name may take; 1 for a fixed size
 */
public record Dim(long factor, String name, long bound) {

    public Dim {
        if (factor < 0 || bound < 1) {
            throw new GraphException("dim: a size must not be negative and a bound must be at least 1, got " + factor
                    + " × " + name + " ≤ " + bound);
        }
    }

    public static Dim fixed(long size) {
        return new Dim(size, "", 1);
    }

    public static Dim named(String name, long bound) {
        return new Dim(1, name, bound);
    }

    public boolean isFixed() {
        return name.isEmpty();
    }

    /** The size when every name takes its bound. */
    public long bounded() {
        return Math.multiplyExact(factor, bound);
    }

    /** The fixed size. */
    public long size() {
        if (!isFixed()) {
            throw new GraphException("dim " + this + " has no fixed size: bind '" + name + "' first");
        }
        return factor;
    }

    public Dim times(Dim other) {
        if (!isFixed() && !other.isFixed()) {
            throw new GraphException("dim: the product of two named sizes, " + this + " and " + other
                    + ", is not supported; fix one of them");
        }
        Dim named = isFixed() ? other : this;
        return new Dim(Math.multiplyExact(factor, other.factor), named.name, named.bound);
    }

    /** The fixed dimension that this becomes under the given sizes. */
    public Dim bind(Map<String, Long> sizes) {
        if (isFixed()) {
            return this;
        }
        Long size = sizes.get(name);
        if (size == null) {
            throw new GraphException("no size is given for the named dimension '" + name + "'; given are " + sizes.keySet());
        }
        if (size < 1 || size > bound) {
            throw new GraphException("the size of '" + name + "' must be from 1 to " + bound + ", got " + size);
        }
        return fixed(Math.multiplyExact(factor, size));
    }

    @Override
    public String toString() {
        if (isFixed()) {
            return Long.toString(factor);
        }
        return factor == 1 ? name : factor + name;
    }
}
