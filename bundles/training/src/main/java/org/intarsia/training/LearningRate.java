package org.intarsia.training;

/**
 * The learning rate over time: it rises evenly, then falls along half a cosine to a hundredth of its height.
 */
record LearningRate(double highest, int steps, double warmUp) {
    double at(int step) {
        double rising = Math.max(1, warmUp * steps);
        if (step < rising) {
            return highest * (step + 1) / rising;
        }
        double done = (step - rising) / Math.max(1, steps - rising);
        return highest * (0.01 + 0.99 * 0.5 * (1 + Math.cos(Math.PI * Math.min(1, done))));
    }
}
