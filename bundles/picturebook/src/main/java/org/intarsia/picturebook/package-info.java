/**
 * A small painted world, made from nothing but a seed: scenes of a few coloured things, sentences about them in English and
 * German, exercises with pictures and words, and a grader that reads a picture back exactly.
 *
 * <p>Everything is in the chapters below; each imports only those before it. Read them in this order:
 * <ol>
 * <li>{@link org.intarsia.picturebook.world}: the things that there are to paint, the scenes that they make, and random
 * choices from a seed.
 * <li>{@link org.intarsia.picturebook.meaning}: descriptions, questions and edits, without words.
 * <li>{@link org.intarsia.picturebook.language}: their words in English and German, and a description in words back to its
 * meaning.
 * <li>{@link org.intarsia.picturebook.pictures}: scenes painted, and pictures read back into scenes; needs only the world.
 * <li>{@link org.intarsia.picturebook.grading}: pictures and words judged against what was asked for.
 * <li>{@link org.intarsia.picturebook.prompts}: descriptions, questions and edits made up by chance; needs the meaning and
 * the world.
 * <li>{@link org.intarsia.picturebook.samples}: the exercises that a model is trained on; needs prompts and language.
 * <li>{@link org.intarsia.picturebook.evaluation}: a model scored by what goes in and what comes out; needs all of them but
 * the samples.
 * </ol>
 * To train a model, begin with {@link org.intarsia.picturebook.samples.SampleSource}; to score one, with
 * {@link org.intarsia.picturebook.evaluation.Evaluation}. Nothing here starts a thread or holds a lock. Exported is what
 * training and evaluation need. The bundle does not import its own exports (NOIMPORT): its chapters belong together, and
 * none may come from another version of the bundle.
 *
 * <p>Choices and their reasons: in the standard world every thing stands in the middle of a cell of whole image tokens, so
 * that two processor cores can learn it; in the wide world things stand almost anywhere, and a
 * {@link org.intarsia.picturebook.language.Layout} of words chooses their places before a model paints. Backgrounds are flat
 * and edges hard, because two processor cores can learn that, too. A sentence asks for less than a picture shows - it leaves
 * open a place, a size, a background - so that each seed may answer it differently. A small thing measures 5/8 of a cell of
 * the standard world, not half: with eight pixels, a square and a circle differ in twelve pixels; with ten, no two kinds
 * differ in fewer than twenty. The fir has deep notches, and the sail a wide gap under it, so that a blurred picture is read
 * right.
 */
package org.intarsia.picturebook;
