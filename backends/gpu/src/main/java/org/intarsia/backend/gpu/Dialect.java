package org.intarsia.backend.gpu;

/** The languages that kernels are turned into. */
public enum Dialect {
    /** OpenCL C 1.2; where kernels use subgroup operations 2.0 or 3.0. */
    OPENCL_C,
    /** GLSL 4.50 for Vulkan 1.2, with 16-bit storage. */
    GLSL
}
