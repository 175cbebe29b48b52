package org.intarsia.backend.cpu.vector;

import org.intarsia.backend.cpu.kernel.PeakKernel;
import org.intarsia.backend.cpu.kernel.RowKernels;
import org.intarsia.backend.cpu.kernel.ScalarPeakKernel;
import org.intarsia.backend.cpu.kernel.ScalarRowKernels;
import org.intarsia.backend.cpu.kernel.ScalarTileKernels;
import org.intarsia.backend.cpu.kernel.TileKernels;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The kernels that this runtime can use.
 *
 * @param vectorised whether they stand on the Vector API
 */
public record Kernels(TileKernels tiles, RowKernels rows, PeakKernel peak, boolean vectorised) {
    private static final Logger LOG = LoggerFactory.getLogger(Kernels.class);
    private static final String MODULE = "jdk.incubator.vector";

    /** The kernels in plain Java. */
    public static final Kernels SCALAR = new Kernels(new ScalarTileKernels(), new ScalarRowKernels(), new ScalarPeakKernel(), false);

    /** The vector kernels, or the scalar ones where the Vector API is missing; the log says why. */
    public static Kernels best() {
        if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
            LOG.warn("The Java virtual machine runs without the module {}, so the CPU backend computes without vectors, many "
                    + "times slower; start it with --add-modules {}.", MODULE, MODULE);
            return SCALAR;
        }
        try {
            return Vectors.create();
        } catch (LinkageError missing) {
            LOG.warn("The module {} is there but this bundle cannot see it ({}), so the CPU backend computes without vectors, "
                    + "many times slower; let the framework export the package {}.", MODULE, missing.toString(), MODULE);
            return SCALAR;
        }
    }

    /** Loaded only when the Vector API is there. */
    private static final class Vectors {
        static Kernels create() {
            return new Kernels(new VectorTileKernels(), new VectorRowKernels(), new VectorPeakKernel(), true);
        }
    }
}
