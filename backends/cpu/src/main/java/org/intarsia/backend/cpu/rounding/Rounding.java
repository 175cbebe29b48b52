package org.intarsia.backend.cpu.rounding;

/**
 * The means of a plan that may round activations.
 *
 * @param packed  gives packed weights
 * @param library multiplies large matrices
 * @param mixed   whether both sides of a product of F32 numbers may be rounded
 */
public record Rounding(PackedStore packed, ProductLibrary library, boolean mixed) {
}
