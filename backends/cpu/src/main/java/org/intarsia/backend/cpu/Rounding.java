package org.intarsia.backend.cpu;

/**
 * What a plan uses that may round activations.
 *
 * @param packed  gives packed weights
 * @param library multiplies large matrices
 */
record Rounding(PackedStore packed, ProductLibrary library) {
}
