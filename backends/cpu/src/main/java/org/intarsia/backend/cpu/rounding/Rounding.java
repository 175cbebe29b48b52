package org.intarsia.backend.cpu.rounding;

import org.intarsia.backend.cpu.code.MachineCode;

/**
 * The means of a plan that may round activations.
 *
 * @param packed  gives packed weights
 * @param code    multiplies rows that are rounded to 8 bits
 * @param library multiplies large matrices
 * @param mixed   whether both sides of a product of F32 numbers may be rounded
 */
public record Rounding(PackedStore packed, MachineCode code, ProductLibrary library, boolean mixed) {
}
