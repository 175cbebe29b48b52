package org.intarsia.training.lora;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.api.Precision;
import org.intarsia.engine.api.ModelParts;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.model.adapters.AdaptedWeights;
import org.intarsia.model.adapters.Adapter;
import org.intarsia.model.adapters.AdapterSettings;
import org.intarsia.model.api.KeyValueCache;
import org.intarsia.model.api.TransformerCore.Head;
import org.intarsia.model.api.TransformerCore;
import org.intarsia.training.api.LoraTraining.Options;
import org.intarsia.training.api.LoraTraining;
import org.intarsia.training.api.TrainingException;
import org.intarsia.training.api.TrainingListener;
import org.intarsia.training.trainer.StageLoop;
import org.intarsia.training.trainer.Trainer;
import org.intarsia.training.trainer.TrainingLog;
import org.intarsia.weights.LowRank;
import org.intarsia.weights.Tensor;
import org.intarsia.weights.Weights;

/**
 * One training of an adapter. Beside the adapter, in {@code training/}, lie the adapter that it began with, the settings, a
 * checkpoint and the log.
 */
final class LoraRun {
    private static final String STAGE = "lora";
    private static final String STOPPED = "stopped; --resume goes on from here";
    /** Two halves of every batch, whatever the machine: the result must not hang on the number of its cores. */
    private static final int MOST_WORKERS = 2;
    private static final double CLIP = 1;

    private final Options options;
    private final ModelParts parts;
    private final String base;
    private final Device device;
    private final TrainingListener listener;
    private final Path work;
    private final Path start;

    /** @param base how the adapter names its base model */
    LoraRun(Options options, ModelParts parts, String base, Device device, TrainingListener listener) {
        this.options = options;
        this.parts = parts;
        this.base = base;
        this.device = device;
        this.listener = listener;
        this.work = options.out().resolve("training");
        this.start = work.resolve("start");
    }

    LoraTraining.Outcome run() {
        begin();
        try {
            return trained();
        } catch (CancellationException e) {
            listener.onMessage(STOPPED);
            return new LoraTraining.Outcome(false, 0, List.of());
        }
    }

    private LoraTraining.Outcome trained() {
        try (Adapter adapter = Adapter.open(start)) {
            if (!adapter.replaced().isEmpty()) {
                throw new TrainingException("the adapter to start from replaces whole tensors (modules_to_save), which are not trained"
                        + " here: take one without");
            }
            AdaptedWeights weights = new AdaptedWeights(parts.files().weights(), List.of(new AdaptedWeights.Weighted(adapter, 1)),
                    parts::presentedName);
            TransformerCore core = parts.core(weights);
            Set<String> left = new TreeSet<>(weights.changed().keySet());
            left.removeAll(weights.taken());
            if (!left.isEmpty()) {
                throw new TrainingException("the adapter to start from changes " + left.iterator().next()
                        + ", which no layer of the model's transformer takes: take the base model that it was trained for");
            }
            int context = core.geometry().context();
            int length = Math.min(context, options.schedule().length());
            SampleFiles data = new SampleFiles(options.data(), new Streams(parts, core, length, options.pictures()),
                    listener::isCancelled);
            List<Sample> samples = data.samples();
            data.skipped().forEach(clause -> listener.onMessage("not used: " + clause));
            listener.onMessage(samples.size() + (samples.size() == 1 ? " sample" : " samples"));
            boolean done = train(weights, adapter, core, samples, length);
            return new LoraTraining.Outcome(done, samples.size(), data.skipped());
        }
    }

