/**
 * A small painted world, made from nothing but a seed: scenes of a few coloured things, sentences about them in English
 * and German, exercises with pictures and words, and a grader that reads a picture back exactly.
 *
 * <p>Begin with {@link org.intarsia.picturebook.SampleSource}: it yields every exercise that a model is trained on.
 * {@link org.intarsia.picturebook.Painter} turns its scenes into pictures, {@link org.intarsia.picturebook.Grader} turns
 * pictures back into scenes, and {@link org.intarsia.picturebook.Evaluation} scores a model that it knows only by what
 * goes in and what comes out. {@link org.intarsia.picturebook.World} holds the measures.
 */
@Export
@Version("0.1.0")
package org.intarsia.picturebook;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
