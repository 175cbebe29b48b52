package org.intarsia.backend.opencl;

import static org.lwjgl.opencl.CL10.CL_TRUE;
import static org.lwjgl.opencl.CL10.clReleaseMemObject;
import static org.lwjgl.opencl.CL10.nclEnqueueReadBuffer;
import static org.lwjgl.opencl.CL10.nclEnqueueWriteBuffer;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.function.Consumer;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.gpu.Driver;

/** A buffer of OpenCL. Safe for use by several threads. */
final class OpenClMemory implements Driver.Memory {
    /** What lies in Java's heap can move, so it goes through native memory, this many bytes at a time. */
    private static final long PIECE = 1 << 22;

    private final Queue queue;
    private final long handle;
    private final long bytes;
    private final Consumer<OpenClMemory> onClose;
    private boolean closed;

    /** @param onClose called once, before the memory is given back */
    OpenClMemory(Queue queue, long handle, long bytes, Consumer<OpenClMemory> onClose) {
        this.queue = queue;
        this.handle = handle;
        this.bytes = bytes;
        this.onClose = onClose;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    /** OpenCL's handle. */
    long handle() {
        if (closed) {
            throw new BackendException("opencl: this memory of " + queue.name() + " was given back already");
        }
        return handle;
    }

    @Override
    public void write(long offset, MemorySegment source) {
        Objects.checkFromIndexSize(offset, source.byteSize(), bytes);
        if (source.isNative()) {
            move(offset, source, true);
            return;
        }
        inPieces(source, (piece, done) -> {
            piece.copyFrom(source.asSlice(done, piece.byteSize()));
            move(offset + done, piece, true);
        });
    }

    @Override
    public void read(long offset, MemorySegment target) {
        Objects.checkFromIndexSize(offset, target.byteSize(), bytes);
        if (target.isNative()) {
            move(offset, target, false);
            return;
        }
        inPieces(target, (piece, done) -> {
            move(offset + done, piece, false);
            target.asSlice(done, piece.byteSize()).copyFrom(piece);
        });
    }

    @FunctionalInterface
    private interface Step {
        /** @param done bytes that lie before this piece */
        void move(MemorySegment piece, long done);
    }

    private static void inPieces(MemorySegment whole, Step step) {
        long size = whole.byteSize();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment piece = arena.allocate(Math.max(1, Math.min(size, PIECE)), 64);
            for (long done = 0; done < size; done += PIECE) {
                step.move(piece.asSlice(0, Math.min(PIECE, size - done)), done);
            }
        }
    }

    /** Waits until it is done, so nothing of the host is used afterwards. */
    private void move(long offset, MemorySegment host, boolean write) {
        if (host.byteSize() == 0) {
            return;
        }
        if (write) {
            queue.call("clEnqueueWriteBuffer", () -> nclEnqueueWriteBuffer(queue.handle(), handle(), CL_TRUE, offset,
                    host.byteSize(), host.address(), 0, 0, 0));
        } else {
            queue.call("clEnqueueReadBuffer", () -> nclEnqueueReadBuffer(queue.handle(), handle(), CL_TRUE, offset,
                    host.byteSize(), host.address(), 0, 0, 0));
        }
    }

    @Override
    public void close() {
        queue.release(() -> {
            if (!closed) {
                closed = true;
                onClose.accept(this);
                clReleaseMemObject(handle);
            }
        });
    }
}
