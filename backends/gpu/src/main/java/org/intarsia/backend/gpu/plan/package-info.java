/**
 * From a graph to dispatches. Begin with {@link org.intarsia.backend.gpu.plan.GpuPlan}; which kernels an op has, stands in
 * {@link org.intarsia.backend.gpu.plan.KernelTable}, and how one kernel is called, in
 * {@link org.intarsia.backend.gpu.plan.Launch}. {@link org.intarsia.backend.gpu.plan.PrecomputedValues} finds what is computed once,
 * {@link org.intarsia.backend.gpu.plan.Parts} cuts what is too large for one array.
 */
package org.intarsia.backend.gpu.plan;
