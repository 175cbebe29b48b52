package org.intarsia.training;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.api.Plan;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.model.api.CodebookEncoder;
import org.intarsia.model.api.ComponentFactory;
import org.intarsia.model.api.ImageDecoder;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.api.ModelLayout;
import org.intarsia.model.api.Tokenizer;
import org.intarsia.model.api.TransformerCore;
import org.intarsia.model.api.VisionEncoder;
import org.intarsia.picturebook.language.Layout;
import org.intarsia.picturebook.samples.SampleSource;
import org.intarsia.picturebook.samples.Split;
import org.intarsia.picturebook.world.World;
import org.intarsia.training.api.TrainingException;
import org.intarsia.training.codes.BlockCodes;
import org.intarsia.training.codes.FactorTable;
import org.intarsia.training.codes.FactoredTables;
import org.intarsia.training.codes.FreshWeights;
import org.intarsia.training.codes.PieceCodes;
import org.intarsia.training.codes.SceneCodes;
import org.intarsia.training.codes.TokenTables;
import org.intarsia.training.recipe.Lessons;
import org.intarsia.training.recipe.Recipe;
import org.intarsia.training.recipe.Stage;
import org.intarsia.training.stages.CoreStage;
import org.intarsia.training.stages.ImageTokenizerGraphs;
import org.intarsia.training.stages.ImageTokenizerStage;
import org.intarsia.training.stages.Pictures;
import org.intarsia.training.stages.StreamWriter;
import org.intarsia.training.trainer.StageLoop;
import org.intarsia.training.trainer.Trainer;
import org.intarsia.weights.Tensor;
import org.intarsia.weights.Weights;

/**
 * The stages of a recipe with all that they stand on: the files of the model beside its weights, which are written where
 * they are not there yet, its components, fresh weights, and samples.
 */
final class Stages implements AutoCloseable {
    /** Two halves of every batch, whatever the machine: the result must not hang on the number of its cores. */
    private static final int WORKERS = 2;
    private static final int PICTURES_AT_ONCE = 8;
    private static final String CODEBOOK = "model.vqmodel.quantize.embedding.weight";
    /** Free phrasing has typing errors; a word that occurs less often is taken for one. */
    private static final int LEAST_OFTEN = 20;

    private final Recipe recipe;
    private final World world;
    private final Device device;
    private final ModelDirectory directory;
    private final SampleSource source;
    private final FreshWeights fresh;
    private final TransformerCore core;
    private final CodebookEncoder encoder;
    private final ImageDecoder decoder;
    private final Tokenizer tokenizer;
    private final BooleanSupplier cancelled;
    private final Optional<Pieces> pieces;
    private SceneCodes codes;

