package org.intarsia.backend.opencl;

import static org.lwjgl.opencl.CL10.CL_KERNEL_WORK_GROUP_SIZE;
import static org.lwjgl.opencl.CL10.CL_PROGRAM_BINARIES;
import static org.lwjgl.opencl.CL10.CL_PROGRAM_BINARY_SIZES;
import static org.lwjgl.opencl.CL10.CL_PROGRAM_BUILD_LOG;
import static org.lwjgl.opencl.CL10.clBuildProgram;
import static org.lwjgl.opencl.CL10.clCreateKernel;
import static org.lwjgl.opencl.CL10.clCreateProgramWithBinary;
import static org.lwjgl.opencl.CL10.clCreateProgramWithSource;
import static org.lwjgl.opencl.CL10.clGetKernelWorkGroupInfo;
import static org.lwjgl.opencl.CL10.clGetProgramBuildInfo;
import static org.lwjgl.opencl.CL10.clGetProgramInfo;
import static org.lwjgl.opencl.CL10.clReleaseKernel;
import static org.lwjgl.opencl.CL10.clReleaseProgram;

import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.gpu.KernelCache;
import org.lwjgl.PointerBuffer;
import org.lwjgl.system.MemoryStack;
import org.lwjgl.system.MemoryUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns source into kernels, or takes what was compiled before from the cache. */
final class Compiler {
    private static final Logger LOG = LoggerFactory.getLogger(Compiler.class);
    private static final int CL_BUILD_PROGRAM_FAILURE = -11;

    private final Queue queue;
    private final Optional<KernelCache> cache;
    private final String options;

    /**
     * @param cache   where binaries are kept, if anywhere
     * @param options what the driver's compiler is told
     */
    Compiler(Queue queue, Optional<KernelCache> cache, String options) {
        this.queue = queue;
        this.cache = cache;
        this.options = options;
    }

    /** A new kernel; whoever asks gives its program back. */
    OpenClKernel compile(String name, String source, int group, int bindings) {
        String key = KernelCache.key(queue.hardware().identity(), options, source) + ".bin";
        Optional<Long> known = cache.flatMap(kept -> kept.load(key)).flatMap(binary -> fromBinary(name, binary));
        long program = known.orElseGet(() -> fromSource(name, source));
        try {
            checkGroup(name, program, group);
            if (known.isEmpty()) {
                cache.ifPresent(kept -> kept.store(key, binary(program)));
            }
            return new OpenClKernel(name, program, group, bindings);
        } catch (BackendException e) {
            queue.release(() -> clReleaseProgram(program));
            throw e;
        }
    }

    private long fromSource(String name, String source) {
        long program = queue.create("clCreateProgramWithSource", code -> clCreateProgramWithSource(queue.context(), source, code));
        int code = build(program);
        if (code == ClErrors.SUCCESS) {
            return program;
        }
        String log = log(program);
        queue.release(() -> clReleaseProgram(program));
        if (code == CL_BUILD_PROGRAM_FAILURE) {
            throw new BackendException("opencl: kernel " + name + " does not compile on " + queue.name()
                    + "; update the driver or use another backend, and report it with the compiler's log:\n" + log);
        }
        ClErrors.check(queue.name(), "clBuildProgram for kernel " + name, code);
        throw new IllegalStateException("an error that is none: " + code);
    }

    /** Empty when the driver does not take it: then another version has made it. */
    private Optional<Long> fromBinary(String name, byte[] content) {
        ByteBuffer binary = MemoryUtil.memAlloc(content.length).put(content).flip();
        try (MemoryStack stack = MemoryStack.stackPush()) {
            IntBuffer status = stack.mallocInt(1);
            long program = queue.create("clCreateProgramWithBinary", code -> clCreateProgramWithBinary(queue.context(),
                    stack.pointers(queue.hardware().id()), binary, status, code));
            int code = build(program);
            if (code == ClErrors.SUCCESS) {
                return Optional.of(program);
            }
            queue.release(() -> clReleaseProgram(program));
            LOG.debug("kernel {} is compiled again, since {} refuses what the cache holds: {}", name, queue.name(), ClErrors.name(code));
        } catch (BackendException e) {
            LOG.debug("kernel {} is compiled again, since {} refuses what the cache holds", name, queue.name(), e);
        } finally {
            MemoryUtil.memFree(binary);
        }
        return Optional.empty();
    }

    private int build(long program) {
        return queue.exclusively(() -> clBuildProgram(program, queue.hardware().id(), options, null, 0));
    }

    private String log(long program) {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            PointerBuffer size = stack.mallocPointer(1);
            queue.call("clGetProgramBuildInfo", () -> clGetProgramBuildInfo(program, queue.hardware().id(), CL_PROGRAM_BUILD_LOG,
                    (ByteBuffer) null, size));
            ByteBuffer text = ByteBuffer.allocateDirect(Math.toIntExact(size.get(0)));
            queue.call("clGetProgramBuildInfo", () -> clGetProgramBuildInfo(program, queue.hardware().id(), CL_PROGRAM_BUILD_LOG,
                    text, null));
            return StandardCharsets.UTF_8.decode(text).toString().replace("\0", "").strip();
        }
    }

    private byte[] binary(long program) {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            PointerBuffer size = stack.mallocPointer(1);
            queue.call("clGetProgramInfo", () -> clGetProgramInfo(program, CL_PROGRAM_BINARY_SIZES, size, null));
            ByteBuffer content = MemoryUtil.memAlloc(Math.toIntExact(size.get(0)));
            try {
                PointerBuffer places = stack.pointers(content);
                queue.call("clGetProgramInfo", () -> clGetProgramInfo(program, CL_PROGRAM_BINARIES, places, null));
                byte[] bytes = new byte[content.remaining()];
                content.get(bytes);
                return bytes;
            } finally {
                MemoryUtil.memFree(content);
            }
        }
    }

    /** A kernel that takes many registers may run in smaller groups only. */
    private void checkGroup(String name, long program, int group) {
        long kernel = queue.create("clCreateKernel for kernel " + name, code -> clCreateKernel(program, "run", code));
        try (MemoryStack stack = MemoryStack.stackPush()) {
            PointerBuffer largest = stack.mallocPointer(1);
            queue.call("clGetKernelWorkGroupInfo", () -> clGetKernelWorkGroupInfo(kernel, queue.hardware().id(),
                    CL_KERNEL_WORK_GROUP_SIZE, largest, null));
            if (largest.get(0) < group) {
                throw new BackendException("opencl: kernel " + name + " needs groups of " + group + " threads, and " + queue.name()
                        + " runs it in groups of " + largest.get(0) + " at most; use another device or backend");
            }
        } finally {
            queue.release(() -> clReleaseKernel(kernel));
        }
    }
}
