package org.intarsia.engine;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** A growing row of token ids. Not safe for use by several threads. */
final class Ids {
    private int[] ids = new int[64];
    private int size;

    Ids add(int... added) {
        if (size + added.length > ids.length) {
            ids = Arrays.copyOf(ids, Math.max(2 * ids.length, size + added.length));
        }
        System.arraycopy(added, 0, ids, size, added.length);
        size += added.length;
        return this;
    }

    int size() {
        return size;
    }

    int at(int index) {
        return ids[index];
    }

    /** The ids from {@code start} on. */
    int[] from(int start) {
        return Arrays.copyOfRange(ids, start, size);
    }

    List<Integer> list() {
        return IntStream.of(from(0)).boxed().toList();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Ids row && Arrays.equals(from(0), row.from(0));
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(from(0));
    }
}
