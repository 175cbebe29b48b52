/**
 * Inner loops over memory, by addresses: their interfaces, and each of them in plain Java.
 *
 * <p>Begin with {@link org.intarsia.backend.cpu.kernel.RowKernels}, loops over consecutive numbers, and
 * {@link org.intarsia.backend.cpu.kernel.TileKernels}, the inner loops of matrix products. They stand here in plain Java, for a runtime
 * without the Vector API; the package {@code vector} has them again on the Vector API, with the same interfaces.
 * {@link org.intarsia.backend.cpu.kernel.ScalarMath} has the functions, and the coefficients of both.
 * {@link org.intarsia.backend.cpu.kernel.LimitProbe} measures what a kernel can reach at most, by a
 * {@link org.intarsia.backend.cpu.kernel.PeakKernel} and by copying.
 *
 * <p>Kernels are stateless and safe for use by several threads; they share nothing out themselves. To add one: a method in the
 * interface, here, and in the package {@code vector}.
 */
package org.intarsia.backend.cpu.kernel;
