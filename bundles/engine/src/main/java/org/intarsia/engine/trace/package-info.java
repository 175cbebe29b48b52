/**
 * Named intermediate values of a model, computed for given inputs, to compare it with its reference implementation.
 *
 * <p>Begin with {@link org.intarsia.engine.trace.Tracer}; {@link org.intarsia.engine.api.Model#trace} describes inputs and outputs.
 * {@link org.intarsia.engine.trace.TraceInputs} reads the inputs, {@link org.intarsia.engine.trace.GuidedTrace} traces the making of a
 * picture under guidance, {@link org.intarsia.engine.trace.SamplingTrace} how a token is chosen, and {@link
 * org.intarsia.engine.trace.AttentionTrace} the attention of the first layer.
 *
 * <p>A trace runs on the caller's thread, inside {@link org.intarsia.engine.registry.Registry#using}, with plans of its own, which it
 * closes; between its parts it lets services leave.
 */
package org.intarsia.engine.trace;
