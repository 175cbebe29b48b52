package org.intarsia.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.intarsia.backend.api.Backend;
import org.intarsia.engine.api.BackendInfo;
import org.intarsia.engine.api.ComponentInfo;
import org.intarsia.engine.api.Engine;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.ModelInfo;
import org.intarsia.engine.api.Placement;
import org.intarsia.model.api.ModelException;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** The engine as a service: it knows the open models. */
@Component(service = Engine.class)
public final class EngineService implements Engine {
    private final Registry registry;
    private final ModelBundles bundles;
    private final Map<Key, Holding> open = new HashMap<>();

    /** What makes two openings the same. */
    private record Key(Path directory, Placement placement) {
    }

    /** An open model and how many hold it. */
    private static final class Holding {
        private final OpenModel model;
        private int holders;

        Holding(OpenModel model) {
            this.model = model;
        }
    }

    /** Made by Declarative Services. */
    @Activate
    public EngineService(BundleContext context, @Reference Registry registry) {
        this(new ModelBundles(context), registry);
    }

    EngineService(ModelBundles bundles, Registry registry) {
        this.bundles = bundles;
        this.registry = registry;
    }

    /** Called by Declarative Services: closes what is still open. */
    @Deactivate
    public synchronized void stop() {
        open.values().forEach(holding -> holding.model.close());
        open.clear();
    }

    @Override
    public List<ModelInfo> models() {
        List<ModelInfo> models = new ArrayList<>();
        bundles.byName().forEach((name, bundle) -> models.add(new ModelInfo(name,
                bundle.getSymbolicName() + " " + bundle.getVersion(), bundles.bytes(bundle), name.equals(DEFAULT_MODEL),
                holders(name))));
        return models;
    }

    @Override
    public Model open(String nameOrDirectory, Placement placement) {
        Map<String, Bundle> installed = bundles.byName();
        Bundle bundle = installed.get(nameOrDirectory);
        Path directory = bundle != null
                ? bundles.directory(bundle)
                : directory(nameOrDirectory).orElseThrow(() -> new ModelException("there is no model " + nameOrDirectory
                        + ": it is neither a directory nor an installed model; installed are: "
                        + (installed.isEmpty() ? "none" : String.join(", ", installed.keySet()))));
        String name = bundle != null ? nameOrDirectory : directory.getFileName().toString();
        return share(name, directory, placement);
    }

    @Override
    public void useBackend(String name) {
        List<OpenModel> models = openModels();
        boolean moved = registry.alone(() -> {
            registry.prefer(name);
            models.forEach(OpenModel::move);
        });
        if (!moved) {
            throw new IllegalStateException("the backend cannot be changed from within a step that runs on it");
        }
    }

    private synchronized List<OpenModel> openModels() {
        return open.values().stream().map(holding -> holding.model).toList();
    }

    @Override
    public List<ComponentInfo> components() {
        List<ComponentInfo> components = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            registry.factories(kind).forEach(offer -> components.add(new ComponentInfo(kind.toString(),
                    offer.service().name(), offer.bundle(), users(offer.service()))));
        }
        return components;
    }

    @Override
    public List<BackendInfo> backends() {
        return registry.backends().stream().map(offer -> {
            Backend backend = offer.service();
            return new BackendInfo(backend.name(), offer.bundle(), backend.devices(), backend.unavailable(),
                    users(backend));
        }).toList();
    }

    private synchronized Model share(String name, Path directory, Placement placement) {
        Key key = new Key(directory, placement);
        Holding holding = open.computeIfAbsent(key, unopened -> new Holding(compose(name, directory, placement)));
        holding.holders++;
        return new SharedModel(holding.model, () -> release(key, holding));
    }

    private OpenModel compose(String name, Path directory, Placement placement) {
        ModelDirectory files = new ModelDirectory(directory);
        boolean composed = false;
        try {
            OpenModel model = ModelModule.compose(name, placement, files, registry);
            composed = true;
            return model;
        } finally {
            if (!composed) {
                files.close();
            }
        }
    }

    private synchronized void release(Key key, Holding holding) {
        holding.holders--;
        if (holding.holders == 0 && open.remove(key, holding)) {
            holding.model.close();
        }
    }

    private static Optional<Path> directory(String path) {
        try {
            Path directory = Path.of(path);
            return Files.isDirectory(directory) ? Optional.of(directory.toRealPath()) : Optional.empty();
        } catch (InvalidPathException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new ModelException(path + " cannot be read (" + e.getMessage() + ")", e);
        }
    }

    private synchronized int holders(String name) {
        return open.values().stream().filter(holding -> holding.model.name().equals(name))
                .mapToInt(holding -> holding.holders).sum();
    }

    private synchronized List<String> users(Object service) {
        return open.values().stream().map(holding -> holding.model).filter(model -> model.uses(service))
                .map(OpenModel::name).sorted().toList();
    }
}
