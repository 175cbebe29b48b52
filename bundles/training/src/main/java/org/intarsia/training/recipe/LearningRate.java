package org.intarsia.training.recipe;

import java.util.List;

/**
 * The learning rate over time. In each cycle it rises evenly, then falls along half a cosine to a hundredth of its height;
 * then the next cycle begins anew (warm restarts: Loshchilov and Hutter, 2017).
 *
 * @param cycles one after the other
 * @param warmUp share of each cycle in which the rate rises
 */
public record LearningRate(List<Recipe.Cycle> cycles, double warmUp) {

    /** That of a stage, which may be asked to take fewer steps than its recipe says: then in one cycle. */
    public static LearningRate of(Recipe.StagePart stage, int steps) {
        return new LearningRate(steps == stage.steps() ? stage.cycles()
                : List.of(new Recipe.Cycle(steps, stage.cycles().getFirst().learningRate())), stage.warmUp());
    }

    /** The learning rate of a step, counted from 0. */
    public double at(int step) {
        int first = 0;
        int cycle = 0;
        while (cycle < cycles.size() - 1 && step >= first + cycles.get(cycle).steps()) {
            first += cycles.get(cycle++).steps();
        }
        return within(cycles.get(cycle), step - first);
    }

    private double within(Recipe.Cycle cycle, int step) {
        double highest = cycle.learningRate();
        double rising = Math.max(1, warmUp * cycle.steps());
        if (step < rising) {
            return highest * (step + 1) / rising;
        }
        double done = (step - rising) / Math.max(1, cycle.steps() - rising);
        return highest * (0.01 + 0.99 * 0.5 * (1 + Math.cos(Math.PI * Math.min(1, done))));
    }
}
