package org.intarsia.engine;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.ProvisionException;
import com.google.inject.Scopes;
import com.google.inject.name.Names;
import org.intarsia.engine.api.Placement;
import org.intarsia.engine.files.OpenedFiles;
import org.intarsia.engine.measure.Recorder;
import org.intarsia.engine.pipeline.DeviceBinding;
import org.intarsia.engine.pipeline.HostSpread;
import org.intarsia.engine.pipeline.PipelineVersions;
import org.intarsia.engine.registry.Registry;
import org.intarsia.model.api.ModelException;

/**
 * What one opened model is composed of. Services of other bundles are not bound here: they come and go, and are asked of
 * the {@link Registry} each time.
 */
final class ModelModule extends AbstractModule {
    private final String name;
    private final Placement placement;
    private final OpenedFiles files;
    private final Registry registry;
    private final Recorder recorder;

    private ModelModule(String name, Placement placement, OpenedFiles files, Registry registry, Recorder recorder) {
        this.name = name;
        this.placement = placement;
        this.files = files;
        this.registry = registry;
        this.recorder = recorder;
    }

    /**
     * Composes a model, with an injector of its own.
     *
     * @throws ModelException when its configuration is broken
     */
    static OpenModel compose(String name, Placement placement, OpenedFiles files, Registry registry,
            Recorder recorder) {
        try {
            return Guice.createInjector(new ModelModule(name, placement, files, registry, recorder))
                    .getInstance(OpenModel.class);
        } catch (ProvisionException e) {
            // Guice wraps what a constructor throws; the sentence for the user is inside.
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    @Override
    protected void configure() {
        binder().requireAtInjectOnConstructors();
        bindConstant().annotatedWith(Names.named(PipelineVersions.MODEL)).to(name);
        bind(Placement.class).toInstance(placement);
        bind(OpenedFiles.class).toInstance(files);
        bind(Registry.class).toInstance(registry);
        bind(Recorder.class).toInstance(recorder);
        bind(PipelineVersions.class).in(Scopes.SINGLETON);
        bind(DeviceBinding.class).in(Scopes.SINGLETON);
        bind(HostSpread.class).in(Scopes.SINGLETON);
        bind(OpenModel.class).in(Scopes.SINGLETON);
    }
}
