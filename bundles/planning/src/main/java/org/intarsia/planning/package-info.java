/**
 * Behind the service {@link org.intarsia.planning.PlannerService}. {@link org.intarsia.planning.Surveyor} lets the
 * components of a model ask {@link org.intarsia.planning.ImaginaryWeights} for their tensors and writes down which;
 * {@link org.intarsia.planning.Forecaster} counts. Configurations in the box are the resources {@code shapes/NAME.json};
 * what they and others leave out about tokens and pictures stands in {@code families.json}, by {@code model_type}: add a
 * family there.
 */
package org.intarsia.planning;
