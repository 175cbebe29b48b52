/**
 * The services that come and go: backends, families of models and factories of components.
 *
 * <p>Begin with {@link org.intarsia.engine.registry.Registry}: it knows what is there, best first, and what has left. Its settings
 * are {@link org.intarsia.engine.registry.Settings}; a {@link org.intarsia.engine.registry.Kind} names a kind of component and the
 * bundle that ships it. What is missing is said by exceptions: {@link org.intarsia.engine.registry.MissingBackendException}, {@link
 * org.intarsia.engine.registry.MissingComponentException}, {@link org.intarsia.engine.registry.RefusedModelException} (a factory is
 * there, but refuses the model) and {@link org.intarsia.engine.registry.UnavailableException} (the model or the engine has left).
 *
 * <p><em>Locks.</em> Work with services is done inside {@link org.intarsia.engine.registry.Registry#using}, on the caller's thread,
 * under the registry's read lock, and after a turn of {@link org.intarsia.engine.registry.Turns}, which lets two compute at a time. A
 * service leaves under the write lock, on the thread that stops its bundle; watchers are told there.
 */
package org.intarsia.engine.registry;
