package org.intarsia.weights;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.intarsia.graph.Encoding;
import org.intarsia.io.AtomicFile;
import org.intarsia.text.Quoted;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a file of tensors, of any size, with little memory. It goes into a new file beside the old one, which takes its
 * place when everything is on the disk: the file appears, or changes, all at once or not at all. Not safe for use by
 * several threads.
 */
public final class TensorWriter {
    private static final Logger LOG = LoggerFactory.getLogger(TensorWriter.class);

    /** Elements that are made and written at a time. */
    private static final int PIECE = 1 << 22;

    /** So often the disk is made to keep what was written; whatever came later may be torn after a power failure. */
    private static final long KEPT_EVERY = 1 << 26;

    private final Path file;
    private final Layout layout;
    private Optional<String> origin = Optional.empty();
    private LongConsumer progress = written -> { };
    private long keptEvery = KEPT_EVERY;
    private long unsafe;

    private TensorWriter(Path file, Layout layout) {
        this.file = file;
        this.layout = layout;
    }

    /**
     * A safetensors file.
     *
     * @throws WeightsException when two tensors have the same name, or one an encoding that the format does not have
     */
    public static TensorWriter safetensors(Path file, Collection<TensorSource> tensors, Map<String, String> metadata) {
        checkNames(file, tensors, Set.of(Header.METADATA));
        return new TensorWriter(file, SafetensorsLayout.of(tensors, metadata));
    }

    /**
     * A GGUF file, its tensors in the order given.
     *
     * @throws WeightsException when two tensors have the same name
     */
    public static TensorWriter gguf(Path file, Collection<TensorSource> tensors, Metadata metadata) {
        checkNames(file, tensors, Set.of());
        return new TensorWriter(file, GgufLayout.of(tensors, metadata));
    }

    private static void checkNames(Path file, Collection<TensorSource> tensors, Set<String> taken) {
        Set<String> names = new HashSet<>(taken);
        for (TensorSource tensor : tensors) {
            if (!names.add(tensor.name())) {
                throw new WeightsException("'" + file + "' cannot hold two tensors named " + Quoted.of(tensor.name()));
            }
        }
    }

    /** The length that the file will have. */
    public long bytes() {
        return layout.bytes();
    }

    /** Tells how many bytes of the file are there, again and again; what it throws ends the writing. */
    public TensorWriter onProgress(LongConsumer listener) {
        progress = listener;
        return this;
    }

    /**
     * Keeps what is there when the writing is interrupted, in a file beside the one to be written, and goes on from it the
     * next time.
     *
     * @param madeFrom says what the tensors are made from, and when that changed last; another text starts anew
     */
    public TensorWriter resumable(String madeFrom) {
        origin = Optional.of(madeFrom);
        return this;
    }

    /** For tests: the bytes after which the disk is made to keep what was written. */
    TensorWriter keptEvery(long bytes) {
        keptEvery = bytes;
        return this;
    }

