package org.intarsia.engine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.intarsia.engine.api.Engine;
import org.intarsia.engine.api.Inputs;
import org.intarsia.engine.files.OpenedFiles;
import org.intarsia.engine.files.SmallFiles;
import org.intarsia.engine.pipeline.Presentation;
import org.intarsia.engine.registry.Kind;
import org.intarsia.engine.registry.Registry;
import org.intarsia.graph.Shape;
import org.intarsia.model.api.ComponentFactory;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.api.PicturePreprocessor;
import org.intarsia.model.api.Tokenizer;
import org.intarsia.model.blocks.PictureFile;
import org.intarsia.weights.Safetensors;
import org.intarsia.weights.Tensor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** What models are handed, as a service. */
@Component(service = Inputs.class)
public final class InputsService implements Inputs {
    private final Engine engine;
    private final Registry registry;
    private volatile List<ComponentFactory.OfPreprocessor> preprocessors = List.of();

    @Activate
    public InputsService(@Reference Engine engine, @Reference Registry registry) {
        this.engine = engine;
        this.registry = registry;
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    synchronized void addPreprocessors(ComponentFactory.OfPreprocessor factory) {
        List<ComponentFactory.OfPreprocessor> more = new ArrayList<>(preprocessors);
        more.add(factory);
        preprocessors = List.copyOf(more);
    }

    synchronized void removePreprocessors(ComponentFactory.OfPreprocessor factory) {
        preprocessors = preprocessors.stream().filter(other -> other != factory).toList();
    }

    @Override
    public Tokenizer tokenizer(String nameOrDirectory) {
        Path place = engine.directory(nameOrDirectory);
        if (OpenedFiles.gguf(place).isPresent()) {
            try (OpenedFiles published = OpenedFiles.open(place);
                    Presentation presentation = new Presentation(registry, published, nameOrDirectory)) {
                return makeTokenizer(presentation.files());
            }
        }
        return presented(SmallFiles.in(place), this::makeTokenizer);
    }

    @Override
    public Tokenizer tokenizer(Path file) {
        return makeTokenizer(SmallFiles.of(file, "tokenizer.json"));
    }

    private Tokenizer makeTokenizer(ModelFiles files) {
        List<ComponentFactory.OfTokenizer> factories = registry.factories(Kind.TOKENIZER).stream()
                .map(offer -> (ComponentFactory.OfTokenizer) offer.service()).toList();
        return make(factories, files, Kind.TOKENIZER.bundle());
    }

    @Override
    public PicturePreprocessor preprocessor(String nameOrDirectory) {
        return presented(SmallFiles.in(engine.directory(nameOrDirectory)),
                files -> make(preprocessors, files, Kind.VISION_ENCODER.bundle()));
    }

    @Override
    public PicturePreprocessor preprocessor(Path file) {
        return make(preprocessors, SmallFiles.ofPictureSettings(file), Kind.VISION_ENCODER.bundle());
    }

    /** Makes something of files as their family presents them; of files whose family is not known, as they are. */
    private <C> C presented(ModelFiles published, Function<ModelFiles, C> make) {
        boolean known = registry.families().stream().anyMatch(offer -> offer.service().refuses(published).isEmpty());
        if (!known) {
            return make.apply(published);
        }
        try (Presentation presentation = new Presentation(registry, published, published.directory().toString())) {
            return make.apply(presentation.files());
        }
    }

    /** What the first factory makes that does not refuse. */
    private static <C> C make(List<? extends ComponentFactory<C>> factories, ModelFiles files, String bundle) {
        List<String> refusals = new ArrayList<>();
        for (ComponentFactory<C> factory : factories) {
            Optional<String> refusal = factory.refuses(files);
            if (refusal.isEmpty()) {
                return factory.create(files);
            }
            refusals.add(refusal.get());
        }
        throw new ModelException(refusals.isEmpty() ? "start or install the bundle " + bundle + ", which this needs"
                : files.directory() + " cannot be used: " + String.join("; ", refusals));
    }

    @Override
    public List<Seen> preprocess(PicturePreprocessor preprocessor, List<Path> pictures, Turning turning, Path out) {
        Set<String> names = new HashSet<>();
        List<Seen> seen = new ArrayList<>();
        List<Tensor> tensors = new ArrayList<>();
        for (Path picture : pictures) {
            String name = picture.getFileName().toString().replaceFirst("(?<=.)\\.[^.]*$", "");
            if (!names.add(name)) {
                throw new ModelException("two of the pictures are called '" + name + "', which names their values; rename one");
            }
            Image fitted = preprocessor.fit(turning == Turning.UPRIGHT ? PictureFile.read(picture) : PictureFile.readAsStored(picture));
            int height = fitted.height();
            int width = fitted.width();
            tensors.add(Tensor.of(name + ".u8", Shape.of(height, width, 3), fitted.rgb()));
            tensors.add(Tensor.of(name + ".f32", Shape.of(3, height, width), preprocessor.pixels(fitted)));
            seen.add(new Seen(name, height, width));
        }
        Safetensors.write(out, tensors, Map.of());
        return seen;
    }
}
