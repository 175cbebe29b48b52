package org.intarsia.training.trainer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.intarsia.backend.api.Buffer;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.api.Plan;
import org.intarsia.backend.api.Precision;
import org.intarsia.graph.Gradients;
import org.intarsia.graph.Graph;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.TensorType;
import org.intarsia.graph.Work;
import org.intarsia.graph.op.Leaf;
import org.intarsia.training.api.TrainingException;
import org.intarsia.weights.Tensor;
import org.intarsia.weights.Weights;

/**
 * Data-parallel training on one device. Every worker runs its own single-threaded plan on its share of the batch; the
 * gradients are added in the order of the workers, so the result does not depend on which one was faster.
 *
 * <p>Not safe for use by several threads. Closing it gives all its device memory back.
 */
public final class Trainer implements AutoCloseable {
    private final Device device;
    private final Settings settings;
    private final Map<String, TensorType> trained = new TreeMap<>();
    private final Map<String, Buffer> buffers = new HashMap<>();
    private final List<Plan> plans = new ArrayList<>();
    private final DoubleAdder operations = new DoubleAdder();
    private final ExecutorService executor;

    /** The plans for one shape of batch. */
    public record Step(List<Plan> gradients, Plan update) {
    }

    /** Fills the inputs of a worker's plan with that worker's share of the batch; called on the worker's thread. */
    public interface Share {
        void fill(int worker, Plan plan);
    }

    /**
     * The settings of a training.
     *
     * @param workers     into which each batch is divided
     * @param threads     that each worker's plan may use
     * @param weightDecay decoupled, for matrices
     * @param clip        largest length of the gradient
     * @param precision   of the workers' products
     */
    public record Settings(int workers, int threads, double weightDecay, double clip, Precision precision) {
    }

    /**
     * Puts weights on the device, and the optimizer's state beside those that are trained.
     *
     * @param weights what to begin with
     * @param trained the names of those that are to be trained; the others stay as they are
     */
    public Trainer(Device device, Weights weights, Set<String> trained, Settings settings) {
        this.device = device;
        this.settings = settings;
        this.executor = Executors.newFixedThreadPool(settings.workers(), Thread.ofPlatform().daemon().name("trainer-", 0).factory());
        for (String name : weights.names()) {
            Tensor tensor = weights.get(name);
            if (trained.contains(name)) {
                TensorType type = TensorType.f32(tensor.shape());
                this.trained.put(name, type);
                for (String state : states(name).toList()) {
                    buffers.put(state, device.allocate(type));
                }
                buffers.get(name).write(tensor.floats());
            } else {
                buffers.put(name, device.constant(tensor.type(), tensor.content()));
            }
        }
    }

    private static Stream<String> states(String weight) {
        return Stream.of(weight, weight + ".first", weight + ".second");
    }

    /** The number of workers. */
    public int workers() {
        return settings.workers();
    }

    /** The names of the weights that are trained. */
    public Set<String> trained() {
        return trained.keySet();
    }

    /**
     * Builds the graph of a worker from its loss.
     *
     * @param trained tells the names of the parameters whose gradients are put out
     */
    public static Graph withGradients(GraphBuilder g, Node loss, Predicate<String> trained) {
        Map<String, Node> outputs = new LinkedHashMap<>();
        outputs.put("loss", loss);
        List<String> names = g.parameters().keySet().stream().filter(trained).toList();
        List<Node> gradients = Gradients.of(g, loss, names.stream().map(g.parameters()::get).toList());
        for (int i = 0; i < names.size(); i++) {
            outputs.put("gradient." + names.get(i), gradients.get(i));
        }
        return g.build(outputs);
    }

