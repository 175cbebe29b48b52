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
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.intarsia.backend.api.Device;
import org.intarsia.graph.Encoding;
import org.intarsia.model.api.ComponentFactory;
import org.intarsia.model.api.ImageDecoder;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.api.Tokenizer;
import org.intarsia.model.api.TransformerCore;
import org.intarsia.model.api.VisionEncoder;
import org.intarsia.picturebook.SampleSource;
import org.intarsia.picturebook.Split;
import org.intarsia.picturebook.World;
import org.intarsia.training.api.TrainingListener;
import org.intarsia.weights.Checkpoint;
import org.intarsia.weights.Safetensors;
import org.intarsia.weights.Tensor;
import org.intarsia.weights.Weights;

/**
 * One training from the first stage to the last: text tokenizer, image tokenizer, its decoder alone, transformer. Beside
 * the model, in {@code training/}, lie a checkpoint of each stage and the log, so that a stage that is done is not done
 * again.
 */
final class TrainingRun {
    private static final String IMAGE_TOKENIZER = "image-tokenizer";
    private static final String DECODER = "image-decoder";
    private static final String CORE = "core";
    /** Two halves of every batch, whatever the machine: the result must not hang on the number of its cores. */
    private static final int WORKERS = 2;
    private static final int CURVE = 200;

    private final Recipe recipe;
    private final Path out;
    private final Path work;
    private final int most;
    private final Device device;
    private final Factories factories;
    private final TrainingListener listener;

    /** Where components come from. */
    interface Factories {
        <C, F extends ComponentFactory<C>> C create(Class<F> kind, ModelFiles files);
    }

    /** @param most steps of each stage, 0 for the recipe's own */
    TrainingRun(Recipe recipe, Path out, int most, Device device, Factories factories, TrainingListener listener) {
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
        SampleSource source = new SampleSource(World.STANDARD, recipe.seed(), Split.TRAIN, recipe.mixture());
        ModelDirectory directory = new ModelDirectory(out);
        if (!Files.exists(out.resolve("tokenizer.json"))) {
            listener.onMessage("learning the text tokenizer from " + recipe.tokenizer().texts() + " texts");
            directory.write(recipe, BytePairTrainer.train(source.texts(0).limit(recipe.tokenizer().texts()),
                    recipe.tokenizer().vocabulary()));
        }
        FreshWeights fresh = new FreshWeights(recipe.seed(), recipe.config().path("num_hidden_layers").asInt(),
                recipe.imageTokenizer().levels());
        ModelFiles files = directory.with(fresh);
        TransformerCore core = factories.create(ComponentFactory.OfTransformerCore.class, files);
        VisionEncoder encoder = factories.create(ComponentFactory.OfVisionEncoder.class, files);
        ImageDecoder decoder = factories.create(ComponentFactory.OfImageDecoder.class, files);

        boolean done = images(IMAGE_TOKENIZER, recipe.imageTokenizer().stage(), recipe.imageTokenizer().pixels(), fresh, log,
                encoder, decoder, source, false)
                && images(DECODER, recipe.decoder().stage(), recipe.decoder().pixels(), trainedSoFar(fresh), log,
                encoder, decoder, source, true)
                && core(trainedSoFar(fresh), log, core, encoder, source, files);
        if (done) {
            export(directory, trainedSoFar(fresh), log);
        } else {
            listener.onMessage("stopped; --resume goes on from here");
        }
    }

    private int steps(Recipe.StagePart stage) {
        return most > 0 ? Math.min(most, stage.steps()) : stage.steps();
    }

    private boolean images(String name, Recipe.StagePart stage, Recipe.PixelWeights pixels, Weights weights, TrainingLog log,
            VisionEncoder encoder, ImageDecoder decoder, SampleSource source, boolean frozen) {
        Predicate<String> trained = frozen ? ImageTokenizerGraphs::ofDecoder
                : weight -> ImageTokenizerGraphs.ofDecoder(weight) || ImageTokenizerGraphs.ofEncoder(weight);
        int steps = steps(stage);
        // The decoder goes on where both ended, on pictures that they have not seen.
        long first = frozen ? (long) recipe.imageTokenizer().stage().steps() * recipe.imageTokenizer().stage().batch() : 0;
        try (Trainer trainer = trainer(weights, trained, stage)) {
            return new StageLoop(name, steps, work, log, listener, trainer).run(new ImageTokenizerStage(trainer, encoder,
                    decoder, source, first, stage, pixels, recipe.imageTokenizer().commitment(), steps, frozen));
        }
    }

    private boolean core(Weights weights, TrainingLog log, TransformerCore core, VisionEncoder encoder, SampleSource source,
            ModelFiles files) {
        Recipe.CorePart part = recipe.core();
        int steps = steps(part.stage());
        int places = encoder.height() * encoder.width() / (encoder.pixelsPerCode() * encoder.pixelsPerCode());
        try (Tokenizer tokenizer = factories.create(ComponentFactory.OfTokenizer.class, files);
                Trainer trainer = trainer(weights, name -> !name.contains("vqmodel"), part.stage())) {
            StreamWriter writer = new StreamWriter(tokenizer, core.tokens(), places, part, recipe.seed());
            return new StageLoop(CORE, steps, work, log, listener, trainer)
                    .run(new CoreStage(trainer, core, encoder, writer, source, part, steps));
        }
    }

    private Trainer trainer(Weights weights, Predicate<String> trained, Recipe.StagePart stage) {
        Set<String> names = new TreeSet<>(weights.names());
        names.removeIf(trained.negate());
        return new Trainer(device, weights, names, WORKERS, stage.weightDecay(), stage.clip());
    }

    /** The fresh weights, overlaid by what the stages have saved, later stages over earlier ones. */
    private Weights trainedSoFar(Weights fresh) {
        Map<String, Tensor> tensors = new TreeMap<>();
        fresh.names().forEach(name -> tensors.put(name, fresh.get(name)));
        for (String stage : List.of(IMAGE_TOKENIZER, DECODER, CORE)) {
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
