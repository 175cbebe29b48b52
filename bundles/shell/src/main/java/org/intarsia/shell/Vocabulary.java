package org.intarsia.shell;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.intarsia.backend.api.DeviceInfo;
import org.intarsia.engine.api.BackendInfo;
import org.intarsia.engine.api.ComponentInfo;
import org.intarsia.engine.api.Engine;
import org.intarsia.engine.api.ModelInfo;
import org.intarsia.shell.api.Syntax;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** The names that are there now for each kind of value. */
@Component(service = Vocabulary.class)
public final class Vocabulary {
    private final BundleContext context;
    private final Catalogue catalogue;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile Engine engine;

    @Activate
    public Vocabulary(BundleContext context, @Reference Catalogue catalogue) {
        this.context = context;
        this.catalogue = catalogue;
    }

    /** The names that an argument may take; none for files, which the shell finds itself. */
    public List<String> names(Syntax.Choice choice) {
        Engine present = engine;
        Stream<String> names = switch (choice.kind()) {
            case WORD -> choice.words().stream();
            case COMMAND -> catalogue.names().stream();
            case BUNDLE -> Arrays.stream(context.getBundles()).map(Bundle::getSymbolicName);
            case FILE -> Stream.of();
            case BACKEND, DEVICE, MODEL, PART -> present == null ? Stream.of() : names(choice.kind(), present);
        };
        return names.distinct().sorted().toList();
    }

    private static Stream<String> names(Syntax.Kind kind, Engine engine) {
        return switch (kind) {
            case BACKEND -> engine.backends().stream().map(BackendInfo::name);
            case DEVICE -> engine.backends().stream().flatMap(backend -> backend.devices().stream()).map(DeviceInfo::name);
            case MODEL -> engine.models().stream().map(ModelInfo::name);
            case PART -> Stream.concat(names(Syntax.Kind.BACKEND, engine), engine.components().stream().map(ComponentInfo::name));
            case WORD, COMMAND, BUNDLE, FILE -> throw new IllegalArgumentException(kind + " is none of the engine's");
        };
    }
}
