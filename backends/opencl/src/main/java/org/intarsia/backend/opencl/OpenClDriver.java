package org.intarsia.backend.opencl;

import static org.lwjgl.opencl.CL10.CL_MEM_READ_WRITE;
import static org.lwjgl.opencl.CL10.clCreateBuffer;
import static org.lwjgl.opencl.CL10.clFinish;
import static org.lwjgl.opencl.CL10.clReleaseMemObject;
import static org.lwjgl.opencl.CL10.clReleaseProgram;
import static org.lwjgl.opencl.CL12.clEnqueueFillBuffer;

import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.api.DeviceInfo;
import org.intarsia.backend.gpu.Dialect;
import org.intarsia.backend.gpu.Driver;
import org.intarsia.backend.gpu.KernelCache;
import org.lwjgl.system.MemoryStack;

/** One device with a context and a queue of its own. Safe for use by several threads, which take turns. */
final class OpenClDriver implements Driver {
    /** Some drivers count what they fill in 32 bits. */
    private static final long FILL_AT_ONCE = 1L << 30;
    private static final int PATTERN = 16;

    private final Hardware hardware;
    private final boolean subgroups;
    private final boolean dotProducts;
    private final Queue queue;
    private final Compiler compiler;
    private final Map<String, OpenClKernel> kernels = new HashMap<>();
    private final Set<OpenClMemory> memories = new HashSet<>();
    private final Set<OpenClProgram> programs = new HashSet<>();
    private long used;

    /**
     * @param cache     where compiled kernels are kept, if anywhere
     * @param subgroups whether kernels are to use subgroup operations, which the hardware must offer then
     */
    OpenClDriver(Hardware hardware, Optional<KernelCache> cache, Settings settings, boolean subgroups) {
        this.hardware = hardware;
        dotProducts = hardware.dots() != Hardware.Dots.NONE
                && settings.integerDotProducts().orElse(hardware.dots() == Hardware.Dots.FAST);
        this.subgroups = subgroups;
        queue = new Queue(hardware, settings.profile());
        compiler = new Compiler(queue, cache, hardware.options(subgroups));
    }

    @Override
    public DeviceInfo info() {
        return hardware.info();
    }

    @Override
    public Dialect dialect() {
        return Dialect.OPENCL_C;
    }

    @Override
    public boolean subgroups() {
        return subgroups;
    }

    @Override
    public boolean sideBySide() {
        return hardware.sideBySide();
    }

    @Override
    public boolean dotProducts() {
        return dotProducts;
    }

    @Override
    public long alignment() {
        return hardware.alignment();
    }

    @Override
    public long largestBinding() {
        return hardware.largestBlock();
    }

    @Override
    public Memory allocate(long bytes) {
        return memory(bytes);
    }

    private OpenClMemory memory(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("memory of " + bytes + " bytes");
        }
        return queue.exclusively(() -> {
            // Many drivers promise more than there is, and fail or crawl later.
            if (bytes > free()) {
                throw noRoom(bytes);
            }
            long handle = filled(bytes);
            OpenClMemory made = new OpenClMemory(queue, handle, bytes, this::closed);
            memories.add(made);
            used += bytes;
            return made;
        });
    }

    /** A buffer of zeros. Filling it also makes the driver take the memory now, so that it fails here and not in a run. */
    private long filled(long bytes) {
        // Patterns must fit in evenly.
        long size = Math.ceilDiv(bytes, PATTERN) * PATTERN;
        try (MemoryStack stack = MemoryStack.stackPush()) {
            IntBuffer code = stack.mallocInt(1);
            long handle = clCreateBuffer(queue.context(), CL_MEM_READ_WRITE, size, code);
            checkRoom("clCreateBuffer", code.get(0), bytes);
            try {
                ByteBuffer zeros = stack.calloc(PATTERN, PATTERN);
                for (long done = 0; done < size; done += FILL_AT_ONCE) {
                    checkRoom("clEnqueueFillBuffer", clEnqueueFillBuffer(queue.handle(), handle, zeros, done,
                            Math.min(FILL_AT_ONCE, size - done), null, null), bytes);
                }
                checkRoom("clFinish", clFinish(queue.handle()), bytes);
                return handle;
            } catch (BackendException e) {
                clReleaseMemObject(handle);
                throw e;
            }
        }
    }

    private void checkRoom(String call, int code, long bytes) {
        if (ClErrors.isNoRoom(code)) {
            throw noRoom(bytes);
        }
        ClErrors.check(queue.name(), call, code);
    }

    private BackendException noRoom(long bytes) {
        return new BackendException("opencl: " + queue.name() + " has no room for " + amount(bytes) + ": at most " + amount(free())
                + " of its " + amount(info().memoryBytes()) + " are free, and one block holds " + amount(hardware.largestBlock())
                + "; close another model, take a smaller one, or use another backend");
    }

    /** What nobody here has taken; OpenCL does not say what others have. */
    private long free() {
        return Math.max(0, info().memoryBytes() - used);
    }

    private static String amount(long bytes) {
        return bytes < 1 << 20 ? bytes + " bytes" : String.format(Locale.ROOT, "%.1f MiB", bytes / (double) (1 << 20));
    }

    private void closed(OpenClMemory memory) {
        memories.remove(memory);
        used -= memory.bytes();
    }

    /** Bytes that are allocated now. */
    long used() {
        return queue.exclusively(() -> used);
    }

    @Override
    public Kernel compile(String name, String source, int group, int bindings, int... constants) {
        return queue.exclusively(() -> kernels.computeIfAbsent(source,
                text -> compiler.compile(name, text, group, bindings)));
    }

    @Override
    public Program record(List<Dispatch> dispatches, int parameters) {
        return queue.exclusively(() -> {
            // A kernel takes an array of parameters even when there are none.
            OpenClMemory values = memory(Math.max(1, parameters) * (long) Integer.BYTES);
            OpenClProgram program = new OpenClProgram(queue, dispatches, values, parameters, programs::remove);
            programs.add(program);
            return program;
        });
    }

    @Override
    public void close() {
        queue.release(() -> {
            clFinish(queue.handle());
            List.copyOf(programs).forEach(OpenClProgram::close);
            List.copyOf(memories).forEach(OpenClMemory::close);
            kernels.values().forEach(kernel -> clReleaseProgram(kernel.program()));
            kernels.clear();
            queue.close();
        });
    }
}
