/**
 * From a graph to dispatches. Begin with {@link org.intarsia.backend.gpu.plan.GpuPlan}; which kernels an op has, stands in
 * {@link org.intarsia.backend.gpu.plan.KernelTable}.
 */
package org.intarsia.backend.gpu.plan;
