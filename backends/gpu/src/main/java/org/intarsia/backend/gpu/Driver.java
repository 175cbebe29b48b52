package org.intarsia.backend.gpu;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.api.DeviceInfo;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One opened device as OpenCL or Vulkan offers it. Safe for use by several threads; what is run is run one after the
 * other.
 *
 * <p>Every method throws {@link BackendException}, in one sentence, when the device fails.
 */
@ConsumerType
public interface Driver extends AutoCloseable {

    DeviceInfo info();

    /** What kernels must be written in. */
    Dialect dialect();

    /** Whether threads that run together, a subgroup, can join sums and maxima by themselves, and kernels are to do so. */
    boolean subgroups();

    /** Whether the threads of a group run side by side, as on graphics cards, and not one after the other on a processor. */
    boolean sideBySide();

    /** Whether there is an instruction for the product of four bytes with four others, and kernels are to use it. */
    boolean dotProducts();

    /** The matrices that subgroups multiply in one instruction, where products are to use such; for GLSL only. */
    default Optional<CooperativeMatrix> cooperativeMatrix() {
        return Optional.empty();
    }

    /** A power of two, in bytes: what the offset of every binding must be a multiple of. */
    long alignment();

    /** The most bytes that one binding may span. */
    long largestBinding();

    /**
     * New memory, full of zeros.
     *
     * @param bytes at least 1
     * @throws BackendException when the device has not that much; the message names what was asked and what there is
     */
    Memory allocate(long bytes);

    /**
     * Compiles a kernel; the same source gives the same kernel again. Kernels are released with the driver.
     *
     * @param name     for messages and profiles
     * @param source   in {@link #dialect}, as {@link KernelSource#text} gives it: the entry point is {@code run} in
     *                 OpenCL C and {@code main} in GLSL
     * @param group    threads of one group, along the first dimension; {@code source} says the same
     * @param bindings how many bindings it has; behind them, in OpenCL C as further arguments, come the parameters (an
     *                 array of 32-bit integers) and the index of the dispatch's first parameter; in GLSL the parameters
     *                 are the binding behind the last, and the index is the push constant
     * @param constants the values of GLSL's specialisation constants 0, 1, …; what is written in OpenCL C has its own in
     *                 its text
     * @throws BackendException with the compiler's log when it does not compile
     */
    Kernel compile(String name, String source, int group, int bindings, int... constants);

    /**
     * Records dispatches, to be run as if in this order: each sees what those before it have written.
     *
     * @param parameters how many 32-bit integers all dispatches share
     */
    Program record(List<Dispatch> dispatches, int parameters);

    @Override
    void close();

    /** A block of the device's memory. Reading and writing wait for what runs. */
    interface Memory extends AutoCloseable {

        long bytes();

        /** Copies all of {@code source} to the given place. */
        void write(long offset, MemorySegment source);

        /** Fills all of {@code target} from the given place. */
        void read(long offset, MemorySegment target);

        /** Gives the memory back. Closing twice is harmless. */
        @Override
        void close();
    }

    /** A compiled kernel of one driver. */
    interface Kernel {
    }

    /** A part of a block of memory: what one array of a kernel stands for. */
    record Binding(Memory memory, long offset, long bytes) {
    }

    /**
     * One kernel, run once.
     *
     * @param written    which of the bindings the kernel writes, counted from 0; the others it only reads, so dispatches that
     *                   meet nowhere else may run at the same time
     * @param parameters index of its first parameter; the first three are how many groups there are along each dimension,
     *                   none of which is larger than 65535; where one is 0, the kernel does not run
     */
    record Dispatch(Kernel kernel, List<Binding> bindings, Set<Integer> written, int parameters) {
        public Dispatch {
            bindings = List.copyOf(bindings);
            written = Set.copyOf(written);
        }
    }

    /** Recorded dispatches. Not safe for use by several threads. */
    interface Program extends AutoCloseable {

        /**
         * Runs them all once and returns when they are done.
         *
         * @param parameters as many as were asked for when this was recorded
         */
        void run(int[] parameters);

        /** Gives what it holds back. Closing twice is harmless. */
        @Override
        void close();
    }
}
