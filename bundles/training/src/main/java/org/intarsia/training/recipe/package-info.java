/**
 * Recipes: all choices on which the result of a training depends.
 *
 * <p>Begin with {@link org.intarsia.training.recipe.Recipe}, which is read from JSON. From it follow the settings of a
 * {@link org.intarsia.training.recipe.Stage}, the {@link org.intarsia.training.recipe.LearningRate} over its steps, and the
 * {@link org.intarsia.training.recipe.Lessons}, which say what the transformer sees. All are immutable and safe to share
 * between threads.
 */
package org.intarsia.training.recipe;
