package org.intarsia.training;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.intarsia.backend.api.Backend;
import org.intarsia.backend.api.Device;
import org.intarsia.model.api.ComponentFactory;
import org.intarsia.model.api.ModelFamily;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.api.ModelLayout;
import org.intarsia.training.api.Training;
import org.intarsia.training.api.TrainingException;
import org.intarsia.training.api.TrainingListener;
import org.intarsia.training.recipe.Recipe;
import org.intarsia.training.trainer.Places;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * The training service: finds recipe, backend and component factories, and hands them to a {@link TrainingRun}
 * or a {@link Measurement}.
 */
@Component(service = Training.class)
public final class PicturebookTraining implements Training, Stages.Factories {
    private static final List<String> RECIPES = List.of("picturebook", "wide");

    private final List<Backend> backends = new CopyOnWriteArrayList<>();
    private final List<ComponentFactory<?>> factories = new CopyOnWriteArrayList<>();
    private final List<ModelFamily> families = new CopyOnWriteArrayList<>();

    @Override
    public List<String> recipes() {
        return RECIPES;
    }

    @Override
    public void train(Options options, TrainingListener listener) {
        Recipe recipe = recipe(options.recipe());
        Path out = Places.folder(options.out(), options.resume());
        try (Device device = Places.open(backends, options.where())) {
            new TrainingRun(recipe, out, options.steps(), device, this, listener).run();
        }
    }

    @Override
    public List<Rate> measure(String recipe, Where where, Duration each, Consumer<String> progress) {
        Recipe parsed = recipe(recipe);
        try (Device device = Places.open(backends, where)) {
            return Measurement.run(parsed, device, this, each, progress);
        }
    }

    /** The component that the first fitting factory makes. */
    @Override
    public <C, F extends ComponentFactory<C>> C create(Class<F> kind, ModelFiles files) {
        return factories.stream().filter(kind::isInstance).map(kind::cast)
                .filter(factory -> factory.refuses(files).isEmpty()).findFirst()
                .orElseThrow(() -> new TrainingException("no " + kind.getSimpleName().substring("Of".length())
                        + " for models of the family " + files.family() + " is installed: start its bundle"))
                .create(files);
    }

    @Override
    public ModelLayout layout(String family) {
        return families.stream().filter(known -> known.name().equals(family)).findFirst()
                .orElseThrow(() -> new TrainingException("no model family " + family + " is installed, which the recipe names as"
                        + " model_type: install or start the bundle that has it"))
                .layout().orElseThrow(() -> new TrainingException("the model family " + family + " does not say how a new model is"
                        + " written down; take a recipe of another one: " + families.stream()
                                .filter(known -> known.layout().isPresent()).map(ModelFamily::name).sorted().toList()));
    }

    private static Recipe recipe(String name) {
        try {
            if (!RECIPES.contains(name)) {
                Path file = Path.of(name);
                if (!Files.isReadable(file)) {
                    throw new TrainingException("there is no recipe '" + name + "': give a JSON file, or one of " + RECIPES);
                }
                return Recipe.parse(name, Files.readString(file));
            }
            try (InputStream stream = PicturebookTraining.class.getResourceAsStream("/recipes/" + name + ".json")) {
                return Recipe.parse(name, new String(stream.readAllBytes(), StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("recipe " + name + " cannot be read", e);
        }
    }

    @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE)
    void addBackend(Backend backend) {
        backends.add(backend);
    }

    void removeBackend(Backend backend) {
        backends.remove(backend);
    }

    @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE)
    void addFamilies(ModelFamily family) {
        families.add(family);
    }

    void removeFamilies(ModelFamily family) {
        families.remove(family);
    }

    @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE)
    void addTokenizers(ComponentFactory.OfTokenizer factory) {
        factories.add(factory);
    }

    void removeTokenizers(ComponentFactory.OfTokenizer factory) {
        factories.remove(factory);
    }

    @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE)
    void addVisionEncoders(ComponentFactory.OfVisionEncoder factory) {
        factories.add(factory);
    }

    void removeVisionEncoders(ComponentFactory.OfVisionEncoder factory) {
        factories.remove(factory);
    }

    @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE)
    void addTransformerCores(ComponentFactory.OfTransformerCore factory) {
        factories.add(factory);
    }

    void removeTransformerCores(ComponentFactory.OfTransformerCore factory) {
        factories.remove(factory);
    }

    @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE)
    void addImageDecoders(ComponentFactory.OfImageDecoder factory) {
        factories.add(factory);
    }

    void removeImageDecoders(ComponentFactory.OfImageDecoder factory) {
        factories.remove(factory);
    }
}