    /** The codes of pieces of things, and the small tables that stand for those of the model. */
    private record Pieces(PieceCodes codes, FactorTable codebook, FactoredTables tokens) {
    }

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
        this.world = World.named(recipe.world());
        this.source = new SampleSource(world, recipe.seed(), Split.TRAIN, recipe.mixture());
        if (!Files.exists(folder.resolve("tokenizer.json"))) {
            progress.accept("learning the text tokenizer from " + recipe.tokenizer().texts() + " texts");
            directory.write(recipe, layout, BytePairTrainer.train(textsAndLayouts(), recipe.tokenizer().vocabulary()),
                    KnownWords.of(texts(), world.free() > 0 ? LEAST_OFTEN : 1));
        }
        this.fresh = new FreshWeights(recipe.seed(), recipe.config().path("num_hidden_layers").asInt());
        ModelFiles files = directory.with(recipe.family(), fresh);
        this.core = factories.create(ComponentFactory.OfTransformerCore.class, files);
        this.encoder = codebook(factories.create(ComponentFactory.OfVisionEncoder.class, files));
        this.decoder = factories.create(ComponentFactory.OfImageDecoder.class, files);
        this.tokenizer = factories.create(ComponentFactory.OfTokenizer.class, files);
        this.pieces = recipe.imageTokenizer().blocks().outlines() > 0 ? Optional.empty() : Optional.of(pieces());
        pieces.ifPresent(some -> some.codebook().expect(fresh));
        pieces.ifPresent(some -> some.tokens().expect(fresh));
        if (layouts()) {
            Layout.words(world).stream().filter(word -> tokenizer.encode(word, false).length != 1).findFirst().ifPresent(word -> {
                throw new TrainingException("the layout's word \"" + word + "\" is no token of its own: give the recipe's tokenizer"
                        + " a larger vocabulary or more texts");
            });
        }
    }

    private Pieces pieces() {
        PieceCodes ofWorld = new PieceCodes(world, encoder.pixelsPerCode());
        if (encoder.codes() != ofWorld.size()) {
            throw new TrainingException("the pieces of the world " + world.name() + " have " + ofWorld.size() + " codes, but the"
                    + " recipe says " + encoder.codes() + ": set vq_config.num_embeddings to " + ofWorld.size());
        }
        int width = Math.toIntExact(fresh.get(CODEBOOK).shape().size(1));
        int vocabulary = core.geometry().vocabulary();
        int before = core.format().tokens().pictureIds()[0];
        return new Pieces(ofWorld, new FactorTable("model.vqmodel.quantize.embedding", ofWorld, width),
                new FactoredTables(ofWorld, vocabulary, before, core.geometry().hidden()));
    }

    /** Tells whether the model writes the layout of a picture before the picture. */
    private boolean layouts() {
        return recipe.generation().path("intarsia").path("picture").path("layout_tokens").asInt() > 0;
    }

    /** Returns what the text tokenizer is trained on. */
    private Stream<String> textsAndLayouts() {
        return layouts() ? source.textsAndLayouts(0).limit(recipe.tokenizer().texts()).peek(this::goOn) : texts();
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

    /** The stages in their order. Codes of pieces need no encoder: then the transformer, which takes longest, comes first. */
    List<Stage> order() {
        return pieces.isPresent() ? List.of(Stage.CORE, Stage.IMAGE_TOKENIZER, Stage.IMAGE_DECODER) : List.of(Stage.values());
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
        pieces.ifPresent(some -> trained.removeAll(
                List.of(CODEBOOK, FactoredTables.EMBEDDING + ".weight", FactoredTables.HEAD + ".weight")));
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
        ImageTokenizerGraphs graphs = new ImageTokenizerGraphs(encoder, decoder,
                pieces.<Function<GraphBuilder, Node>>map(some -> some.codebook()::all).orElse(encoder::codebook));
        return new ImageTokenizerStage(trainer, graphs, new Pictures(world, encoder), sceneCodes(),
                pieces.isPresent() ? source::crowdedScenes : source::scenes, first, stage.of(recipe),
                frozen ? recipe.decoder().pixels() : recipe.imageTokenizer().pixels(), recipe.imageTokenizer().codeWeight(),
                steps, frozen);
    }

    /** Learnt when first needed: it takes seconds, and both stages of the image tokenizer need the same. */
    private SceneCodes sceneCodes() {
        if (codes == null && pieces.isPresent()) {
            PieceCodes ofPieces = pieces.get().codes();
            codes = (scene, pixels) -> ofPieces.of(scene);
        } else if (codes == null) {
            Recipe.BlockPart part = recipe.imageTokenizer().blocks();
            Pictures pictures = new Pictures(world, encoder);
            BlockCodes blocks = new BlockCodes(() -> source.scenes(0).limit(part.scenes()).peek(this::goOn)
                    .map(scene -> pictures.pixels(List.of(scene))),
                    encoder.height(), encoder.width(), encoder.pixelsPerCode(), part.colours(), part.outlines(),
                    encoder.codes());
            codes = (scene, pixels) -> blocks.of(pixels);
        }
        return codes;
    }

    private CoreStage core(Trainer trainer, int steps) {
        int places = encoder.height() * encoder.width() / (encoder.pixelsPerCode() * encoder.pixelsPerCode());
        StreamWriter writer = new StreamWriter(tokenizer, core.format().tokens(), places, recipe.core(), recipe.seed(), layouts());
        return new CoreStage(trainer, core, pieces.<TokenTables>map(Pieces::tokens).orElseGet(() -> TokenTables.plain(core)),
                codes(trainer), writer, new Lessons(recipe.core().lessons(), world, recipe.seed()), recipe.core(), steps);
    }

    /** The codes of pictures, by the encoder where only it knows them. */
    private CoreStage.Codes codes(Trainer trainer) {
        if (pieces.isPresent()) {
            PieceCodes ofPieces = pieces.get().codes();
            return (scenes, worker) -> scenes.stream().map(ofPieces::of).toList();
        }
        Pictures pictures = new Pictures(world, encoder);
        List<Plan> encode = IntStream.range(0, trainer.workers())
                .mapToObj(worker -> trainer.compileForward(ImageTokenizerGraphs.encode(encoder, PICTURES_AT_ONCE))).toList();
        return (scenes, worker) -> pictures.codes(scenes, encode.get(worker), PICTURES_AT_ONCE);
    }

    /** Puts whole tables into the place of the small ones that stand for them in training. */
    Weights whole(Weights trained) {
        if (pieces.isEmpty()) {
            return trained;
        }
        Map<String, Tensor> tensors = new TreeMap<>();
        trained.names().forEach(name -> tensors.put(name, trained.get(name)));
        FactorTable codebook = pieces.get().codebook();
        FactoredTables tokens = pieces.get().tokens();
        tensors.put(CODEBOOK, Tensor.of(CODEBOOK, trained.get(CODEBOOK).shape(), codebook.rows(trained)));
        tokens.dense(trained).forEach(table -> tensors.put(table.name(), table));
        Stream.concat(codebook.names().stream(), tokens.names().stream()).forEach(tensors::remove);
        return Weights.of(tensors.values());
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
