/**
 * Compute on the processor's own vector units. Nothing here is exported: the service is
 * {@link org.intarsia.backend.cpu.CpuBackend}.
 *
 * <p>The way through: {@link org.intarsia.backend.cpu.CpuDevice#compile} lowers a graph to the ops of
 * {@link org.intarsia.backend.cpu.KernelTable}, {@link org.intarsia.graph.Fusion} joins those that work element by
 * element, and {@link org.intarsia.backend.cpu.CpuPlan} binds a {@link org.intarsia.backend.cpu.Step} to each node. Steps
 * share out their loops over a {@link org.intarsia.backend.cpu.ThreadTeam} and call
 * {@link org.intarsia.backend.cpu.TileKernels} and {@link org.intarsia.backend.cpu.RowKernels}, which stand twice: on the
 * Vector API, and in plain Java for a runtime without it.
 *
 * <p>Weights are read as they are stored: {@link org.intarsia.backend.cpu.DotProduct} for up to 512 rows, by
 * {@link org.intarsia.backend.cpu.VectorStoredDots} or piece by piece, {@link org.intarsia.backend.cpu.Product} for many,
 * whose panels are decoded when they are packed. {@link org.intarsia.backend.cpu.VectorBlocks} reads the blocks that are
 * common, {@link org.intarsia.graph.Blocks} all others. README.md says what is read how, and how fast.
 *
 * <p>Equal runs give equal bits, also on another number of threads: only loops over independent results are shared out,
 * sums have an order of their own, and no vector operator is used whose bits differ between interpreted and compiled code.
 *
 * <p>Weights are used in place in their mapping. {@link org.intarsia.backend.cpu.ReadAhead} brings them from the disk in time
 * when they are larger than memory.
 */
package org.intarsia.backend.cpu;
