package org.intarsia.backend.opencl;

import org.intarsia.backend.gpu.Driver;

/**
 * A compiled kernel.
 *
 * @param name     for messages and profiles
 * @param program  OpenCL's handle of the program whose function {@code run} it is
 * @param group    threads of one group
 * @param bindings how many arrays it takes
 */
record OpenClKernel(String name, long program, int group, int bindings) implements Driver.Kernel {
}
