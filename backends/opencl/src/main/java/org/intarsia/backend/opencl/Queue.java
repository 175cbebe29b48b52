package org.intarsia.backend.opencl;

import static org.lwjgl.opencl.CL10.CL_CONTEXT_PLATFORM;
import static org.lwjgl.opencl.CL10.CL_QUEUE_PROFILING_ENABLE;
import static org.lwjgl.opencl.CL10.clCreateCommandQueue;
import static org.lwjgl.opencl.CL10.clCreateContext;
import static org.lwjgl.opencl.CL10.clFinish;
import static org.lwjgl.opencl.CL10.clReleaseCommandQueue;
import static org.lwjgl.opencl.CL10.clReleaseContext;

import java.nio.IntBuffer;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.intarsia.backend.api.BackendException;
import org.lwjgl.PointerBuffer;
import org.lwjgl.system.MemoryStack;

/** The context and the in-order queue of one device, and the lock under which they are used. */
final class Queue implements AutoCloseable {
    private final Hardware hardware;
    private final boolean profiled;
    private final ReentrantLock lock = new ReentrantLock();
    private final long context;
    private final long handle;
    private boolean closed;

    /** @param profiled whether commands are timed */
    Queue(Hardware hardware, boolean profiled) {
        this.hardware = hardware;
        this.profiled = profiled;
        context = make("clCreateContext", code -> {
            try (MemoryStack stack = MemoryStack.stackPush()) {
                PointerBuffer properties = stack.pointers(CL_CONTEXT_PLATFORM, hardware.platform(), 0);
                return clCreateContext(properties, hardware.id(), null, 0, code);
            }
        });
        try {
            handle = make("clCreateCommandQueue",
                    code -> clCreateCommandQueue(context, hardware.id(), profiled ? CL_QUEUE_PROFILING_ENABLE : 0, code));
        } catch (BackendException e) {
            clReleaseContext(context);
            throw e;
        }
    }

    private long make(String call, ToLongFunction<IntBuffer> maker) {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            IntBuffer code = stack.mallocInt(1);
            long made = maker.applyAsLong(code);
            ClErrors.check(name(), call, code.get(0));
            return made;
        }
    }

    /** The device's name. */
    String name() {
        return hardware.info().name();
    }

    Hardware hardware() {
        return hardware;
    }

    boolean profiled() {
        return profiled;
    }

    long context() {
        return context;
    }

    /** OpenCL's handle of the queue itself. */
    long handle() {
        return handle;
    }

    /** Does work that no other thread's may come between. */
    <T> T exclusively(Supplier<T> work) {
        lock.lock();
        try {
            if (closed) {
                throw new BackendException("opencl: the device " + name() + " is closed already; open it again");
            }
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    /** Calls OpenCL and checks the code that it answers with. */
    void call(String call, IntSupplier command) {
        exclusively(() -> {
            ClErrors.check(name(), call, command.getAsInt());
            return null;
        });
    }

    /** Calls OpenCL to make something and checks the code that comes beside it. */
    long create(String call, ToLongFunction<IntBuffer> maker) {
        return exclusively(() -> make(call, maker));
    }

    /** Gives something back; once the queue is closed that has happened already. */
    void release(Runnable giveBack) {
        lock.lock();
        try {
            if (!closed) {
                giveBack.run();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits for what runs and gives queue and context back. Closing twice is harmless. */
    @Override
    public void close() {
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                // After a device was lost this fails, and there is nothing to wait for.
                clFinish(handle);
                clReleaseCommandQueue(handle);
                clReleaseContext(context);
            }
        } finally {
            lock.unlock();
        }
    }
}
