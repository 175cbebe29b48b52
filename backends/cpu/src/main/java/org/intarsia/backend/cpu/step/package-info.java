/**
 * The steps that a plan runs: one for each op, bound to addresses and sizes.
 *
 * <p>Begin with {@link org.intarsia.backend.cpu.step.Step} and {@link org.intarsia.backend.cpu.step.NodeBinding}, which has all that a
 * step is bound to. The steps stand in families, a class for each: {@link org.intarsia.backend.cpu.step.MoveSteps},
 * {@link org.intarsia.backend.cpu.step.ReduceSteps}, {@link org.intarsia.backend.cpu.step.IndexSteps},
 * {@link org.intarsia.backend.cpu.step.NormalizeSteps} and {@link org.intarsia.backend.cpu.step.LossSteps}; products and attention have
 * packages of their own. {@link org.intarsia.backend.cpu.step.FusedStep} runs whatever works element by element.
 * {@link org.intarsia.backend.cpu.step.Strides} says how one tensor is walked through in the order of another.
 *
 * <p>A step shares out its loops over the team that it is handed, and only over results that are independent of one another. It may keep
 * memory from one run to the next; the plan runs its steps one after the other, so no step needs a lock.
 */
package org.intarsia.backend.cpu.step;
