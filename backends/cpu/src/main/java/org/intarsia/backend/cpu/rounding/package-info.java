/**
 * The means of a plan that may round activations: packed weights, rounded rows, and the place of a library for large products.
 *
 * <p>Begin with {@link org.intarsia.backend.cpu.rounding.Rounding}, which names the means.
 * {@link org.intarsia.backend.cpu.rounding.PlanWeights} decides which weights of a plan are packed, all or none, and says which machine
 * code the plan uses. {@link org.intarsia.backend.cpu.rounding.PackedWeights} are weights of few bits in the order in which machine code
 * reads them; plans share them through the {@link org.intarsia.backend.cpu.rounding.PackedStore} of their device.
 * {@link org.intarsia.backend.cpu.rounding.RoundedRows} is where steps put the rows that they round, to 8 bits or to BF16. The products
 * themselves are in the package {@code product}.
 *
 * <p>{@link org.intarsia.backend.cpu.rounding.PackedStore} is locked by its own monitor.
 * {@link org.intarsia.backend.cpu.rounding.ProductLibrary} has a lock for reading and writing: a product holds it for reading while the
 * library computes, so a library leaves only when nobody calls it. An exact plan uses none of this but
 * {@link org.intarsia.backend.cpu.rounding.PlanWeights}, for machine code that does not round.
 */
package org.intarsia.backend.cpu.rounding;
