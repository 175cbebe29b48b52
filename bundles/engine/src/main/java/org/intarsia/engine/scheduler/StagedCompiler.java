package org.intarsia.engine.scheduler;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.intarsia.backend.api.Buffer;
import org.intarsia.backend.api.Plan;
import org.intarsia.graph.Graph;
import org.intarsia.graph.GraphStages;
import org.intarsia.graph.TensorType;
import org.intarsia.graph.op.Leaf;
import org.intarsia.model.api.KeyValueCache;

/**
 * Several devices that compute a model together, each some of its layers: the residual stream goes from one to the next. A device has
 * the weights of its layers alone, since it compiles nothing else, and their keys and values.
 */
public final class StagedCompiler implements PlanCompiler {
    private final List<PlanCompiler> stages;
    private final List<Integer> boundaries;

    /**
     * Divides a model.
     *
     * @param stages     one more than there are boundaries
     * @param boundaries the last layer of each stage but the last, rising
     */
    public StagedCompiler(List<PlanCompiler> stages, List<Integer> boundaries) {
        if (stages.size() != boundaries.size() + 1) {
            throw new IllegalArgumentException(stages.size() + " stages have " + (stages.size() - 1) + " boundaries, not " + boundaries.size());
        }
        this.stages = List.copyOf(stages);
        this.boundaries = List.copyOf(boundaries);
    }

    /** Names the output that is handed on behind a layer. */
    static String boundary(int layer) {
        return "behind." + layer;
    }

    @Override
    public List<Integer> boundaries() {
        return boundaries;
    }

    @Override
    public Plan compile(Graph graph, Map<String, Buffer> states) {
        List<String> names = boundaries.stream().map(StagedCompiler::boundary).toList();
        List<Graph> graphs = GraphStages.cut(graph, names);
        List<StagedPlan.Stage> plans = new ArrayList<>();
        boolean whole = false;
        try {
            for (int number = 0; number < stages.size(); number++) {
                Graph stage = graphs.get(number);
                Map<String, Buffer> own = new HashMap<>(states);
                own.keySet().retainAll(stage.leaves(Leaf.State.class).keySet());
                plans.add(StagedPlan.Stage.of(stage, stages.get(number).compile(stage, own)));
            }
            whole = true;
            return new StagedPlan(plans, names, isAlikeBesideOthers());
        } finally {
            if (!whole) {
                plans.forEach(stage -> stage.plan().close());
            }
        }
    }

    @Override
    public boolean isAlikeBesideOthers() {
        return stages.stream().allMatch(PlanCompiler::isAlikeBesideOthers);
    }

    @Override
    public Buffer allocate(TensorType type) {
        throw new UnsupportedOperationException("memory belongs to one device: ask the one that has the state");
    }

    @Override
    public PlanCompiler of(String state) {
        int layer = KeyValueCache.layer(state);
        int number = 0;
        while (number < boundaries.size() && layer > boundaries.get(number)) {
            number++;
        }
        return stages.get(number);
    }

    @Override
    public void close() {
        stages.forEach(PlanCompiler::close);
    }
}
