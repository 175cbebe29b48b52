/**
 * A whole backend in five small classes: buffers hold doubles, and a plan hands them to the
 * {@link org.intarsia.graph.Interpreter}, which defines what every op means. So it is slow, and as right as a backend can
 * be. Begin with {@link org.example.toy.backend.ToyBackend}, the service.
 *
 * <p>A backend that shall be fast replaces {@link org.example.toy.backend.ToyPlan}: it lowers the graph once, gives every
 * value its place ({@link org.intarsia.graph.MemoryPlan}), and keeps a kernel for each op that it runs itself.
 */
package org.example.toy.backend;