    /**
     * Writes the file, or over it.
     *
     * @throws WeightsException when the folder does not exist or the file cannot be written
     */
    public void write() {
        Path folder = file.toAbsolutePath().getParent();
        if (!Files.isDirectory(folder)) {
            throw new WeightsException("'" + file + "' cannot be written: the folder '" + folder
                    + "' does not exist; create it first");
        }
        if (Files.isDirectory(file)) {
            throw new WeightsException("'" + file + "' cannot be written: it is a directory");
        }
        Path fresh = folder.resolve("." + file.getFileName() + "." + origin.map(this::fingerprint)
                .orElseGet(() -> UUID.randomUUID().toString()) + ".part");
        try {
            try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.CREATE, StandardOpenOption.READ,
                    StandardOpenOption.WRITE); FileLock _ = lock(channel)) {
                writeOrDiscard(channel, fresh);
                channel.force(true);
            }
            AtomicFile.move(fresh, file);
            sweep(folder);
        } catch (IOException e) {
            throw new WeightsException("'" + file + "' cannot be written (" + e.getMessage() + ")", e);
        } finally {
            if (origin.isEmpty()) {
                discard(fresh);
            }
        }
    }

    /**
     * Removes what other writings of this file left that were interrupted: of other tensors, or not to be gone on from.
     * Those that still run are locked, and stay.
     */
    private void sweep(Path folder) throws IOException {
        Pattern left = Pattern.compile(Pattern.quote("." + file.getFileName() + ".")
                + "([0-9a-f]{16}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})\\.part");
        List<Path> parts;
        try (Stream<Path> files = Files.list(folder)) {
            parts = files.filter(part -> left.matcher(part.getFileName().toString()).matches()
                    && Files.isRegularFile(part, LinkOption.NOFOLLOW_LINKS)).toList();
        }
        for (Path part : parts) {
            try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE); FileLock lock = channel.tryLock()) {
                if (lock != null) {
                    Files.deleteIfExists(part);
                }
            } catch (OverlappingFileLockException | NoSuchFileException e) {
                LOG.debug("'{}' is being written, or was just finished", part);
            }
        }
    }

    /** The same for the same tensors from the same origin. */
    private String fingerprint(String madeFrom) {
        ContentHash hash = new ContentHash();
        hash.add(madeFrom, Long.toString(layout.bytes()), MemorySegment.ofArray(layout.head()));
        return hash.hexadecimal().substring(0, 16);
    }

    private FileLock lock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return lock;
            }
        } catch (OverlappingFileLockException e) {
            throw new WeightsException("'" + file + "' is being written already", e);
        }
        throw new WeightsException("'" + file + "' is being written by another process");
    }

    /** Removes what is left over when writing failed; after a success there is nothing. */
    private static void discard(Path fresh) {
        try {
            Files.deleteIfExists(fresh);
        } catch (IOException e) {
            throw new WeightsException("the unfinished file '" + fresh + "' cannot be removed (" + e.getMessage() + ")", e);
        }
    }

    /** Keeps what is unfinished only where a later writing could go on from it: tensors that cannot be written fail again. */
    private void writeOrDiscard(FileChannel channel, Path fresh) throws IOException {
        try {
            writeAll(channel);
        } catch (CancellationException | UncheckedIOException e) {
            throw e;
        } catch (RuntimeException e) {
            discard(fresh);
            throw e;
        }
    }

    private void writeAll(FileChannel channel) throws IOException {
        long kept = kept(channel);
        if (kept == 0) {
            channel.truncate(0);
            put(channel, ByteBuffer.wrap(layout.head()), 0);
        }
        // Shared, as pieces are made on all processors.
        try (Arena arena = Arena.ofShared()) {
            MemorySegment buffer = arena.allocate(PIECE * (long) Long.BYTES);
            for (Layout.Placed placed : layout.tensors()) {
                writeTensor(channel, placed, kept, buffer);
            }
        }
        if (channel.size() < layout.bytes()) {
            // Padding behind the last tensor: a hole reads as zeros.
            put(channel, ByteBuffer.allocate(1), layout.bytes() - 1);
        }
    }

    private void writeTensor(FileChannel channel, Layout.Placed placed, long kept, MemorySegment buffer) throws IOException {
        long elements = placed.tensor().type().shape().elements();
        for (long first = 0; first < elements; first += PIECE) {
            Encoding encoding = placed.tensor().type().encoding();
            long position = placed.begin() + encoding.bytes(first);
            MemorySegment piece = buffer.asSlice(0, encoding.bytes(Math.min(PIECE, elements - first)));
            if (position + piece.byteSize() > kept) {
                placed.tensor().content().accept(piece, first);
                put(channel, piece.asByteBuffer(), position);
                unsafe += piece.byteSize();
                if (unsafe >= keptEvery) {
                    channel.force(false);
                    unsafe = 0;
                }
            }
            progress.accept(position + piece.byteSize());
        }
    }

    /** How much of the file that an interrupted writing left can be kept; 0 where nothing can. */
    private long kept(FileChannel channel) throws IOException {
        long size = Math.min(channel.size(), layout.bytes());
        // Twice, as the last piece may reach beyond.
        long kept = size - 2 * keptEvery;
        if (kept < layout.head().length) {
            return 0;
        }
        ByteBuffer head = ByteBuffer.allocate(layout.head().length);
        while (head.hasRemaining() && channel.read(head, head.position()) >= 0) {
            // As much as one read gives.
        }
        if (!head.flip().equals(ByteBuffer.wrap(layout.head()))) {
            LOG.warn("what an interrupted writing of '{}' left does not begin as it should, so it starts anew", file);
            return 0;
        }
        return kept;
    }

    private static void put(FileChannel channel, ByteBuffer bytes, long position) throws IOException {
        while (bytes.hasRemaining()) {
            position += channel.write(bytes, position);
        }
    }
}
