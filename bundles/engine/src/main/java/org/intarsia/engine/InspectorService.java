package org.intarsia.engine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.intarsia.engine.api.Inspector;
import org.intarsia.engine.files.OpenedFiles;
import org.intarsia.engine.pipeline.Presentation;
import org.intarsia.engine.registry.Kind;
import org.intarsia.engine.registry.Registry;
import org.intarsia.model.api.ComponentFactory;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.weights.WeightsException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The inspector as a service. */
@Component(service = Inspector.class)
public final class InspectorService implements Inspector {
    private final Registry registry;

    @Activate
    public InspectorService(@Reference Registry registry) {
        this.registry = registry;
    }

    @Override
    public Fit fit(Path path) {
        try (OpenedFiles published = OpenedFiles.open(path)) {
            return registry.using(Registry.OLDEST, () -> {
                try (Presentation presentation = new Presentation(registry, published, path.toString())) {
                    ModelFiles files = presentation.files();
                    return new Fit(files.family(), Arrays.stream(Kind.values()).map(kind -> part(kind, files)).toList());
                }
            });
        }
    }

    private Part part(Kind kind, ModelFiles files) {
        List<String> missing = new ArrayList<>();
        for (Registry.Offer<ComponentFactory<?>> offer : registry.factories(kind)) {
            Optional<String> complaint = complaint(offer.service(), files);
            if (complaint.isEmpty()) {
                return new Part(kind.toString(), Optional.of(offer.service().name()), Optional.of(offer.bundle()), List.of());
            }
            missing.add(offer.service().name() + ": " + complaint.get());
        }
        return new Part(kind.toString(), Optional.empty(), Optional.empty(),
                missing.isEmpty() ? List.of("start or install the bundle " + kind.bundle()) : missing);
    }

    /** Why a factory cannot make its component; only making one shows what its files lack. */
    private static Optional<String> complaint(ComponentFactory<?> factory, ModelFiles files) {
        Optional<String> refusal = factory.refuses(files);
        if (refusal.isPresent()) {
            return refusal;
        }
        Object component;
        try {
            component = factory.create(files);
        } catch (ModelException | WeightsException e) {
            return Optional.of(e.getMessage());
        }
        try {
            if (component instanceof AutoCloseable closeable) {
                closeable.close();
            }
            return Optional.empty();
        } catch (Exception e) {
            throw new ModelException("the component of " + factory.name() + " cannot be closed: " + e.getMessage(), e);
        }
    }
}
