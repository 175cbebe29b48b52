package org.intarsia.backend.opencl;

import static org.lwjgl.opencl.CL10.CL_FALSE;
import static org.lwjgl.opencl.CL10.clCreateKernel;
import static org.lwjgl.opencl.CL10.clFinish;
import static org.lwjgl.opencl.CL10.clReleaseKernel;
import static org.lwjgl.opencl.CL10.clReleaseMemObject;
import static org.lwjgl.opencl.CL10.clRetainMemObject;
import static org.lwjgl.opencl.CL10.clSetKernelArg1i;
import static org.lwjgl.opencl.CL10.clSetKernelArg1p;
import static org.lwjgl.opencl.CL10.nclEnqueueNDRangeKernel;
import static org.lwjgl.opencl.CL10.nclEnqueueWriteBuffer;
import static org.lwjgl.opencl.CL11.CL_BUFFER_CREATE_TYPE_REGION;
import static org.lwjgl.opencl.CL11.nclCreateSubBuffer;
import static org.lwjgl.system.MemoryUtil.memAddress;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.gpu.Driver;
import org.lwjgl.PointerBuffer;
import org.lwjgl.system.MemoryStack;

/**
 * A list of kernels whose arguments are bound: a run writes the parameters and enqueues one after the other. Each
 * dispatch has a kernel object of its own, since arguments belong to it.
 */
final class OpenClProgram implements Driver.Program {

    /**
     * @param handle     OpenCL's handle of the kernel with its arguments
     * @param parameters index of the first one
     */
    private record Step(OpenClKernel kernel, long handle, int parameters) {
    }

    private final Queue queue;
    private final OpenClMemory parameters;
    private final Arena arena = Arena.ofShared();
    /** What a run's parameters are copied from: it must stay in place until the queue has read it. */
    private final MemorySegment host;
    private final Map<Driver.Binding, Long> parts = new HashMap<>();
    private final List<Step> steps = new ArrayList<>();
    private final Profile profile;
    private final Consumer<OpenClProgram> onClose;
    private boolean closed;

