package org.intarsia.engine.scheduler;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.intarsia.model.api.TokenRow;

/** A token stream's part of the cache: its blocks, and how much of the stream has been read into them. */
final class Sequence {
    private static final int[] NOTHING = {};

    private final TokenRow row;
    private final BlockPool pool;
    private final List<Integer> blocks = new ArrayList<>();
    /** How many of the blocks are full, and known as such. */
    private int filled;
    private int read;
    /** Proposed tokens that stand in the cache behind those of the stream. */
    private int[] ahead = NOTHING;

    Sequence(TokenRow row, BlockPool pool) {
        this.row = row;
        this.pool = pool;
    }

    TokenRow row() {
        return row;
    }

    int read() {
        return read;
    }

    int pending() {
        return row.size() - read;
    }

    /**
     * Makes ready for a step: proposed tokens count as read as far as the stream goes on with them, and what others have read of the
     * same tokens is shared. At least one token stays to be read, so that there are scores.
     */
    void settle() {
        for (int i = 0; i < ahead.length && pending() > 0 && row.at(read) == ahead[i]; i++) {
            read++;
        }
        ahead = NOTHING;
        share();
        read = Math.min(read, row.size() - 1);
        fill();
    }

    private void share() {
        for (int[] tokens = next(); tokens != null; tokens = next()) {
            int shared = pool.share(content(), tokens);
            if (shared == BlockPool.NONE) {
                return;
            }
            blocks.add(shared);
            filled++;
            read += tokens.length;
        }
    }

    /** The tokens of a whole block that is to be read next and is not the stream's end; null where there is none. */
    private int[] next() {
        boolean atBegin = read == filled * pool.size() && blocks.size() == filled;
        return atBegin && row.size() > read + pool.size() ? block() : null;
    }

    /** Whether the block that is to be read next is just what another stream reads now: then it is shared when it has been read. */
    boolean waitsFor(Sequence other) {
        int end = read + pool.size();
        return next() != null && other.read < end && other.row.size() > end && !other.row.hasFeatures(0, end)
                && IntStream.range(0, end).allMatch(place -> row.at(place) == other.row.at(place));
    }

    /** The content of the last full block. */
    private long content() {
        return filled == 0 ? BlockPool.BEGIN : pool.content(blocks.get(filled - 1));
    }

    /** The tokens of the block behind the last full one; null where there are too few, or where some stand for features. */
    private int[] block() {
        int first = filled * pool.size();
        if (row.size() < first + pool.size() || row.hasFeatures(0, first + pool.size())) {
            return null;
        }
        int[] tokens = new int[pool.size()];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = row.at(first + i);
        }
        return tokens;
    }

    /** Lets others find blocks that have been read whole. */
    private void fill() {
        while ((filled + 1) * pool.size() <= read) {
            int[] tokens = block();
            if (tokens == null) {
                return;
            }
            pool.fill(blocks.get(filled), content(), tokens);
            filled++;
        }
    }

    /** Takes blocks for so many tokens behind those that were read; false where there are not enough, which keeps what it has got. */
    boolean reserve(int tokens) {
        while (!covers(tokens)) {
            int block = pool.take();
            if (block == BlockPool.NONE) {
                return false;
            }
            blocks.add(block);
        }
        return true;
    }

    /** Whether it has blocks for so many tokens behind those that were read. */
    boolean covers(int tokens) {
        return blocks.size() * pool.size() >= read + tokens;
    }

    /** Counts tokens as read, with proposed ones behind them. */
    void advance(int tokens, int[] proposed) {
        read += tokens;
        ahead = proposed;
        fill();
    }

    /** The block that holds a place. */
    int block(int place) {
        return blocks.get(place / pool.size());
    }

    /** Writes the blocks, in their order. */
    void table(int[] target, int first) {
        for (int i = 0; i < blocks.size(); i++) {
            target[first + i] = blocks.get(i);
        }
    }

    boolean holdsBlocks() {
        return !blocks.isEmpty();
    }

    /** Gives all blocks back: the stream has to be read again. */
    void drop() {
        blocks.forEach(pool::giveBack);
        blocks.clear();
        filled = 0;
        read = 0;
        ahead = NOTHING;
    }
}