    /**
     * Compiles what one step needs.
     *
     * @param gradients of one worker: output {@code loss} and, for each trained weight, {@code gradient.NAME}
     */
    public Step compile(Graph gradients) {
        Map<String, Buffer> bound = new HashMap<>(buffers);
        List<Plan> parts = new ArrayList<>();
        for (int worker = 0; worker < settings.workers(); worker++) {
            Plan plan = compile(gradients, buffers, settings.threads(), settings.precision());
            parts.add(plan);
            for (String name : trained.keySet()) {
                bound.put(AdamW.gradient(worker, name), plan.output("gradient." + name));
            }
        }
        Graph update = AdamW.graph(trained, settings.workers(), settings.weightDecay(), settings.clip());
        return new Step(parts, compile(update, bound, 0, Precision.EXACT));
    }

    /** A plan that only computes, with the weights as they are at each run. */
    public Plan compileForward(Graph graph) {
        return compile(graph, buffers, 1, Precision.EXACT);
    }

    private Plan compile(Graph graph, Map<String, Buffer> bound, int threads, Precision products) {
        Plan plan = new CountedPlan(device.compile(graph, only(graph, bound), threads, products), Work.floatOperations(graph), operations);
        plans.add(plan);
        return plan;
    }

    /** The float operations of all runs of this trainer's plans so far, counted as {@link Work} counts them. */
    public double operations() {
        return operations.sum();
    }

    private static Map<String, Buffer> only(Graph graph, Map<String, Buffer> buffers) {
        Map<String, Buffer> used = new LinkedHashMap<>();
        Stream.of(graph.leaves(Leaf.Parameter.class), graph.leaves(Leaf.State.class))
                .flatMap(leaves -> leaves.keySet().stream()).forEach(name -> used.put(name, buffers.get(name)));
        return used;
    }

    /**
     * Trains one step.
     *
     * @param number counted from 1 within the stage
     * @return the loss, summed over the workers
     */
    public double run(Step step, int number, double learningRate, Share share) {
        List<Callable<Float>> jobs = new ArrayList<>();
        for (int worker = 0; worker < settings.workers(); worker++) {
            int mine = worker;
            Plan plan = step.gradients().get(worker);
            jobs.add(() -> {
                share.fill(mine, plan);
                plan.run();
                return plan.output("loss").floats(1)[0];
            });
        }
        double loss = 0;
        for (float part : inParallel(jobs)) {
            loss += part;
        }
        if (!Double.isFinite(loss)) {
            throw new TrainingException("the loss is " + loss + " after " + number
                    + " steps: lower the learning rate of the recipe, or go on from an earlier checkpoint");
        }
        step.update().input("learningRate").write((float) learningRate);
        step.update().input("correctFirst").write(AdamW.correction(AdamW.BETA_FIRST, number));
        step.update().input("correctSecond").write(AdamW.correction(AdamW.BETA_SECOND, number));
        step.update().run();
        return loss;
    }

    /** Runs one job on each worker's thread and waits for all; the results are in the order of the jobs. */
    <T> List<T> inParallel(List<Callable<T>> jobs) {
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> future : executor.invokeAll(jobs)) {
                results.add(future.get());
            }
            return results;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TrainingException("the training was interrupted; --resume goes on from its last checkpoint", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new TrainingException("a training step failed: " + e.getCause().getMessage(), e.getCause());
        }
    }

    /** The trained weights as they are now. */
    public List<Tensor> weights() {
        return trained.keySet().stream().map(this::tensor).toList();
    }

    /** The trained weights and the optimizer's states: all that going on needs. */
    List<Tensor> state() {
        return trained.keySet().stream().flatMap(Trainer::states).map(this::tensor).toList();
    }

    private Tensor tensor(String name) {
        Buffer buffer = buffers.get(name);
        int count = Math.toIntExact(buffer.type().shape().elements());
        return Tensor.of(name, buffer.type().shape(), buffer.floats(count));
    }

    /** Puts weights and optimizer back to an earlier {@link #state}. */
    void restore(Weights state) {
        for (String weight : trained.keySet()) {
            states(weight).forEach(name -> buffers.get(name).write(state.get(name).floats()));
        }
    }

    @Override
    public void close() {
        executor.shutdown();
        plans.forEach(Plan::close);
        buffers.values().forEach(Buffer::close);
    }
}