    /**
     * @param parameters belongs to this program from now on
     * @param count      how many of them there are
     * @param onClose    called once
     */
    OpenClProgram(Queue queue, List<Driver.Dispatch> dispatches, OpenClMemory parameters, int count,
            Consumer<OpenClProgram> onClose) {
        this.queue = queue;
        this.parameters = parameters;
        this.onClose = onClose;
        host = arena.allocate(ValueLayout.JAVA_INT, count);
        profile = queue.profiled() ? new Profile(queue.name()) : null;
        try {
            for (Driver.Dispatch dispatch : dispatches) {
                steps.add(bind(dispatch));
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private Step bind(Driver.Dispatch dispatch) {
        if (!(dispatch.kernel() instanceof OpenClKernel kernel)) {
            throw new IllegalArgumentException("a kernel of another driver: " + dispatch.kernel());
        }
        if (dispatch.bindings().size() != kernel.bindings()) {
            throw new IllegalArgumentException("kernel " + kernel.name() + " takes " + kernel.bindings() + " bindings, got "
                    + dispatch.bindings().size());
        }
        long handle = queue.create("clCreateKernel", code -> clCreateKernel(kernel.program(), "run", code));
        Step step = new Step(kernel, handle, dispatch.parameters());
        try {
            int argument = 0;
            for (Driver.Binding binding : dispatch.bindings()) {
                argument(step, argument++, part(binding));
            }
            argument(step, argument++, parameters.handle());
            int last = argument;
            queue.call("clSetKernelArg for kernel " + kernel.name(), () -> clSetKernelArg1i(handle, last, step.parameters()));
            return step;
        } catch (BackendException e) {
            queue.release(() -> clReleaseKernel(handle));
            throw e;
        }
    }

    private void argument(Step step, int index, long memory) {
        queue.call("clSetKernelArg for kernel " + step.kernel().name(), () -> clSetKernelArg1p(step.handle(), index, memory));
    }

    /** The handle of a memory, or of a part of one. This program holds on to it until it is closed: kernels do not. */
    private long part(Driver.Binding binding) {
        if (!(binding.memory() instanceof OpenClMemory memory)) {
            throw new IllegalArgumentException("memory of another driver: " + binding.memory());
        }
        return parts.computeIfAbsent(binding, part -> {
            if (part.offset() == 0 && part.bytes() == memory.bytes()) {
                queue.call("clRetainMemObject", () -> clRetainMemObject(memory.handle()));
                return memory.handle();
            }
            return queue.create("clCreateSubBuffer", code -> sub(memory, part, code));
        });
    }

    private static long sub(OpenClMemory memory, Driver.Binding part, IntBuffer code) {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            PointerBuffer region = stack.pointers(part.offset(), part.bytes());
            return nclCreateSubBuffer(memory.handle(), 0, CL_BUFFER_CREATE_TYPE_REGION, region.address(), memAddress(code));
        }
    }

    @Override
    public void run(int[] values) {
        MemorySegment given = MemorySegment.ofArray(values);
        if (given.byteSize() != host.byteSize()) {
            throw new IllegalArgumentException("recorded with " + host.byteSize() / Integer.BYTES + " parameters, run with "
                    + values.length);
        }
        queue.exclusively(() -> {
            if (closed) {
                throw new BackendException("opencl: this program of " + queue.name() + " is closed already");
            }
            host.copyFrom(given);
            enqueueAndWait(values);
            return null;
        });
    }

    private void enqueueAndWait(int[] values) {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            if (values.length > 0) {
                queue.call("clEnqueueWriteBuffer", () -> nclEnqueueWriteBuffer(queue.handle(), parameters.handle(), CL_FALSE, 0,
                        host.byteSize(), host.address(), 0, 0, 0));
            }
            PointerBuffer threads = stack.mallocPointer(3);
            PointerBuffer group = stack.pointers(1, 1, 1);
            PointerBuffer event = profile == null ? null : stack.mallocPointer(1);
            for (Step step : steps) {
                enqueue(step, values, threads, group, event);
            }
        } catch (BackendException e) {
            // What was enqueued before the failure still uses this program's memory.
            clFinish(queue.handle());
            if (profile != null) {
                profile.forget();
            }
            throw e;
        }
        queue.call("clFinish", () -> clFinish(queue.handle()));
        if (profile != null) {
            profile.collect();
        }
    }

    private void enqueue(Step step, int[] values, PointerBuffer threads, PointerBuffer group, PointerBuffer event) {
        int first = step.parameters();
        // OpenCL 1.2 knows no empty dispatch.
        if (values[first] == 0 || values[first + 1] == 0 || values[first + 2] == 0) {
            return;
        }
        int width = step.kernel().group();
        threads.put(0, (long) values[first] * width).put(1, values[first + 1]).put(2, values[first + 2]);
        group.put(0, width);
        int code = nclEnqueueNDRangeKernel(queue.handle(), step.handle(), 3, 0, threads.address(), group.address(), 0, 0,
                event == null ? 0 : event.address());
        if (code != ClErrors.SUCCESS) {
            ClErrors.check(queue.name(), "clEnqueueNDRangeKernel for kernel " + step.kernel().name(), code);
        }
        if (event != null) {
            profile.add(step.kernel().name(), event.get(0));
        }
    }

    /** How long each kernel took until now, a line for each. Only for a profiled queue. */
    List<String> times() {
        return profile.lines();
    }

    @Override
    public void close() {
        queue.release(() -> {
            if (closed) {
                return;
            }
            closed = true;
            onClose.accept(this);
            steps.forEach(step -> clReleaseKernel(step.handle()));
            parts.values().forEach(part -> clReleaseMemObject(part));
            parameters.close();
            arena.close();
            if (profile != null) {
                profile.log();
            }
        });
    }
}
