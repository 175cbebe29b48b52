package org.intarsia.engine.scheduler;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;

/**
 * Which blocks of the cache are free, who uses the others, and what full ones hold. A full block is found again by its tokens and
 * those in front of it, as long as nobody has needed its memory: so streams that begin alike share blocks, and whoever comes later
 * goes on from what others have read. Bookkeeping alone, used by one thread at a time.
 */
final class BlockPool {
    /** What stands in place of a block where there is none. */
    static final int NONE = -1;
    /** The content in front of a stream's first block. */
    static final long BEGIN = 0;

    private final int size;
    private boolean sharing;
    private final Deque<Integer> free = new ArrayDeque<>();
    /** Full blocks that nobody uses, the one that was used longest ago first. */
    private final LinkedHashSet<Integer> idle = new LinkedHashSet<>();
    private final Map<Key, Integer> full = new HashMap<>();
    private int[] users = {};
    private Key[] keys = {};
    private long[] contents = {};
    private long last = BEGIN;

    /**
     * What a full block holds.
     *
     * @param before the content of the block in front of it
     */
    private record Key(long before, int[] tokens) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && before == key.before && Arrays.equals(tokens, key.tokens);
        }

        @Override
        public int hashCode() {
            return 31 * Long.hashCode(before) + Arrays.hashCode(tokens);
        }
    }

    /**
     * @param size    places of a block
     * @param sharing whether full blocks are found again
     */
    BlockPool(int size, boolean sharing) {
        this.size = size;
        this.sharing = sharing;
    }

    int size() {
        return size;
    }

    /** All blocks, used or not. */
    int blocks() {
        return users.length;
    }

    /** Tells whether no block holds anything. */
    boolean isUnused() {
        return free.size() == users.length;
    }

    /** Those that nobody uses. */
    int available() {
        return free.size() + idle.size();
    }

    /** Adds blocks up to so many in all. */
    void grow(int blocks) {
        for (int block = users.length; block < blocks; block++) {
            free.add(block);
        }
        users = Arrays.copyOf(users, blocks);
        keys = Arrays.copyOf(keys, blocks);
        contents = Arrays.copyOf(contents, blocks);
    }

    /** Gives a block to one user, one with forgotten content last; {@link #NONE} where all are in use. */
    int take() {
        int block;
        if (!free.isEmpty()) {
            block = free.poll();
        } else if (!idle.isEmpty()) {
            block = idle.removeFirst();
            forget(block);
        } else {
            return NONE;
        }
        users[block] = 1;
        return block;
    }

    private void forget(int block) {
        full.remove(keys[block]);
        keys[block] = null;
        contents[block] = BEGIN;
    }

    /** Gives the full block that holds these tokens behind that content to one more user; {@link #NONE} where there is none. */
    int share(long before, int[] tokens) {
        Integer block = full.get(new Key(before, tokens));
        if (block == null) {
            return NONE;
        }
        if (users[block]++ == 0) {
            idle.remove(block);
        }
        return block;
    }

    /** Says that a block is full. Where another holds the same already, only that one is found by others. */
    void fill(int block, long before, int[] tokens) {
        if (!sharing) {
            return;
        }
        Key key = new Key(before, tokens);
        Integer same = full.putIfAbsent(key, block);
        if (same == null) {
            keys[block] = key;
            contents[block] = ++last;
        } else {
            contents[block] = contents[same];
        }
    }

    /**
     * Lets nobody who comes later find what blocks hold now, since another device may have computed it; their users keep them.
     *
     * @param sharing whether blocks that are full from now on are found again
     */
    void forgetFull(boolean sharing) {
        this.sharing = sharing;
        full.clear();
        Arrays.fill(keys, null);
        free.addAll(idle);
        idle.clear();
        for (int block = 0; block < users.length; block++) {
            contents[block] = users[block] == 0 ? BEGIN : ++last;
        }
    }

    /** The content of a full block, which stays the same as long as it is in use. */
    long content(int block) {
        return contents[block];
    }

    /** Ends one user's use of a block. */
    void giveBack(int block) {
        if (--users[block] == 0) {
            if (keys[block] == null) {
                contents[block] = BEGIN;
                free.add(block);
            } else {
                idle.add(block);
            }
        }
    }
}
