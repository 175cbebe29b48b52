/**
 * A small painted world, made from nothing but a seed: scenes of a few coloured things, sentences about them in English
 * and German, exercises with pictures and words, and a grader that reads a picture back exactly.
 *
 * <p>Begin with {@link org.intarsia.picturebook.SampleSource}: it yields every exercise that a model is trained on.
 * {@link org.intarsia.picturebook.Painter} turns its scenes into pictures, {@link org.intarsia.picturebook.Grader}
 * turns pictures back into scenes, and {@link org.intarsia.picturebook.Evaluation} scores a model that it knows only by
 * what goes in and what comes out. {@link org.intarsia.picturebook.World} says what there is to paint, and where: the standard
 * world is that of the shipped weights, the wide one has more of everything.
 *
 * <p>Choices and their reasons: in the standard world every thing stands in the middle of a cell of whole image tokens, so that
 * two processor cores can learn it; in the wide world things stand almost anywhere, and a {@link
 * org.intarsia.picturebook.Layout} of words chooses their places before a model paints. Backgrounds are flat
 * and edges hard, because two processor cores can learn that, too. A sentence asks for less than a picture shows - it leaves
 * open a place, a size, a background - so that each seed may answer it differently. A small thing measures 5/8 of a
 * cell of the standard world, not half: with eight pixels, a square and a circle differ in twelve pixels; with ten, no two
 * kinds differ in fewer than twenty. The fir has deep notches, and the sail a wide gap under it, so that a blurred picture is read right.
 */
@Export
@Version("0.1.0")
package org.intarsia.picturebook;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
