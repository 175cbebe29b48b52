package org.intarsia.backend.cpu;

/**
 * What a plan uses that may round activations.
 *
 * @param packed  gives packed weights
 * @param code    multiplies rows that are rounded to 8 bits
 * @param library multiplies large matrices
 */
record Rounding(PackedStore packed, MachineCode code, ProductLibrary library) {
}
