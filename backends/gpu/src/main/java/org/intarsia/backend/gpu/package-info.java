/**
 * What backends for graphics hardware share. A {@link org.intarsia.backend.gpu.Driver} says how one interface to such
 * hardware (OpenCL, Vulkan) allocates memory, compiles a kernel and runs a list of kernels;
 * {@link org.intarsia.backend.gpu.GpuDevices} makes a {@link org.intarsia.backend.api.Device} of it.
 *
 * <p>The way through, in {@code org.intarsia.backend.gpu.plan}: a graph is lowered to what {@code KernelTable} knows and
 * fused; {@code GpuPlan} lays its values out in memory, and each node becomes one or a few dispatches; the driver
 * records those that work together once; a run writes the sizes into the parameters and replays the record. Kernels are written once, in a
 * dialect that {@link org.intarsia.backend.gpu.KernelSource} turns into OpenCL C or GLSL, one file for each op in
 * {@code kernels/}.
 */
@Export
@Version("1.0.0")
package org.intarsia.backend.gpu;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
