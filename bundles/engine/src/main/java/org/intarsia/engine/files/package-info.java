/**
 * The files of models, as they were published: finding, opening and describing them.
 *
 * <p>Begin with {@link org.intarsia.engine.files.OpenedFiles}, which opens a model: a directory ({@link
 * org.intarsia.engine.files.ModelDirectory}) or one GGUF file ({@link org.intarsia.engine.files.GgufFile}), with {@link
 * org.intarsia.engine.files.Adapters} over its weights where some were named ({@link org.intarsia.engine.files.AdapterFolder} finds
 * them by path). {@link org.intarsia.engine.files.ModelBundles} finds models in installed bundles, {@link
 * org.intarsia.engine.files.SmallFiles} shows a model's files to those who need no weights, and {@link
 * org.intarsia.engine.files.ForeignFiles} words the refusal of what is no model.
 *
 * <p>Single files are read by classes of their own: {@link org.intarsia.engine.files.ModelDefaults} ({@code
 * generation_config.json}), {@link org.intarsia.engine.files.ChatTemplateFiles}, {@link org.intarsia.engine.files.KnownWords};
 * {@link org.intarsia.engine.files.Unfollowed} names what they ask for and the engine does not follow.
 *
 * <p><em>Threads.</em> Opened files may be used by several threads. Weights stay mapped until {@code OpenedFiles} is closed; who
 * opens it closes it. {@code ModelBundles} has a monitor, which it holds while it unpacks a model or removes copies.
 */
package org.intarsia.engine.files;
