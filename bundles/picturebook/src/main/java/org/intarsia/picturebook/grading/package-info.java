/**
 * Judgements on pictures and words: the faults by which they differ from what was asked for.
 *
 * <p>Begin with {@link org.intarsia.picturebook.grading.Grader}, which gives a
 * {@link org.intarsia.picturebook.grading.Verdict}; the three checks beside it hold a scene against a description, an edit,
 * or another scene. Safe to share between threads.
 */
package org.intarsia.picturebook.grading;
