/**
 * Compute on the processor's own vector units. Nothing here is exported: the service is {@link org.intarsia.backend.cpu.CpuBackend}.
 *
 * <p>The way through: {@link org.intarsia.backend.cpu.CpuDevice#compile} lowers a graph to the ops of
 * {@link org.intarsia.backend.cpu.KernelTable}, {@link org.intarsia.graph.Fusion} joins those that work element by element, and
 * {@link org.intarsia.backend.cpu.CpuPlan} binds a {@link org.intarsia.backend.cpu.step.Step} to each node. Steps share out their loops
 * over a {@link org.intarsia.backend.cpu.host.ThreadTeam} and call {@link org.intarsia.backend.cpu.kernel.TileKernels} and
 * {@link org.intarsia.backend.cpu.kernel.RowKernels}, which stand twice: on the Vector API, and in plain Java for a runtime without it.
 *
 * <p>The chapters, in the order in which to read them; each imports only chapters before it, and none imports this package:
 * <ol>
 *   <li>{@code host}: memory and threads of the machine</li>
 *   <li>{@code code}: machine code that is made at run time</li>
 *   <li>{@code kernel}: inner loops: their interfaces, and each in plain Java</li>
 *   <li>{@code vector}: the same on the Vector API, and the choice between both</li>
 *   <li>{@code rounding}: packed weights, rounded rows, and a library for large products</li>
 *   <li>{@code step}: what a plan runs: a step for each op, and those that are neither product nor attention</li>
 *   <li>{@code product}: matrix products and convolutions</li>
 *   <li>{@code attention}: attention, rotary positions and caches</li>
 * </ol>
 *
 * <p>Weights are read as they are stored: {@code product.DotProduct} for up to 512 rows, by {@code vector.VectorStoredDots} or piece by
 * piece, {@link org.intarsia.backend.cpu.product.Gemm} for many, whose panels are decoded when they are packed.
 * {@link org.intarsia.backend.cpu.vector.VectorBlocks} reads the blocks that are common, {@link org.intarsia.graph.Blocks} all others.
 * README.md says what is read how, and how fast.
 *
 * <p>Equal runs give equal bits, also on another number of threads: only loops over independent results are shared out, sums have an
 * order of their own, and no vector operator is used whose bits differ between interpreted and compiled code.
 *
 * <p>Weights are used in place in their mapping. {@link org.intarsia.backend.cpu.host.ReadAhead} brings them from the disk in time when
 * they are larger than memory.
 *
 * <p>A device owns its teams of threads, one for each number of threads, each with a lock: plans of more than one thread take turns.
 */
package org.intarsia.backend.cpu;
