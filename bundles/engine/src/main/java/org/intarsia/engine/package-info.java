/**
 * The engine: opens models, keeps them, and runs generations. Nothing here is exported, nor of the chapters below; {@link
 * org.intarsia.engine.api}, {@link org.intarsia.engine.chat} and {@link org.intarsia.engine.stages}, a model's layers on several hosts,
 * are.
 *
 * <p>Begin with {@link org.intarsia.engine.EngineService}, the service. It keeps {@link org.intarsia.engine.OpenModel}s, each composed
 * by Guice from {@link org.intarsia.engine.ModelModule}: what belongs to one opened model, and to nothing else. Those who opened a
 * model hold a {@link org.intarsia.engine.SharedModel}. A request runs in a {@link org.intarsia.engine.GenerationRun}: one {@link
 * org.intarsia.engine.decode.RequestState} a request, all stepped together by a {@link
 * org.intarsia.engine.scheduler.StepScheduler}, with those of other generations. What comes and goes (backends, families, factories
 * of components) stays in the {@link org.intarsia.engine.registry.Registry}; a model looks there whenever it needs one, and lets go
 * at once when one leaves.
 *
 * <p>Read the chapters in this order; each imports only chapters above it, and this package any of them:
 * <ol>
 * <li>{@link org.intarsia.engine.sampling}: how a token is chosen of scores
 * <li>{@link org.intarsia.engine.scheduler}: which tokens a step reads, and where keys and values lie
 * <li>{@link org.intarsia.engine.files}: a model's files as they were published
 * <li>{@link org.intarsia.engine.registry}: the services that come and go
 * <li>{@link org.intarsia.engine.measure}: speeds and counts
 * <li>{@link org.intarsia.engine.pipeline}: one opened model with its components and device
 * <li>{@link org.intarsia.engine.decode}: one request on its way, token by token
 * <li>{@link org.intarsia.engine.trace}: intermediate values, to compare a model with its reference
 * </ol>
 *
 * <p><em>Threads and locks.</em> A generation runs on its caller's thread, or on a virtual one. {@code SharedModel} and {@code
 * EngineService} hold their monitors for moments only: files are opened and models closed without them. {@code docs/architecture.md}
 * lists all locks in their order.
 */
package org.intarsia.engine;
