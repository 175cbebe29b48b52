package org.intarsia.engine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.intarsia.engine.api.AdapterChoice;
import org.intarsia.engine.api.Engine;
import org.intarsia.engine.api.Merger;
import org.intarsia.engine.api.Origin;
import org.intarsia.engine.files.AdapterFolder;
import org.intarsia.engine.files.GgufFile;
import org.intarsia.engine.files.OpenedFiles;
import org.intarsia.engine.registry.Registry;
import org.intarsia.graph.Encoding;
import org.intarsia.model.adapters.AdaptedWeights;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.ModelFamily;
import org.intarsia.text.Quoted;
import org.intarsia.weights.Weights;
import org.intarsia.weights.tool.Merge;
import org.intarsia.weights.tool.ProgressListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The merger as a service. */
@Component(service = Merger.class)
public final class MergeService implements Merger {
    private final Engine engine;
    private final Registry registry;

    @Activate
    public MergeService(@Reference Engine engine, @Reference Registry registry) {
        this.engine = engine;
        this.registry = registry;
    }

    @Override
    public Merge merge(String nameOrDirectory, List<AdapterChoice> adapters, Path out, Optional<Encoding> encoding,
            ProgressListener listener) {
        List<AdapterChoice> all = new ArrayList<>();
        if (!engine.isInstalled(nameOrDirectory)) {
            AdapterFolder.find(nameOrDirectory).map(AdapterFolder::choice).ifPresent(all::add);
        }
        all.addAll(adapters);
        if (all.isEmpty()) {
            throw new ModelException("no adapter is named that could be merged into " + nameOrDirectory);
        }
        Path directory = engine.directory(nameOrDirectory);
        try (OpenedFiles published = OpenedFiles.open(directory, all)) {
            if (published instanceof GgufFile) {
                throw new ModelException("adapters cannot be merged into the GGUF file " + directory
                        + ": merge them into the checkpoint that it was made from, then convert that");
            }
            ModelFamily family = registry.using(Registry.OLDEST, () -> registry.family(published, nameOrDirectory).service());
            AdaptedWeights weights = published.adapters().over(published.weights(), published(family, published.weights()));
            Set<String> absent = new TreeSet<>(weights.changed().keySet());
            absent.removeAll(published.weights().names());
            if (!absent.isEmpty()) {
                throw new ModelException("the adapter in " + weights.changed().get(absent.iterator().next()) + " changes "
                        + absent.stream().limit(5).map(Quoted::of).collect(Collectors.joining(", "))
                        + ", which the checkpoint in " + directory + " does not store: it cannot be merged; use it with --adapter");
            }
            return Merge.of(directory, weights, published.weights().names(), published.adapters().origins().stream()
                    .map(Origin.Adapted::told).collect(Collectors.joining(", ")), out, encoding, listener);
        }
    }

    /** Gives for a presented name the published one; a name that is not there stays. */
    private static UnaryOperator<String> published(ModelFamily family, Weights weights) {
        Map<String, String> names = new HashMap<>();
        weights.names().forEach(name -> names.put(family.presentedName(name), name));
        return reference -> names.getOrDefault(family.presentedName(reference), reference);
    }
}
