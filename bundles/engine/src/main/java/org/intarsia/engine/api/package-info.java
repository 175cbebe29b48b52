/**
 * What callers see of the engine: models that take text and pictures and give text and new pictures.
 *
 * <p>Begin with {@link org.intarsia.engine.api.Engine}, a service: it opens a {@link org.intarsia.engine.api.Model}. A
 * {@link org.intarsia.engine.api.Request} says what goes in and what shall come out; {@code model.prepare(request, …)}
 * makes a {@link org.intarsia.engine.api.Generation} of it, which runs on a thread of the caller's choice, tells of its
 * progress in {@link org.intarsia.engine.api.Event}s, and ends with {@link org.intarsia.engine.api.Answer}s.
 *
 * <p>Whatever goes wrong for a reason that a user can mend is an {@link org.intarsia.model.api.ModelException}, a
 * {@link org.intarsia.backend.api.BackendException} or a {@link org.intarsia.weights.WeightsException}; the message of
 * each is one sentence.
 */
@Export
@Version("1.0.0")
package org.intarsia.engine.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
