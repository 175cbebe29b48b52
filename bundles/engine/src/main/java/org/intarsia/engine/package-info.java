/**
 * How models are opened and run; nothing here is exported.
 *
 * <p>Begin with {@link org.intarsia.engine.EngineService}, the service. It keeps {@link org.intarsia.engine.OpenModel}s, each
 * composed by Guice from {@link org.intarsia.engine.ModelModule}: what belongs to one opened model, and to nothing else. Its
 * files are {@link org.intarsia.engine.OpenedFiles}, a directory or one GGUF file; a {@link org.intarsia.model.api.ModelFamily}
 * presents them in the layout that components read ({@link org.intarsia.engine.Presentation}), with {@link
 * org.intarsia.engine.Adapters} over the weights where some were named. What comes and goes (backends, families, factories of
 * components) stays in the {@link org.intarsia.engine.Registry}; a model looks there whenever it needs one, through its {@link
 * org.intarsia.engine.Presentation}, a {@link org.intarsia.engine.ComponentSlot} or its {@link org.intarsia.engine.Compute}, and
 * lets go at once when one leaves. A request runs in a {@link org.intarsia.engine.GenerationRun}: one {@link
 * org.intarsia.engine.TokenStream} a request, all stepped together by a {@link org.intarsia.engine.scheduler.StepScheduler},
 * with those of other generations. What a step runs and accepts is up to a loop of {@link org.intarsia.engine.decoding}; a token
 * is chosen by {@link org.intarsia.engine.sampling}.
 *
 * <p>{@link org.intarsia.engine.MeterService} measures: {@link org.intarsia.engine.ProductMeter} devices, {@link
 * org.intarsia.engine.ModelMeter} models, through what users call.
 */
package org.intarsia.engine;
