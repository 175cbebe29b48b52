/**
 * The kernels on the Vector API, and the choice between them and those in plain Java.
 *
 * <p>Begin with {@link org.intarsia.backend.cpu.vector.Kernels}: it is the one class here that loads without the module
 * {@code jdk.incubator.vector}, and it loads the others only where the module is there. Whoever calls another class of this package
 * makes sure first that kernels are vectorised. {@link org.intarsia.backend.cpu.vector.VectorMath} fixes how long a vector is, and has
 * the functions. {@link org.intarsia.backend.cpu.vector.VectorRowKernels} and {@link org.intarsia.backend.cpu.vector.VectorTileKernels}
 * are the two large families; {@link org.intarsia.backend.cpu.vector.VectorDots} and
 * {@link org.intarsia.backend.cpu.vector.VectorStoredDots} are their dot products, and
 * {@link org.intarsia.backend.cpu.vector.VectorBlocks} reads weights in the block-quantised encodings that are common.
 *
 * <p>No operator is used whose bits differ between interpreted and compiled code. Loops are cut so that their vectors fit the registers:
 * one more would be an object on the heap. All is stateless and safe for use by several threads.
 */
package org.intarsia.backend.cpu.vector;
