/**
 * The commands that judge: {@code evaluate} scores a model on the painted world, {@code verify} runs the conformance suite on
 * a backend and compares a model on it with another backend, {@code bench} measures rates.
 *
 * <p>They stand in a bundle of their own, and not beside the painted world, the conformance suite or the training: those are
 * libraries that need no engine, and that backends are tested with outside of a framework.
 */
package org.intarsia.evaluation;
