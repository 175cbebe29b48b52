package org.intarsia.backend.vulkan;

import static org.lwjgl.vulkan.VK12.VK_WHOLE_SIZE;
import static org.lwjgl.vulkan.VK12.vkCmdFillBuffer;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.api.DeviceInfo;
import org.intarsia.backend.gpu.CooperativeMatrix;
import org.intarsia.backend.gpu.Dialect;
import org.intarsia.backend.gpu.Driver;
import org.intarsia.backend.gpu.KernelCache;
import org.intarsia.backend.vulkan.device.Candidate;
import org.intarsia.backend.vulkan.device.Instance;
import org.intarsia.backend.vulkan.device.LogicalDevice;
import org.intarsia.backend.vulkan.device.Releases;

/** One opened device. Its parts are made in the constructor, in the order in which they lean on each other. */
final class VulkanDriver implements Driver {
    static final String CLOSED = "vulkan: the device is closed already; open it again";
    /** Tokens and positions of a step come in so small pieces; graphics cards show the host a part of their memory alone. */
    private static final long SMALL = 64 << 10;

    private final Candidate candidate;
    private final boolean subgroups;
    private final boolean dotProducts;
    private final Optional<CooperativeMatrix> matrix;
    private final Releases releases = new Releases();
    private final LogicalDevice device;
    private final VulkanQueue queue;
    private final DeviceMemory memory;
    /** Null where the host sees the device's memory. */
    private final Staging staging;
    private final Commands filling;
    private final Kernels kernels;
    /** Guarded by the queue's turn, like {@link #closed}. */
    private final Set<AutoCloseable> owned = new LinkedHashSet<>();
    private boolean closed;

    /**
     * @param instance must stay open until this is closed
     * @param settings where compiled kernels are kept, and what of the device kernels may use
     */
    VulkanDriver(Instance instance, Candidate candidate, Settings settings) {
        this.candidate = candidate;
        subgroups = settings.subgroups() && candidate.properties().subgroups();
        dotProducts = candidate.capabilities().dotProduct()
                && settings.integerDotProducts().orElse(candidate.properties().dotAccelerated());
        // Products by cooperative matrices join by subgroups, too; on a processor they are slower than others.
        boolean cooperative = subgroups && settings.cooperativeMatrices().orElse(!candidate.properties().isSoftware());
        matrix = cooperative ? candidate.matrices().best(candidate.properties().sharedBytes()) : Optional.empty();
        try {
            device = new LogicalDevice(candidate);
            releases.add(device::close);
            queue = new VulkanQueue(device);
            releases.add(queue::close);
            memory = new DeviceMemory(instance.handle(), device);
            releases.add(memory::close);
            filling = new Commands(device);
            releases.add(filling::close);
            kernels = new Kernels(device, new KernelCache(settings.cache()));
            releases.add(kernels::close);
            staging = candidate.properties().hostMemory() ? null : new Staging(device, memory, queue);
            if (staging != null) {
                releases.add(staging::close);
            }
        } catch (RuntimeException e) {
            releases.close();
            throw e;
        }
    }

    @Override
    public DeviceInfo info() {
        return candidate.info();
    }

    @Override
    public Dialect dialect() {
        return Dialect.GLSL;
    }

    @Override
    public boolean subgroups() {
        return subgroups;
    }

    @Override
    public Optional<CooperativeMatrix> cooperativeMatrix() {
        return matrix;
    }

    /** Also drivers that compute on the processor run a subgroup with one instruction. */
    @Override
    public boolean sideBySide() {
        return true;
    }

    @Override
    public boolean dotProducts() {
        return dotProducts;
    }

    @Override
    public long alignment() {
        return candidate.properties().alignment();
    }

    @Override
    public long largestBinding() {
        return candidate.properties().largestBinding();
    }

    @Override
    public Memory allocate(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("memory has at least 1 byte, not " + bytes);
        }
        return queue.exclusively(() -> {
            requireOpen();
            Allocation allocation = memory.allocate(bytes, staging == null ? DeviceMemory.Place.SHARED
                    : bytes <= SMALL ? DeviceMemory.Place.NEAR : DeviceMemory.Place.DEVICE);
            try {
                queue.run(filling.record(commands -> vkCmdFillBuffer(commands, allocation.buffer(), 0, VK_WHOLE_SIZE, 0)));
            } catch (RuntimeException e) {
                allocation.close();
                throw e;
            }
            VulkanMemory made = new VulkanMemory(allocation, bytes, queue, staging, owned::remove);
            owned.add(made);
            return made;
        });
    }

    @Override
    public Kernel compile(String name, String source, int group, int bindings, int... constants) {
        return kernels.compile(name, source, group, bindings, constants);
    }

    @Override
    public Program record(List<Dispatch> dispatches, int parameters) {
        return queue.exclusively(() -> {
            requireOpen();
            VulkanProgram made = new VulkanProgram(device, memory, queue, dispatches, parameters, owned::remove);
            owned.add(made);
            return made;
        });
    }

    /** Bytes that are allocated now. */
    long allocated() {
        return queue.exclusively(memory::allocated);
    }

    private void requireOpen() {
        if (closed) {
            throw new BackendException(CLOSED);
        }
    }

    /** Waits for what runs. Closing twice is harmless. */
    @Override
    public void close() {
        queue.exclusively(() -> {
            if (closed) {
                return;
            }
            closed = true;
            for (AutoCloseable one : List.copyOf(owned)) {
                switch (one) {
                    case VulkanProgram program -> program.close();
                    case VulkanMemory block -> block.close();
                    default -> throw new IllegalStateException("a driver owns memory and programs only, not " + one);
                }
            }
            releases.close();
        });
    }
}
