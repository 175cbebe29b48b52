/**
 * Behind the service {@link org.intarsia.planning.PlannerService}. {@link org.intarsia.planning.Surveyor} lets the
 * components of a model ask {@link org.intarsia.planning.ImaginaryWeights} for their tensors and writes down which;
 * {@link org.intarsia.planning.Forecaster} counts; {@link org.intarsia.planning.RandomCheckpoint} writes.
 *
 * <p>Configurations in the box are the resources {@code shapes/NAME.json}, listed in
 * {@link org.intarsia.planning.api.Planner#SHAPES}. What they and others leave out about tokens and pictures is the
 * template of their family ({@link org.intarsia.model.api.ModelFamily#template}). The sizes of Chameleon 7B and Janus-Pro 1B are those of
 * the published configurations. The layers, heads and widths of Chameleon 30B were put together from what implementations of
 * it tell (48 layers, named 34B there) and from the Llama of that size, and not checked against its {@code config.json}. The
 * 405B geometry is nobody's model: the widths of Llama 3.1 405B with the pictures, vocabulary and norms of Chameleon.
 */
package org.intarsia.planning;
