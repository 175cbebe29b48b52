package org.intarsia.backend.cpu.rounding;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongConsumer;
import org.intarsia.backend.cpu.host.CpuBuffer;
import org.intarsia.graph.Encoding;

/** The packed weights of a device: plans that multiply with the same weights share them. Safe for use by several threads. */
public final class PackedStore {

    /**
     * The weights that are packed.
     *
     * @param memory that of the weights as they are stored: another mapping may lie at the same address later
     */
    private record Key(CpuBuffer memory, Encoding encoding, int rows, int inner) {
        PackedWeights pack() {
            return new PackedWeights(encoding, rows, inner, memory.address());
        }
    }

    private static final class Shared {
        private final PackedWeights weights;
        private int users;

        Shared(PackedWeights weights) {
            this.weights = weights;
        }
    }

    private final Map<Key, Shared> shared = new HashMap<>();
    private final LongConsumer allocated;

    /** @param allocated hears how many bytes more are held, or fewer where it is negative */
    public PackedStore(LongConsumer allocated) {
        this.allocated = allocated;
    }

    /** Takes packed weights, which are made where nobody has taken them yet; give them back once for each time. */
    synchronized PackedWeights take(CpuBuffer buffer, Encoding encoding, int rows, int inner) {
        Shared found = shared.computeIfAbsent(new Key(buffer, encoding, rows, inner), key -> {
            PackedWeights weights = key.pack();
            allocated.accept(weights.bytes());
            return new Shared(weights);
        });
        found.users++;
        return found.weights;
    }

    /** Gives packed weights back; the last one who does frees them. */
    synchronized void giveBack(PackedWeights weights) {
        shared.values().removeIf(each -> {
            if (each.weights != weights || --each.users > 0) {
                return false;
            }
            allocated.accept(-weights.bytes());
            weights.close();
            return true;
        });
    }
}
