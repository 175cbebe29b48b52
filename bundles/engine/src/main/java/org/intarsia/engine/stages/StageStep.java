package org.intarsia.engine.stages;

import java.util.Arrays;

/**
 * The tokens of a step as a stage sees them. The arrays are not copied: whoever makes a step does not change them afterwards.
 *
 * @param place     of each token in its stream, counted from 0
 * @param positions of each token, for each axis; no axes where the place is the position
 * @param block     into which the keys and values of each token go
 * @param offset    within that block
 * @param row       the row of the table that each token's stream has
 * @param table     the blocks of each stream, a row of the same width for each
 * @param hidden    the residual stream in front of the first layer, as many numbers for each token as the model is wide
 */
public record StageStep(int[] place, int[][] positions, int[] block, int[] offset, int[] row, int[] table, float[] hidden) {

    /** Returns the number of tokens. */
    public int tokens() {
        return place.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StageStep step && Arrays.equals(place, step.place) && Arrays.deepEquals(positions, step.positions)
                && Arrays.equals(block, step.block) && Arrays.equals(offset, step.offset) && Arrays.equals(row, step.row)
                && Arrays.equals(table, step.table) && Arrays.equals(hidden, step.hidden);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(place) + Arrays.hashCode(table);
    }

    @Override
    public String toString() {
        return "step of " + place.length + " tokens";
    }
}
