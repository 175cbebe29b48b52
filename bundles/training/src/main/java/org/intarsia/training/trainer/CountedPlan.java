package org.intarsia.training.trainer;

import java.util.Map;
import java.util.concurrent.atomic.DoubleAdder;
import org.intarsia.backend.api.Buffer;
import org.intarsia.backend.api.Plan;

/**
 * A plan that counts its work.
 *
 * @param operations float operations of one run
 * @param sum        where they are added after each run
 */
record CountedPlan(Plan plan, double operations, DoubleAdder sum) implements Plan {
    @Override
    public Buffer input(String name) {
        return plan.input(name);
    }

    @Override
    public Buffer output(String name) {
        return plan.output(name);
    }

    @Override
    public void run(Map<String, Long> sizes) {
        plan.run(sizes);
        sum.add(operations);
    }

    @Override
    public void close() {
        plan.close();
    }
}
