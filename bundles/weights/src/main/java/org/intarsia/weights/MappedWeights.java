package org.intarsia.weights;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.TensorType;
import org.intarsia.text.Quoted;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tensors of one or more files that are mapped into memory through one arena. */
final class MappedWeights implements Weights {
    private static final Logger LOG = LoggerFactory.getLogger(MappedWeights.class);

    /** A tensor as a file has it, before anybody asks for it. */
    private record Stored(MappedFile file, Header.Entry entry) {
        MemorySegment content() {
            return file.content(entry);
        }
    }

    private final String origin;
    private final Arena arena;
    private final SortedMap<String, Stored> stored = new TreeMap<>();
    private final Metadata metadata;
    private final SortedSet<String> names;
    private final Map<String, Tensor> aligned = new ConcurrentHashMap<>();
    private final AtomicBoolean misalignmentReported = new AtomicBoolean();
    private volatile boolean closed;
    private volatile String hash;

    /**
     * @param origin   the file or directory, for messages
     * @param arena    what the files are mapped through; closed with the weights
     * @param files    for each tensor's name the file that holds it
     * @param metadata what the files say about themselves
     */
    MappedWeights(String origin, Arena arena, Map<String, MappedFile> files, Metadata metadata) {
        this.origin = origin;
        this.arena = arena;
        files.forEach((name, file) -> stored.put(name, new Stored(file, file.entry(name).orElseThrow())));
        this.metadata = metadata;
        names = Collections.unmodifiableSortedSet(new TreeSet<>(stored.keySet()));
    }

    @Override
    public SortedSet<String> names() {
        return names;
    }

    @Override
    public Metadata metadata() {
        requireOpen();
        return metadata;
    }

    @Override
    public Optional<Tensor> find(String name) {
        requireOpen();
        Stored found = stored.get(name);
        return found == null ? Optional.empty() : Optional.of(tensor(found));
    }

    private Tensor tensor(Stored found) {
        Header.Entry entry = found.entry();
        Encoding encoding = entry.encoding().orElseThrow(() -> new WeightsException("the tensor "
                + Quoted.of(entry.name()) + " of '" + origin + "' has the dtype " + entry.type()
                + ", which is not supported; " + found.file().usableTypes() + " are"));
        MemorySegment content = found.content();
        TensorType type = new TensorType(entry.shape(), encoding);
        if (content.address() % Elements.alignment(encoding) == 0) {
            return new Tensor(entry.name(), type, content);
        }
        return aligned.computeIfAbsent(entry.name(), name -> align(name, type, content));
    }

    /** The format allows misaligned tensors, processors and the users of our tensors do not. */
    private Tensor align(String name, TensorType type, MemorySegment content) {
        if (misalignmentReported.compareAndSet(false, true)) {
            LOG.warn("{}: the tensor {}, perhaps among others, does not lie at a multiple of its element size, so it is"
                    + " copied into memory instead of being used in place; write the file again to mend that", origin, Quoted.of(name));
        }
        MemorySegment copy = arena.allocate(content.byteSize(), Long.BYTES);
        return new Tensor(name, type, copy.copyFrom(content).asReadOnly());
    }

    @Override
    public List<TensorInfo> list() {
        return stored.values().stream().map(Stored::entry).map(entry -> new TensorInfo(entry.name(), entry.type(),
                entry.shape(), entry.end() - entry.begin())).toList();
    }

    @Override
    public String hash() {
        requireOpen();
        if (hash == null) {
            ContentHash content = new ContentHash();
            stored.values().forEach(found -> content.add(found.entry().name(),
                    found.entry().type() + found.entry().shape().toString(), found.content()));
            hash = content.hexadecimal();
        }
        return hash;
    }

    private void requireOpen() {
        if (closed) {
            throw new WeightsException("the weights of '" + origin + "' are closed already");
        }
    }

    @Override
    public synchronized void close() {
        // Not by the flag: when a thread still reads, the arena refuses to close, and another try must be possible.
        if (arena.scope().isAlive()) {
            closed = true;
            aligned.clear();
            arena.close();
        }
    }

    @Override
    public String toString() {
        return origin;
    }
}
