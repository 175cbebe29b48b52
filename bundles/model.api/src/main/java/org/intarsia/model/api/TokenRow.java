package org.intarsia.model.api;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * A growing row of tokens. A token is an id; where a picture was handed in as features, the id only holds a place, and the
 * features are what the transformer sees there. Not safe for use by several threads.
 */
public final class TokenRow {
    private int[] ids = new int[64];
    private int size;
    private final TreeMap<Integer, Features> features = new TreeMap<>();

    /** Values for places one after the other, {@code width} for each. */
    private record Features(float[] values, int width) {
        int places() {
            return values.length / width;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Features same && width == same.width && Arrays.equals(values, same.values);
        }

        @Override
        public int hashCode() {
            return Objects.hash(width, Arrays.hashCode(values));
        }
    }

    /** Adds ids. */
    public TokenRow add(int... added) {
        if (size + added.length > ids.length) {
            ids = Arrays.copyOf(ids, Math.max(2 * ids.length, size + added.length));
        }
        System.arraycopy(added, 0, ids, size, added.length);
        size += added.length;
        return this;
    }

    /** Adds another row, with its features. */
    public TokenRow add(TokenRow other) {
        other.features.forEach((place, values) -> features.put(size + place, values));
        return add(other.from(0));
    }

    /**
     * Adds places whose values are given.
     *
     * @param placeholder the id that holds each place
     * @param values      (places, width), row-major
     */
    public TokenRow addFeatures(int placeholder, float[] values, int width) {
        Features added = new Features(values, width);
        features.put(size, added);
        int[] places = new int[added.places()];
        Arrays.fill(places, placeholder);
        return add(places);
    }

    public int size() {
        return size;
    }

    public int at(int index) {
        return ids[index];
    }

    /** The ids from {@code start} on. */
    public int[] from(int start) {
        return Arrays.copyOfRange(ids, start, size);
    }

    public List<Integer> list() {
        return IntStream.of(from(0)).boxed().toList();
    }

    /** Whether one of {@code count} places from {@code start} on has features. */
    public boolean hasFeatures(int start, int count) {
        var first = features.floorEntry(start + count - 1);
        return first != null && first.getKey() + first.getValue().places() > start;
    }

    /**
     * Copies the features of a place.
     *
     * @return whether it has any
     */
    public boolean copyFeatures(int place, float[] target, int offset) {
        var run = features.floorEntry(place);
        if (run == null || run.getKey() + run.getValue().places() <= place) {
            return false;
        }
        int width = run.getValue().width();
        System.arraycopy(run.getValue().values(), (place - run.getKey()) * width, target, offset, width);
        return true;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TokenRow row && Arrays.equals(from(0), row.from(0)) && features.equals(row.features);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(from(0));
    }
}
