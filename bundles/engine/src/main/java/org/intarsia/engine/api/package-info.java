/**
 * What callers see of the engine: models that take text and pictures and give text and new pictures.
 *
 * <p>Begin with {@link org.intarsia.engine.api.Engine}, a service: it opens a {@link org.intarsia.engine.api.Model}. A
 * {@link org.intarsia.engine.api.Request} says what goes in and what shall come out; {@code model.prepare(request, …)}
 * makes a {@link org.intarsia.engine.api.Generation} of it, which runs on a thread of the caller's choice, tells of its
 * progress in {@link org.intarsia.engine.api.Event}s, and ends with {@link org.intarsia.engine.api.Answer}s.
 *
 * <p>{@link org.intarsia.engine.api.Inputs} gives what a model is handed of texts and pictures, without its weights;
 * {@link org.intarsia.engine.api.Inspector} says whether a model can be put together, and
 * {@link org.intarsia.engine.api.Meter} how fast it and its device are.
 *
 * <p>Many generations may be in flight. Those of one model share its steps, and each has the answer that it would have alone,
 * to the bit. When too many wait, the next is refused with a {@link org.intarsia.engine.api.BusyException}.
 *
 * <p>Parts may be swapped while a generation runs; nothing of it is lost, since the tokens are its only state:
 * <ul>
 * <li><em>Backend.</em> After {@code useBackend}, when its bundle stops, or when its device is lost, a generation moves at its
 * next token: plans are closed, keys and values are copied to the new device, and it goes on. Of a device that was lost
 * nothing can be copied: there the tokens are read again. Weights stay mapped.
 * A model that was opened for one backend by name stays there, unless that backend's device is lost.
 * <li><em>Component.</em> A generation ends with the components that it began with, also after their bundle has stopped,
 * was updated or uninstalled. New generations take what is there then: the one that {@code useComponent} named, or that of
 * the highest service ranking. After a minute, or as many seconds as the property {@code intarsia.engine.grace} says, a
 * generation that still runs goes on at its next token with what new ones take; so it does at once where a component can
 * not go on, because classes of a bundle that is gone cannot be loaded.
 * <li><em>Weights.</em> A model that was opened by name is the one that its bundle has at the moment: when the bundle was
 * updated, or another has come with that model in a higher version, new generations take the new weights. Those in flight
 * end with the old ones, which stay mapped until the last of them has ended.
 * <li><em>Nothing left.</em> When the last provider of something has left, generations that need it wait for another, ten
 * seconds or as many as the property {@code intarsia.engine.patience} says; then they end with a sentence that names the bundle which
 * would help. What never was there is not waited for.
 * <li><em>The engine itself.</em> When its bundle, or one that it needs, is stopped, updated or refreshed, whatever uses it
 * ends at once with a sentence that says so. While a model is open, the engine keeps its own service in use: a generation
 * goes on when those who asked for the service leave.
 * <li><em>Record.</em> {@link org.intarsia.engine.api.Origin} says which components and devices took part in an answer.
 * <li><em>Seen.</em> {@code engine.inUse()} tells which generations use what, {@code engine.metrics()} how long swaps held
 * them up.
 * </ul>
 *
 * <p>Whatever goes wrong for a reason that a user can mend is an {@link org.intarsia.model.api.ModelException}, a
 * {@link org.intarsia.backend.api.BackendException} or a {@link org.intarsia.weights.WeightsException}; the message of
 * each is one sentence. An exception that is {@link org.intarsia.engine.api.Missing}, too, says that something is not
 * there at the moment: the same request may succeed later.
 */
@Export
@Version("1.0.0")
package org.intarsia.engine.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
