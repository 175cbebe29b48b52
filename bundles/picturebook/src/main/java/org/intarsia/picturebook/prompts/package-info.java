/**
 * Prompts for a model, made up by chance: descriptions with scenes that fit them, questions, and edits.
 *
 * <p>Begin with {@link org.intarsia.picturebook.prompts.Prompts}; {@link org.intarsia.picturebook.prompts.Questions} and
 * {@link org.intarsia.picturebook.prompts.Edits} begin with a scene of it. Each is about the looks that it is given, and
 * takes its choices from the caller's dice: the same dice make up the same. Another order of these choices would change
 * every training sample ({@code SampleSource.GENERATOR_VERSION}).
 */
package org.intarsia.picturebook.prompts;
