package org.intarsia.http.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.intarsia.engine.api.Engine;
import org.intarsia.engine.api.Missing;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.ModelInfo;
import org.intarsia.engine.api.Placement;
import org.intarsia.http.HttpException;
import org.intarsia.http.Models;
import org.intarsia.model.api.ModelException;
import org.intarsia.text.Quoted;
import org.intarsia.weights.WeightsException;

/**
 * Opens models. One that was opened once stays open until the server stops, or its bundle is another: to open it again would
 * cost each request the time of the first.
 */
final class ServedModels implements Models, AutoCloseable {
    private final Engine engine;
    private final Settings settings;
    private final Placement placement;
    private final Map<String, Kept> kept = new HashMap<>();
    /** The names of models that were installed at some time: those that have left are not unknown. */
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    /**
     * A model that is kept open.
     *
     * @param bundle the bundle that holds it, with its version; empty for a directory
     */
    private record Kept(String bundle, Model model) {
    }

    ServedModels(Engine engine, Settings settings) {
        this.engine = engine;
        this.settings = settings;
        this.placement = Placement.ANYWHERE.over(settings.layerHosts());
        engine.models().forEach(model -> known.add(model.name()));
    }

    @Override
    public Opened open(String name) {
        String target = target(name);
        Model model;
        try {
            model = engine.open(target, placement);
        } catch (ModelException e) {
            if (!(e instanceof Missing) && !engine.isInstalled(target) && !settings.models().contains(target)) {
                throw unknown(name == null ? target : name);
            }
            throw e;
        }
        keep(target);
        String shown = name == null || name.isBlank() ? shown(target) : name;
        return new Opened() {
            @Override
            public String name() {
                return shown;
            }

            @Override
            public Model model() {
                return model;
            }

            @Override
            public void close() {
                model.close();
            }
        };
    }

    private synchronized void keep(String target) {
        List<ModelInfo> installed = engine.models();
        installed.forEach(model -> known.add(model.name()));
        String bundle = installed.stream().filter(model -> model.name().equals(target)).map(ModelInfo::bundle).findFirst().orElse("");
        Kept before = kept.get(target);
        if (before == null || !before.bundle().equals(bundle)) {
            kept.put(target, new Kept(bundle, engine.open(target, placement)));
            if (before != null) {
                before.model().close();
            }
        }
    }

    /** Returns what the engine opens for a name that a client sent. */
    private String target(String name) {
        if (name == null || name.isBlank()) {
            return defaultModel();
        }
        if (engine.isInstalled(name)) {
            return name;
        }
        Optional<String> further = further(name);
        if (further.isPresent()) {
            return further.get();
        }
        String alias = settings.aliases().get(name);
        if (alias != null) {
            return meant(alias);
        }
        if (known.contains(name)) {
            return name;
        }
        throw unknown(name);
    }

    /** Returns the further model that is shown under a name. */
    private Optional<String> further(String name) {
        return settings.models().stream().filter(model -> shown(model).equals(name)).findFirst();
    }

    /** Returns the model that an alias means: the default model, one that is served, or a directory. */
    private String meant(String alias) {
        if (alias.isEmpty()) {
            return defaultModel();
        }
        return engine.isInstalled(alias) ? alias : further(alias).orElse(alias);
    }

    /** Tells in a sentence which of the settings' models is not there, or cannot be told from another; empty where all can be served. */
    Optional<String> fault() {
        List<String> targets = new ArrayList<>(settings.models());
        settings.aliases().values().stream().filter(alias -> !alias.isEmpty()).map(this::meant).forEach(targets::add);
        Map<String, String> names = new HashMap<>();
        for (String target : targets) {
            try {
                engine.open(target, placement).close();
            } catch (ModelException | WeightsException e) {
                return Optional.of(Quoted.line(e.getMessage()));
            }
            String other = names.putIfAbsent(shown(target), target);
            if (other != null && !other.equals(target)) {
                return Optional.of("models " + Quoted.of(other) + " and " + Quoted.of(target) + " would have the same name for clients, "
                        + Quoted.of(shown(target)) + ": rename one of the directories");
            }
        }
        return Optional.empty();
    }

    private static HttpException unknown(String name) {
        return HttpException.refused(404, "model_not_found", "there is no model " + Quoted.of(name) + "; GET /v1/models lists those"
                + " that there are");
    }

    private String defaultModel() {
        return settings.models().isEmpty() ? Engine.DEFAULT_MODEL : settings.models().getFirst();
    }

    /** Returns the name of an installed model, and that of a directory without the path to it, which is nobody's concern. */
    private String shown(String target) {
        return engine.isInstalled(target) || Path.of(target).getFileName() == null ? target : Path.of(target).getFileName().toString();
    }

    @Override
    public List<Served> list() {
        Map<String, Served> served = new LinkedHashMap<>();
        List<String> targets = new ArrayList<>();
        engine.models().stream().map(ModelInfo::name).forEach(targets::add);
        known.addAll(targets);
        targets.addAll(settings.models());
        for (String target : targets) {
            served.putIfAbsent(shown(target), new Served(shown(target), shown(target), created(target)));
        }
        settings.aliases().forEach((alias, target) -> {
            String model = meant(target);
            if (served.containsKey(shown(model))) {
                served.putIfAbsent(alias, new Served(alias, shown(model), served.get(shown(model)).created()));
            }
        });
        return List.copyOf(served.values());
    }

    private long created(String target) {
        try {
            return Files.getLastModifiedTime(engine.directory(target)).toMillis() / 1000;
        } catch (ModelException | IOException e) {
            // It has left meanwhile, or cannot be read: its age is then the least of the worries.
            return 0;
        }
    }

    @Override
    public synchronized void close() {
        kept.values().forEach(each -> each.model().close());
        kept.clear();
    }
}
