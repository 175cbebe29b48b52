/**
 * Which tokens a model reads next, for whom, and where their keys and values lie.
 *
 * <p>Begin with {@link org.intarsia.engine.scheduler.StepScheduler}: generations hand in their token streams and wait for scores, and
 * one of them runs a step for all. {@link org.intarsia.engine.scheduler.StepPlanner} chooses what a step reads ({@link
 * org.intarsia.engine.scheduler.Piece}s of streams), {@link org.intarsia.engine.scheduler.StepRunner} runs it, as {@link
 * org.intarsia.engine.scheduler.StepGraph} writes it down. Keys and values lie in blocks: {@link org.intarsia.engine.scheduler.BlockPool}
 * knows which are free and what full ones hold, a {@link org.intarsia.engine.scheduler.Sequence} which belong to a stream.
 *
 * <p>Nothing here knows what a token means: requests, sampling and pictures are the engine's.
 */
package org.intarsia.engine.scheduler;
