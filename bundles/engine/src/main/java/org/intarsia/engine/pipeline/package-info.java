/**
 * One opened model, ready to run: its files in the layout that components read, its components, and its device.
 *
 * <p>Begin with {@link org.intarsia.engine.pipeline.ModelPipeline}, one choice of components with all that is made of them; {@link
 * org.intarsia.engine.pipeline.PipelineVersions} keeps the current one, and older ones as long as generations hold them. A pipeline has
 * {@link org.intarsia.engine.pipeline.Components}, each in a {@link org.intarsia.engine.pipeline.ComponentSlot}, made from the files as
 * the model's family presents them ({@link org.intarsia.engine.pipeline.Presentation}). Pipelines with the same transformer core share
 * it, and the scheduler of its generations ({@link org.intarsia.engine.pipeline.SharedCore}). {@link
 * org.intarsia.engine.pipeline.DeviceBinding} is the device with the weights on it. {@link
 * org.intarsia.engine.pipeline.StreamLayout} writes prompts ({@link org.intarsia.engine.pipeline.TextTemplate}: the tokens around a
 * text), as the rows of a {@link org.intarsia.engine.pipeline.GuidanceBatch}; {@link org.intarsia.engine.pipeline.Pictures} encodes and
 * decodes pictures.
 *
 * <p><em>Locks.</em> All of this is used inside {@link org.intarsia.engine.registry.Registry#using}. {@code PipelineVersions}, {@code
 * Pictures}, {@code Components}, {@code ComponentSlot}, {@code Presentation} and {@code DeviceBinding} have a monitor each, asked for in
 * this order; compiling a plan and coding a picture happen inside.
 */
package org.intarsia.engine.pipeline;
