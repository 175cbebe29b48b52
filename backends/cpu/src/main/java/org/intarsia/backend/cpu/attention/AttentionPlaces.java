package org.intarsia.backend.cpu.attention;

import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.cpu.host.Memory;
import org.intarsia.graph.Shape;

/**
 * The sizes of an attention, where queries lie, and which keys they see.
 *
 * @param positions the address of the place of each query, which sees the keys up to its own; 0 where all see all keys
 * @param context   keys of a row
 */
record AttentionPlaces(long positions, int sequences, int length, int heads, int headDim, int keyRows, int context, int keyHeads) {

    /**
     * Takes the sizes of operands.
     *
     * @param positions as the component of this record
     */
    static AttentionPlaces of(Shape q, Shape k, long positions) {
        return new AttentionPlaces(positions, Math.toIntExact(q.size(0)), Math.toIntExact(q.size(1)), Math.toIntExact(q.size(2)),
                Math.toIntExact(q.size(3)), Math.toIntExact(k.size(0)), Math.toIntExact(k.size(1)), Math.toIntExact(k.size(2)));
    }

    /** Heads that have a key in common. */
    int shared() {
        return heads / keyHeads;
    }

    /** Floats from one query of a head to the next. */
    int queryStep() {
        return heads * headDim;
    }

    /** Floats from one key of a head to the next. */
    int keyStep() {
        return keyHeads * headDim;
    }

    /** Bytes to a query, and to its result. */
    long query(int sequence, int place, int head) {
        return 4 * (((long) sequence * length + place) * heads + head) * headDim;
    }

    /** Bytes to the first key of a row, and to its value. */
    long key(long row, int keyHead) {
        return 4 * (row * context * keyHeads + keyHead) * headDim;
    }

    /** Behind the last key that a query sees. */
    int seen(int sequence, int place) {
        if (positions == 0) {
            return context;
        }
        int position = Memory.getInt(positions + 4L * (sequence * (long) length + place));
        if (position < 0 || position >= context) {
            throw new BackendException("attention: position " + position + " does not lie within the context of " + context);
        }
        return position + 1;
    }

    /** Behind the last key that any of some queries sees. */
    int seen(int sequence, int first, int count) {
        int seen = 0;
        for (int i = 0; i < count; i++) {
            seen = Math.max(seen, seen(sequence, first + i));
        }
        return seen;
    }
}
