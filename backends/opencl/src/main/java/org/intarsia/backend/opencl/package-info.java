/**
 * Compute on whatever offers OpenCL 1.2: graphics cards, and processors with a driver such as PoCL.
 *
 * <p>Begin with {@link org.intarsia.backend.opencl.OpenClBackend}, the service. It lists
 * {@link org.intarsia.backend.opencl.Hardware} and opens a {@link org.intarsia.backend.opencl.OpenClDriver} for one of
 * them; plans and kernels are those that all backends for graphics hardware share ({@code org.intarsia.backend.gpu}).
 * All calls go through a {@link org.intarsia.backend.opencl.Queue}, which holds the lock, and every code that OpenCL
 * answers with is turned into a sentence by {@link org.intarsia.backend.opencl.ClErrors}.
 */
package org.intarsia.backend.opencl;
