package org.intarsia.model.api;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * A growing row of tokens. A token is an id; where a picture was handed in as features, the id only holds a place, and the
 * features are what the transformer sees there. Each token has a position on three axes, time, row and column, for the
 * transformers that look at them ({@link TransformerCore#axes}). Not safe for use by several threads.
 */
public final class TokenRow {
    private static final int ROW = 1;
    private static final int COLUMN = 2;

    private int[] ids = new int[64];
    private int size;
    private final TreeMap<Integer, Features> features = new TreeMap<>();

    /**
     * What stands at the places of a picture.
     *
     * @param values  (places, width), row-major
     * @param width   values for each place
     * @param columns places in each row of a picture
     */
    private record Features(float[] values, int width, int columns) {
        int places() {
            return values.length / width;
        }

        /** How far the positions behind are from that of the first place. */
        int extent() {
            return Math.max(columns, places() / columns);
        }

        int offset(int place, int axis) {
            return switch (axis) {
                case ROW -> place / columns;
                case COLUMN -> place % columns;
                default -> 0;
            };
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Features same && width == same.width && columns == same.columns
                    && Arrays.equals(values, same.values);
        }

        @Override
        public int hashCode() {
            return Objects.hash(width, columns, Arrays.hashCode(values));
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
     * Adds the features of a picture, all at the time of the first, each at its row and column from there on.
     *
     * @param placeholder the id that holds each place
     * @param width       values of one feature
     */
    public TokenRow addPicture(int placeholder, PromptFormat.Features picture, int width) {
        Features added = new Features(picture.values(), width, picture.columns());
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

    /**
     * Returns the position of a token as M-RoPE counts them (Wang et al., "Qwen2-VL", 2024): a word stands behind the largest
     * position before it, on all axes.
     *
     * @param place counted from 0; behind the end it is the position that further words would have
     * @param axis  0 for time, 1 for the row, 2 for the column
     */
    public int position(int place, int axis) {
        int position = place;
        for (var run : features.headMap(place, true).entrySet()) {
            int inside = place - run.getKey();
            if (inside < run.getValue().places()) {
                return position - inside + run.getValue().offset(inside, axis);
            }
            position += run.getValue().extent() - run.getValue().places();
        }
        return position;
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
