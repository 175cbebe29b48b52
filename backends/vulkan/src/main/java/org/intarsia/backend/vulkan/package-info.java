/**
 * Compute by Vulkan 1.2 or newer. Nothing here is exported: the service is
 * {@link org.intarsia.backend.vulkan.VulkanBackend}.
 *
 * <p>What is shared with other graphics backends, plans and kernels, is in {@code org.intarsia.backend.gpu}; here is its
 * {@link org.intarsia.backend.vulkan.VulkanDriver}. The way through: {@code org.intarsia.backend.vulkan.device} finds a
 * device and opens it, {@link org.intarsia.backend.vulkan.Kernels} turns GLSL into pipelines, and
 * {@link org.intarsia.backend.vulkan.VulkanProgram} records dispatches into one command buffer, whose sizes and lengths lie
 * in a small buffer of parameters; {@link org.intarsia.backend.vulkan.DispatchWaves} says which of them wait for which.
 *
 * <p>The SPIR-V between GLSL and pipeline comes from {@link org.intarsia.backend.vulkan.ShaderCompiler}: out of the bundle,
 * in whose folder {@code spirv} the build has put it ({@code BuildTimeKernels}, among the tests, which know the graphs), else
 * from a cache on disk, else from shaderc. What the driver makes of it is cached on disk, too.
 *
 * <p>One thing runs at a time: all that touches memory or the queue takes its turn in
 * {@link org.intarsia.backend.vulkan.VulkanQueue}.
 *
 * <p>A device's features, as {@code DeviceInfo} names them: {@code vulkan-VERSION}, {@code driver NAME AND VERSION},
 * {@code subgroup-SIZE}, {@code storage-16bit} (always there, since it is needed), {@code storage-8bit}, {@code fp16},
 * {@code int8-dot-product} ({@code …-emulated} where it is no faster than without), and
 * {@code cooperative-matrix-ROWSxCOLUMNSxDEPTH} for F16 matrices added up in F32.
 */
package org.intarsia.backend.vulkan;
