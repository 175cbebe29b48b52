/**
 * The decoder-only transformer families. Each family is one class that writes the model down as a graph, beside its
 * configuration and its factory, which is what the framework sees. Begin with
 * {@link org.intarsia.transformer.core.ChameleonCore}.
 *
 * <p>To add a family: a configuration, a {@code TransformerCore} and a factory, registered as a service of its own name.
 */
package org.intarsia.transformer.core;
