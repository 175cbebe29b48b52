package org.intarsia.backend.api;

import java.lang.foreign.MemorySegment;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Products of matrices in the host's memory by a library outside Java. As a service it is found by backends that compute on the
 * processor, which hand it the large products of plans that are {@link Precision#FAST} while it is there, and compute them
 * themselves before and afterwards.
 *
 * <p>Threads belong to the caller: a call computes on the thread that makes it, and many threads call at the same time.
 */
@ConsumerType
public interface HostProducts {

    /** The library and its version, for people: {@code oneDNN 3.8.1}. */
    String library();

    /**
     * Computes c = a · bᵀ from BF16, with sums in F32. The same sizes, strides and values give the same bits.
     *
     * @param rows    rows of a and of c, from 1 on
     * @param columns rows of b, columns of c, from 1 on
     * @param inner   columns of a and of b, from 1 on
     * @param a       rows × inner in BF16, row after row, in native memory
     * @param b       columns × inner in BF16, row after row, in native memory
     * @param c       takes the result in F32, in native memory
     * @param cRow    elements from one row of c to the next, at least {@code columns}
     * @throws BackendException where the library refuses
     */
    void bf16(int rows, int columns, int inner, MemorySegment a, MemorySegment b, MemorySegment c, long cRow);
}
