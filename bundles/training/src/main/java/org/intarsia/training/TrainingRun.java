package org.intarsia.training;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import org.intarsia.backend.api.Device;
import org.intarsia.graph.Encoding;
import org.intarsia.training.api.TrainingListener;
import org.intarsia.training.recipe.Recipe;
import org.intarsia.training.recipe.Stage;
import org.intarsia.training.trainer.StageLoop;
import org.intarsia.training.trainer.TrainingLog;
import org.intarsia.weights.Checkpoint;
import org.intarsia.weights.Safetensors;
import org.intarsia.weights.Tensor;
import org.intarsia.weights.Weights;

/**
 * One training from the first stage to the last: text tokenizer, then the stages in the order that {@link Stages} says. Beside
 * the model, in {@code training/}, lie a checkpoint of each stage and the log, so that a stage that is done is not done
 * again.
 */
final class TrainingRun {
    private static final int CURVE = 200;
    private static final String STOPPED = "stopped; --resume goes on from here";

    private final Recipe recipe;
    private final Path out;
    private final Path work;
    private final int most;
    private final Device device;
    private final Stages.Factories factories;
    private final TrainingListener listener;

    /** @param most steps of each stage, 0 for the recipe's own */
    TrainingRun(Recipe recipe, Path out, int most, Device device, Stages.Factories factories, TrainingListener listener) {
        this.recipe = recipe;
        this.out = out;
        this.work = out.resolve("training");
        this.most = most;
        this.device = device;
        this.factories = factories;
        this.listener = listener;
    }

    void run() {
        try {
            Files.createDirectories(work);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        TrainingLog log = new TrainingLog(work);
        try (Stages stages = new Stages(recipe, out, device, factories, listener::onMessage, listener::isCancelled)) {
            Weights fresh = stages.fresh();
            boolean done = true;
            for (Stage stage : stages.order()) {
                done = done && train(stage, stages, trainedSoFar(fresh), log);
            }
            if (done) {
                export(stages.directory(), stages.whole(trainedSoFar(fresh)), log);
            } else {
                listener.onMessage(STOPPED);
            }
        } catch (CancellationException e) {
            // Nothing was learnt since the last checkpoint.
            listener.onMessage(STOPPED);
        }
    }

    private boolean train(Stage stage, Stages stages, Weights weights, TrainingLog log) {
        int whole = stage.of(recipe).steps();
        int steps = most > 0 ? Math.min(most, whole) : whole;
        return stages.use(stage, weights, steps, (trainer, todo) ->
                new StageLoop(stage.toString(), steps, work, log, listener, trainer).run(todo));
    }

    /** The fresh weights, overlaid by what the stages have saved, later stages over earlier ones. */
    private Weights trainedSoFar(Weights fresh) {
        Map<String, Tensor> tensors = new TreeMap<>();
        fresh.names().forEach(name -> tensors.put(name, fresh.get(name)));
        for (Stage stage : Stage.values()) {
            Path checkpoint = work.resolve(stage + ".safetensors");
            if (Files.exists(checkpoint)) {
                try (Weights saved = Checkpoint.open(checkpoint)) {
                    saved.names().stream().filter(tensors::containsKey)
                            .forEach(name -> tensors.put(name, saved.get(name).copy()));
                }
            }
        }
        return Weights.of(tensors.values());
    }

    /** The transformer as BF16; the image tokenizer as F32, since its codes must be those that the transformer has seen. */
    private void export(ModelDirectory directory, Weights weights, TrainingLog log) {
        List<Tensor> tensors = new ArrayList<>();
        for (String name : weights.names()) {
            Tensor tensor = weights.get(name);
            tensors.add(name.contains("vqmodel") ? tensor : tensor.to(Encoding.BF16));
        }
        Safetensors.write(out.resolve("model.safetensors"), tensors, Map.of("format", "pt"));
        ObjectNode record = new ObjectMapper().createObjectNode();
        record.put("recipe", recipe.name()).put("seed", recipe.seed());
        record.set("settings", new ObjectMapper().valueToTree(recipe));
        record.put("parameters", tensors.stream().mapToLong(tensor -> tensor.shape().elements()).sum());
        record.put("hours", Math.round(log.seconds() / 36) / 100.0);
        record.put("machine", Runtime.getRuntime().availableProcessors() + " cores, " + device.info().description());
        record.put("java", System.getProperty("java.version"));
        record.set("log", log.curve(CURVE));
        directory.write("training.json", record);
        listener.onMessage("the model is in " + out);
    }
}
