/**
 * The benchmark of the painted world, in GenEval's form.
 *
 * <p>Begin with {@link org.intarsia.picturebook.evaluation.Evaluation}, which gives
 * {@link org.intarsia.picturebook.evaluation.Scores}. It knows a model only as a
 * {@link org.intarsia.picturebook.evaluation.Candidate}: a maker of pictures, an editor, a describer, an answerer, and the
 * round trip through its image tokenizer. {@code Trials} holds everything that is asked, {@code Tally} counts what was
 * right.
 *
 * <p>One evaluation runs on the thread that calls it.
 */
@Export(substitution = Export.Substitution.NOIMPORT)
@Version("0.1.0")
package org.intarsia.picturebook.evaluation;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
