package org.intarsia.weights.tool;

import java.util.List;
import java.util.function.ObjLongConsumer;
import java.util.stream.LongStream;

/** Goes through tensors of any size in pieces: a few at a time on all processors, their results in order in one thread. */
final class Pieces {
    /** Elements of a piece: whole blocks of every encoding. */
    private static final int PIECE = 1 << 20;
    private static final int AT_A_TIME = 16;

    private Pieces() {
    }

    /** What is done with a piece. */
    interface Work<T> {
        T of(long first, int count);
    }

    /** @param fold takes the result of each piece, and how many elements are behind it */
    static <T> void forEach(long elements, Work<T> work, ObjLongConsumer<T> fold) {
        long pieces = Math.ceilDiv(elements, (long) PIECE);
        for (long batch = 0; batch < pieces; batch += AT_A_TIME) {
            List<T> results = LongStream.range(batch, Math.min(pieces, batch + AT_A_TIME)).parallel()
                    .mapToObj(piece -> work.of(piece * PIECE, (int) Math.min(PIECE, elements - piece * PIECE))).toList();
            for (int i = 0; i < results.size(); i++) {
                fold.accept(results.get(i), Math.min(elements, (batch + i + 1) * PIECE));
            }
        }
    }
}
