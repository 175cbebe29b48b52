package org.intarsia.backend.cpu.host;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.intarsia.backend.api.HostMemory;
import org.intarsia.graph.Graph;
import org.intarsia.graph.MemoryPlan;
import org.intarsia.graph.Node;
import org.intarsia.graph.op.Index;
import org.intarsia.graph.op.Leaf;

/**
 * Brings the weights of the next steps from the disk while the present one computes, for models that are larger than memory:
 * a thread touches one byte of each page, a window ahead. After the last step it goes on with the first, which the next
 * run needs.
 *
 * <p>Weights are read in place in their mapping, so a processor that comes to a page which is not there waits for the disk.
 * Touching was measured against {@code madvise} with WILLNEED and with POPULATE_READ, and against
 * {@link MemorySegment#load}: it brought the weights as fast as plain reading does, which the others did not, and needs no
 * native code. What was used is left to the system to drop.
 */
public final class ReadAhead implements AutoCloseable {
    static final long WINDOW = 256L << 20;
    private static final long PAGE = 4096;
    /** Between two looks at how far the steps have come. */
    private static final long PIECE = 1 << 20;

    private final List<MemorySegment> segments;
    private final long[] ends;
    private final Thread thread;
    /** Bytes that the steps have passed, in all runs so far; never falls. */
    private volatile long reached;
    private volatile long touched;
    private volatile boolean closed;
    private long run;

    /** @param segments in the order in which steps need them; none where nothing shall be read ahead */
    public ReadAhead(List<MemorySegment> segments) {
        this.segments = segments;
        this.ends = new long[segments.size()];
        long end = 0;
        for (int i = 0; i < ends.length; i++) {
            end += segments.get(i).byteSize();
            ends[i] = end;
        }
        thread = end == 0 ? null : Thread.ofPlatform().daemon().name("intarsia-cpu-read-ahead").start(this::touch);
    }

    /**
     * The mapped weights that the nodes of a graph read, when they are too large to stay in memory; otherwise none.
     *
     * @param share the share of the machine's memory from which they are too large
     */
    public static List<MemorySegment> segments(Graph graph, MemoryPlan plan, Map<String, CpuBuffer> bound, double share) {
        List<MemorySegment> segments = new ArrayList<>();
        long bytes = 0;
        for (List<MemorySegment> needed : needs(graph, plan, bound)) {
            for (MemorySegment segment : needed) {
                segments.add(segment);
                bytes += segment.byteSize();
            }
        }
        return bytes > share * HostMemory.bytes() ? segments : List.of();
    }

    /** For each node how many bytes of weights lie before those that it needs. */
    public static long[] starts(Graph graph, MemoryPlan plan, Map<String, CpuBuffer> bound) {
        long[] starts = new long[graph.nodes().size()];
        long bytes = 0;
        List<List<MemorySegment>> needs = needs(graph, plan, bound);
        for (int id = 0; id < starts.length; id++) {
            starts[id] = bytes;
            bytes += needs.get(id).stream().mapToLong(MemorySegment::byteSize).sum();
        }
        return starts;
    }

    /** For each node the mapped weights that it is the first to need. */
    private static List<List<MemorySegment>> needs(Graph graph, MemoryPlan plan, Map<String, CpuBuffer> bound) {
        List<List<MemorySegment>> needs = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Node node : graph.nodes()) {
            List<MemorySegment> needed = new ArrayList<>();
            // Of the first operand a gather reads some rows alone.
            int first = node.op() instanceof Index.Gather ? 1 : 0;
            for (Node operand : node.operands().subList(first, node.operands().size())) {
                if (graph.nodes().get(plan.root(operand)).op() instanceof Leaf.Parameter parameter
                        && seen.add(parameter.leafName())) {
                    bound.get(parameter.leafName()).mapped().ifPresent(needed::add);
                }
            }
            needs.add(needed);
        }
        return needs;
    }

    /** A run begins. */
    public void begin() {
        if (thread != null) {
            // Where the last one was broken off, its rest is passed over.
            run = Math.ceilDiv(reached, total()) * total();
            reach(0);
        }
    }

    /** The next step needs the weights that begin at this byte. */
    public void reach(long start) {
        if (thread != null && run + start > reached) {
            reached = run + start;
            LockSupport.unpark(thread);
        }
    }

    /** A run ends. */
    public void end() {
        if (thread != null) {
            reach(total());
        }
    }

    private long total() {
        return ends[ends.length - 1];
    }

    /** How far it has come, in all runs. */
    long touched() {
        return touched;
    }

    private void touch() {
        try {
            long window = Math.min(WINDOW, total());
            while (!closed) {
                long from = Math.max(touched, reached);
                if (from < reached + window) {
                    touched = touch(from);
                } else {
                    LockSupport.park(this);
                }
            }
        } catch (IllegalStateException gone) {
            // Somebody closed the weights before the plan: its next run says so.
            if (segments.stream().allMatch(segment -> segment.scope().isAlive())) {
                throw gone;
            }
        }
    }

    /** Touches the pages from a byte on, to the end of its piece; gives the byte behind. */
    private long touch(long from) {
        long place = from % total();
        int index = 0;
        while (ends[index] <= place) {
            index++;
        }
        MemorySegment segment = segments.get(index);
        long begin = segment.byteSize() - (ends[index] - place);
        long end = Math.min(begin + PIECE, segment.byteSize());
        for (long page = begin; page < end; page += PAGE) {
            segment.get(ValueLayout.JAVA_BYTE, page);
        }
        return from + end - begin;
    }

    /** Ends the thread. */
    @Override
    public void close() {
        closed = true;
        if (thread == null) {
            return;
        }
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException stop) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
