package org.intarsia.soak;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.Generation;
import org.intarsia.engine.api.Model;

/** Keeps one generation in flight: when one ends, the next begins, until the time is over. */
final class Lane implements Runnable {
    private final Model model;
    private final Tasks tasks;
    private final int first;
    private final AtomicBoolean over;
    private final Tally tally;
    private volatile Generation generation;

    /**
     * @param first the number of its first task
     * @param over  whether no more shall begin
     */
    Lane(Model model, Tasks tasks, int first, AtomicBoolean over, Tally tally) {
        this.model = model;
        this.tasks = tasks;
        this.first = first;
        this.over = over;
        this.tally = tally;
    }

    @Override
    public void run() {
        for (int number = first; number == first || !over.get(); number++) {
            Tasks.Task task = tasks.get(number);
            try {
                generation = model.prepare(List.of(task.request()), event -> { });
                Answer answer = generation.run().getFirst();
                tally.answer(number, task.undisturbed(), answer);
            } catch (RuntimeException | LinkageError e) {
                tally.error(number, e);
            }
        }
    }

    void cancel() {
        Generation running = generation;
        if (running != null) {
            running.cancel();
        }
    }
}
