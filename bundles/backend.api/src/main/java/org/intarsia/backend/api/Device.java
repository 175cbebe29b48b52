package org.intarsia.backend.api;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.intarsia.graph.Graph;
import org.intarsia.graph.Node;
import org.intarsia.graph.TensorType;
import org.osgi.annotation.versioning.ProviderType;

/**
 * An opened device: it owns the buffers and plans that it made, and closing it closes them. Safe for use by several
 * threads; what it made says so for itself.
 */
@ProviderType
public interface Device extends AutoCloseable {

    DeviceInfo info();

    /** Whether this device runs the node itself, wants it decomposed, or cannot run it at all. */
    Support supports(Node node);

    /**
     * A new buffer that holds zeros.
     *
     * @throws BackendException when the device has not that much memory; the message names both figures
     */
    Buffer allocate(TensorType type);

    /**
     * A buffer with the given content, for reading only. A device that shares the host's memory uses {@code content} in
     * place, so it must stay as it is and alive until the buffer is closed; others copy it.
     *
     * @param content as many bytes as {@code type} takes, little-endian, row-major
     */
    Buffer constant(TensorType type, MemorySegment content);

    /**
     * Turns a graph into something that runs.
     *
     * @param graph  what to compute; nodes that the device does not run itself are decomposed
     * @param bound  a buffer of this device for each parameter and state, by name; the plan does not close them
     * @param threads how many host threads one run may use at most, 0 for all that the device has; devices that do not
     *               compute on the host pay no heed. Plans of one thread may run at the same time, each on its caller's.
     * @throws BackendException when nodes are not supported (all are named, with their reasons), or a buffer is missing
     *                          or of another type, or memory does not suffice
     */
    Plan compile(Graph graph, Map<String, Buffer> bound, int threads);

    /**
     * As {@link #compile(Graph, Map, int)}, which computes {@link Precision#EXACT}, with a choice. A device that has nothing
     * faster computes exactly.
     */
    default Plan compile(Graph graph, Map<String, Buffer> bound, int threads, Precision precision) {
        return compile(graph, bound, threads);
    }

    /**
     * Measures what this device can do at most, with all its threads. Every call measures anew and takes about a second;
     * what else runs meanwhile lowers the result.
     *
     * @throws BackendException when there is no memory to measure with
     */
    Limits measureLimits();

    /** Bytes that buffers and plans of this device hold now. */
    long allocatedBytes();

    @Override
    void close();
}
