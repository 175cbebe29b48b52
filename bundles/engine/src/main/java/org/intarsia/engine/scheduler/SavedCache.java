package org.intarsia.engine.scheduler;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.intarsia.backend.api.Buffer;
import org.intarsia.graph.Encoding;
import org.intarsia.model.api.TokenRow;

/**
 * Keys and values of streams in the memory of the host, while no device is open: the next {@link StepRunner} goes on with them, so that
 * the streams need not be read again. Used by one thread at a time.
 */
final class SavedCache implements AutoCloseable {
    private static final long ALIGNMENT = 64;

    private final Arena arena = Arena.ofShared();
    private final Encoding encoding;
    private final BlockPool pool;
    private final Map<TokenRow, Sequence> sequences;
    private final Map<String, MemorySegment> contents = new HashMap<>();

    /**
     * Copies all blocks of a pool from the device.
     *
     * @param pool      and the sequences become those of whoever takes over
     * @param states    as the device holds them, with the blocks of the pool in front
     * @param allBlocks of each state
     * @throws org.intarsia.backend.api.BackendException when the device cannot be read
     */
    SavedCache(Encoding encoding, BlockPool pool, Map<TokenRow, Sequence> sequences, Map<String, Buffer> states, long allBlocks) {
        this.encoding = encoding;
        this.pool = pool;
        this.sequences = new IdentityHashMap<>(sequences);
        boolean whole = false;
        try {
            states.forEach((name, state) -> {
                MemorySegment content = arena.allocate(state.type().bytes() / allBlocks * pool.blocks(), ALIGNMENT);
                state.read(content);
                contents.put(name, content);
            });
            whole = true;
        } finally {
            if (!whole) {
                close();
            }
        }
    }

    Encoding encoding() {
        return encoding;
    }

    BlockPool pool() {
        return pool;
    }

    Map<TokenRow, Sequence> sequences() {
        return sequences;
    }

    /** Copies the blocks to the front of each state. */
    void write(Map<String, Buffer> states) {
        contents.forEach((name, content) -> states.get(name).write(content));
    }

    @Override
    public void close() {
        arena.close();
    }
}
