package org.intarsia.engine.files;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.intarsia.engine.api.AdapterChoice;
import org.intarsia.engine.api.Origin;
import org.intarsia.model.adapters.AdaptedWeights;
import org.intarsia.model.adapters.Adapter;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.ModelFamily;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.text.Quoted;
import org.intarsia.weights.Weights;

/** The adapters that a model was opened with, mapped until they are closed. Safe for use by several threads. */
public final class Adapters implements AutoCloseable {
    /** Names of the table of embeddings and of the matrix of scores, in all layouts of transformers. */
    private static final String EMBEDDINGS = "embed_tokens.weight";
    private static final String SCORES = "lm_head.weight";

    /** The adapters of a model without any. */
    public static final Adapters NONE = new Adapters(List.of());

    private final List<AdaptedWeights.Weighted> opened = new ArrayList<>();

    /**
     * Opens adapters.
     *
     * @throws ModelException                        when a folder holds none, or one that is not supported
     * @throws org.intarsia.weights.WeightsException when its tensors are missing or broken
     */
    Adapters(List<AdapterChoice> choices) {
        boolean sound = false;
        try {
            for (AdapterChoice choice : choices) {
                if (!Files.isDirectory(choice.folder())) {
                    throw new ModelException("there is no adapter " + choice.folder() + ": name a folder with " + Adapter.CONFIG);
                }
                opened.add(new AdaptedWeights.Weighted(Adapter.open(choice.folder()), choice.weight()));
            }
            sound = true;
        } finally {
            if (!sound) {
                close();
            }
        }
    }

    /**
     * Lays the adapters over a model's weights; nothing where there are none.
     *
     * @param published names the layout of the weights
     * @throws ModelException when an adapter does not fit the model
     */
    public Optional<AdaptedWeights> over(ModelFiles presented, ModelFamily family, ModelFiles published) {
        if (opened.isEmpty()) {
            return Optional.empty();
        }
        Weights base = presented.weights();
        opened.stream().map(AdaptedWeights.Weighted::adapter).filter(adapter -> !adapter.replaced().isEmpty()).forEach(adapter -> {
            if (published instanceof GgufFile) {
                throw new ModelException("the adapter in " + adapter.folder() + " replaces tensors (modules_to_save), which is not"
                        + " supported over a GGUF file: take the checkpoint in safetensors as the base model");
            }
            boolean scores = base.names().stream().anyMatch(name -> name.endsWith(SCORES))
                    || adapter.replaced().keySet().stream().anyMatch(name -> name.endsWith(SCORES));
            adapter.replaced().keySet().stream().filter(name -> name.endsWith(EMBEDDINGS) && !scores).findFirst().ifPresent(name -> {
                throw new ModelException("the adapter in " + adapter.folder() + " replaces the tensor " + Quoted.of(name)
                        + ", which the base model also uses as its matrix of scores; such an adapter is not supported");
            });
        });
        return Optional.of(over(base, family::presentedName));
    }

    /**
     * Lays the adapters over weights.
     *
     * @param names gives for a tensor's name in the reference's model the one that it has in these weights
     */
    public AdaptedWeights over(Weights weights, UnaryOperator<String> names) {
        return new AdaptedWeights(weights, opened, names);
    }

    /** Returns the entries for records of answers. Reads the tensors, the first time. */
    public List<Origin.Adapted> origins() {
        return opened.stream().map(each -> new Origin.Adapted(each.adapter().name(), each.weight(), each.adapter().hash())).toList();
    }

    /** Returns a clause for each adapter whose configuration asks for what nothing here follows; the clause names it. */
    public List<String> notFollowed() {
        return opened.stream().map(AdaptedWeights.Weighted::adapter).map(Adapter::notFollowed).flatMap(Optional::stream).toList();
    }

    @Override
    public void close() {
        opened.forEach(each -> each.adapter().close());
    }
}