    /** Writes down what the training begins with, or checks that it is the same as then. */
    private void begin() {
        LoraTraining.Shape shape = options.shape();
        LoraTraining.Schedule schedule = options.schedule();
        String settings = "base " + base + "\ndata " + options.data().toAbsolutePath().normalize() + "\n"
                + options.start().map(from -> "start " + from.toAbsolutePath().normalize()).orElse("adapter " + shape)
                + "\nbatch " + schedule.batch() + ", learning rate " + schedule.learningRate() + ", length " + schedule.length() + ", seed "
                + schedule.seed() + "\npictures " + options.pictures().map(Enum::name).orElse("all") + "\n";
        Path file = work.resolve("settings.txt");
        try {
            if (Files.exists(file)) {
                String before = Files.readString(file);
                if (!before.equals(settings)) {
                    throw new TrainingException("the training in " + options.out() + " was begun with other settings: "
                            + difference(before, settings) + "; give the same ones, or another folder");
                }
                return;
            }
            Files.createDirectories(start);
            if (options.start().isPresent()) {
                Path from = options.start().get();
                try (Adapter given = Adapter.open(from)) {
                    Adapter.write(start, AdapterSettings.rebased(Files.readString(from.resolve(Adapter.CONFIG)), base), given.pairs());
                }
            } else {
                FreshAdapter fresh = new FreshAdapter(parts, shape, schedule.seed());
                Adapter.write(start, new AdapterSettings(shape.rank(), shape.alpha(), shape.rootScaled(), fresh.targets(), base).json(),
                        fresh.pairs());
            }
            Files.write(file, settings.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new TrainingException("the folder " + options.out() + " cannot be used (" + e.getMessage() + ")", e);
        }
    }

    private static String difference(String before, String now) {
        List<String> then = before.lines().toList();
        List<String> lines = now.lines().toList();
        for (int i = 0; i < Math.min(then.size(), lines.size()); i++) {
            if (!then.get(i).equals(lines.get(i))) {
                return "'" + then.get(i) + "' then, '" + lines.get(i) + "' now";
            }
        }
        return "other keys";
    }

    private boolean train(AdaptedWeights weights, Adapter adapter, TransformerCore core, List<Sample> samples, int length) {
        LoraTraining.Schedule schedule = options.schedule();
        Map<String, LowRank> trained = new TreeMap<>();
        weights.changed().keySet().forEach(name -> weights.adapters(name).forEach(pair -> trained.put(name, pair)));
        Set<String> names = new TreeSet<>();
        trained.values().forEach(pair -> names.addAll(List.of(pair.a().name(), pair.b().name())));
        int workers = Math.min(MOST_WORKERS, schedule.batch());
        Trainer.Settings settings = new Trainer.Settings(workers, workers == 1 ? 0 : 1, 0, CLIP, Precision.EXACT);
        try (Trainer trainer = new Trainer(device, needed(weights, core, samples), names, settings)) {
            LoraStage stage = new LoraStage(trainer, core, samples, schedule.batch(), schedule.learningRate(), schedule.seed(), length);
            boolean done = new StageLoop(STAGE, schedule.steps(), work, new TrainingLog(work), listener, trainer).reporting(1)
                    .run(stage);
            if (done) {
                write(adapter, trainer);
            } else {
                listener.onMessage(STOPPED);
            }
            return done;
        }
    }

    /** The weights that the graphs read; the others of the model stay where they are. */
    private static Weights needed(AdaptedWeights weights, TransformerCore core, List<Sample> samples) {
        GraphBuilder graph = new GraphBuilder();
        Node ids = graph.input("ids", TensorType.i32(1, 1));
        Node hidden = core.hidden(graph, core.embed(graph, ids), graph.iota(TensorType.i32(1, 1), 1), KeyValueCache.none());
        Node rows = graph.reshape(hidden, Shape.of(1, core.geometry().hidden()));
        for (Head head : Head.values()) {
            if (samples.stream().anyMatch(sample -> sample.head() == head)) {
                core.logits(graph, rows, head);
            }
        }
        return Weights.of(graph.parameters().keySet().stream().map(weights::get).toList());
    }

    private void write(Adapter adapter, Trainer trainer) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        trainer.weights().forEach(tensor -> tensors.put(tensor.name(), tensor));
        Map<String, LowRank> pairs = new TreeMap<>();
        adapter.pairs().keySet().forEach(module -> pairs.put(module, new LowRank(
                tensors.get(AdaptedWeights.first(module, 0)), tensors.get(AdaptedWeights.second(module, 0)), 1)));
        try {
            Adapter.write(options.out(), Files.readString(start.resolve(Adapter.CONFIG)), pairs);
        } catch (IOException e) {
            throw new TrainingException("the folder " + options.out() + " cannot be used (" + e.getMessage() + ")", e);
        }
        listener.onMessage("the adapter is in " + options.out());
    }
}
