package org.intarsia.training;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.intarsia.backend.api.Device;
import org.intarsia.model.api.CodebookEncoder;
import org.intarsia.model.api.ComponentFactory;
import org.intarsia.model.api.ImageDecoder;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.api.ModelLayout;
import org.intarsia.model.api.Tokenizer;
import org.intarsia.model.api.TransformerCore;
import org.intarsia.model.api.VisionEncoder;
import org.intarsia.picturebook.SampleSource;
import org.intarsia.picturebook.Split;
import org.intarsia.picturebook.World;
import org.intarsia.training.api.TrainingException;
import org.intarsia.weights.Weights;

/**
 * The stages of a recipe with all that they stand on: the files of the model beside its weights, which are written where
 * they are not there yet, its components, fresh weights, and samples.
 */
final class Stages implements AutoCloseable {
    /** Two halves of every batch, whatever the machine: the result must not hang on the number of its cores. */
    private static final int WORKERS = 2;

    private final Recipe recipe;
    private final Device device;
    private final ModelDirectory directory;
    private final SampleSource source;
    private final FreshWeights fresh;
    private final TransformerCore core;
    private final CodebookEncoder encoder;
    private final ImageDecoder decoder;
    private final Tokenizer tokenizer;
    private final BooleanSupplier cancelled;
    private BlockCodes codes;

    /** Where components come from. */
    interface Factories {
        <C, F extends ComponentFactory<C>> C create(Class<F> kind, ModelFiles files);

        /**
         * How a model of a family is written down.
         *
         * @throws TrainingException where no such family is installed, or it does not say
         */
        ModelLayout layout(String family);
    }

    /** Does something with a stage that is set up; the trainer is closed afterwards. */
    interface Use<R> {
        R with(Trainer trainer, StageLoop.Work work);
    }

    /**
     * @param progress hears what takes long, one sentence
     * @param cancelled asked while it prepares what takes long
     * @throws CancellationException here and in {@link #use}, when cancelled
     */
    Stages(Recipe recipe, Path folder, Device device, Factories factories, Consumer<String> progress,
            BooleanSupplier cancelled) {
        this.cancelled = cancelled;
        this.recipe = recipe;
        this.device = device;
        this.directory = new ModelDirectory(folder);
        ModelLayout layout = factories.layout(recipe.family());
        this.source = new SampleSource(World.STANDARD, recipe.seed(), Split.TRAIN, recipe.mixture());
        if (!Files.exists(folder.resolve("tokenizer.json"))) {
            progress.accept("learning the text tokenizer from " + recipe.tokenizer().texts() + " texts");
            directory.write(recipe, layout, BytePairTrainer.train(texts(), recipe.tokenizer().vocabulary()), KnownWords.of(texts()));
        }
        this.fresh = new FreshWeights(recipe.seed(), recipe.config().path("num_hidden_layers").asInt());
        ModelFiles files = directory.with(recipe.family(), fresh);
        this.core = factories.create(ComponentFactory.OfTransformerCore.class, files);
        this.encoder = codebook(factories.create(ComponentFactory.OfVisionEncoder.class, files));
        this.decoder = factories.create(ComponentFactory.OfImageDecoder.class, files);
        this.tokenizer = factories.create(ComponentFactory.OfTokenizer.class, files);
    }

    private static CodebookEncoder codebook(VisionEncoder encoder) {
        if (encoder instanceof CodebookEncoder codebook) {
            return codebook;
        }
        throw new TrainingException("the recipe's family sees pictures as features, and a model is trained to make pictures of codes:"
                + " take one whose vision encoder has a codebook");
    }

    /** Returns the texts that the tokenizer is trained on. */
    private Stream<String> texts() {
        return source.texts(0).limit(recipe.tokenizer().texts()).peek(this::goOn);
    }

    private void goOn(Object sample) {
        if (cancelled.getAsBoolean()) {
            throw new CancellationException("the training was stopped while it prepared a stage");
        }
    }

    ModelDirectory directory() {
        return directory;
    }

    /** What the training begins with. */
    Weights fresh() {
        return fresh;
    }

    /**
     * Sets a stage up and hands it over.
     *
     * @param weights what the stage begins with
     * @param steps   how many steps the learning rate is spread over
     */
    <R> R use(Stage stage, Weights weights, int steps, Use<R> use) {
        Recipe.StagePart part = stage.of(recipe);
        Set<String> trained = new TreeSet<>(weights.names());
        trained.removeIf(trainedIn(stage).negate());
        try (Trainer trainer = new Trainer(device, weights, trained, part.settings(WORKERS))) {
            return use.with(trainer, stage == Stage.CORE ? core(trainer, steps) : images(stage, trainer, steps));
        }
    }

    private static Predicate<String> trainedIn(Stage stage) {
        return switch (stage) {
            case IMAGE_TOKENIZER -> ImageTokenizerGraphs::ofImageTokenizer;
            case IMAGE_DECODER -> ImageTokenizerGraphs::ofDecoder;
            case CORE -> weight -> !weight.contains("vqmodel");
        };
    }

    private ImageTokenizerStage images(Stage stage, Trainer trainer, int steps) {
        boolean frozen = stage == Stage.IMAGE_DECODER;
        Recipe.StagePart before = Stage.IMAGE_TOKENIZER.of(recipe);
        // The decoder goes on where both ended, on pictures that they have not seen.
        long first = frozen ? (long) before.steps() * before.batch() : 0;
        return new ImageTokenizerStage(trainer, encoder, decoder, blockCodes(), source, first, stage.of(recipe),
                frozen ? recipe.decoder().pixels() : recipe.imageTokenizer().pixels(), recipe.imageTokenizer().codeWeight(),
                steps, frozen);
    }

    /** Learnt when first needed: it takes seconds, and both stages of the image tokenizer need the same. */
    private BlockCodes blockCodes() {
        if (codes == null) {
            Recipe.BlockPart part = recipe.imageTokenizer().blocks();
            Pictures pictures = new Pictures(encoder);
            codes = new BlockCodes(() -> source.scenes(0).limit(part.scenes()).peek(this::goOn).map(scene -> pictures.pixels(List.of(scene))),
                    encoder.height(), encoder.width(), encoder.pixelsPerCode(), part.colours(), part.outlines(),
                    encoder.codes());
        }
        return codes;
    }

    private CoreStage core(Trainer trainer, int steps) {
        int places = encoder.height() * encoder.width() / (encoder.pixelsPerCode() * encoder.pixelsPerCode());
        StreamWriter writer = new StreamWriter(tokenizer, core.format().tokens(), places, recipe.core(), recipe.seed());
        return new CoreStage(trainer, core, encoder, writer, new Lessons(recipe.core().lessons(), recipe.seed()),
                recipe.core(), steps);
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
