package org.intarsia.engine.api;

import java.nio.file.Path;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Opens models and joins the components and backends that are installed. A service; safe for use by several threads.
 */
@ProviderType
public interface Engine {

    /** The model that is meant when none is named. */
    String DEFAULT_MODEL = "picturebook";

    /** The models that installed bundles hold, by name. */
    List<ModelInfo> models();

    /** Tells whether an installed bundle holds a model of that name. */
    default boolean isInstalled(String name) {
        return models().stream().map(ModelInfo::name).anyMatch(name::equals);
    }

    /**
     * Opens a model. A model that is open already with that placement is shared: it stays open until everybody has closed
     * it. Components and the backend are looked for when they are first needed.
     *
     * @param nameOrDirectory the name of an installed model, the path of a directory in the layout of Hugging Face
     *                        checkpoints, that of a GGUF file, or that of an adapter which names its base model
     * @param placement       where it shall run
     * @throws org.intarsia.model.api.ModelException when there is no such model, or its directory lacks files; it is {@link
     *                                               Missing} where the model's bundle is only stopped or was uninstalled
     * @throws org.intarsia.weights.WeightsException when its weights are missing or broken
     */
    default Model open(String nameOrDirectory, Placement placement) {
        return open(nameOrDirectory, placement, List.of());
    }

    /**
     * Opens a model with low-rank adapters over its weights, which stay as they are and may be quantised. A folder that holds an
     * adapter alone opens the base model that it names, with it.
     *
     * @param adapters are added, in this order; the same ones with the same weights share an open model
     * @throws org.intarsia.model.api.ModelException as {@link #open(String, Placement)}, and when an adapter is broken, asks
     *     for what is not supported, or does not fit the model
     */
    Model open(String nameOrDirectory, Placement placement, List<AdapterChoice> adapters);

    /**
     * Finds the files of a model: its directory, or the GGUF file; of an adapter those of its base model.
     *
     * @param nameOrDirectory as for {@link #open}
     * @throws org.intarsia.model.api.ModelException when there is no such model
     */
    Path directory(String nameOrDirectory);

    /**
     * From now on models run on this backend unless another was named when they were opened; those that are open, too.
     * Generations move at their next token: the tokens are read again on the new device, and the generation goes on from
     * there. Returns when no model uses another backend any more.
     *
     * @throws org.intarsia.backend.api.BackendException when it is not installed or has no device; then nothing changes
     */
    void useBackend(String name);

    /**
     * From now on this factory is the first that is asked for components of its kind. Generations in flight keep what they
     * began with; new ones take a component of it, where it can serve their model.
     *
     * @param kind {@code tokenizer}, {@code vision encoder}, {@code transformer core} or {@code image decoder}
     * @param name as {@link #components} has it
     * @throws org.intarsia.model.api.ModelException when there is no such kind, or no such factory is installed
     */
    void useComponent(String kind, String name);

    /** The installed factories of components. */
    List<ComponentInfo> components();

    /** The installed families of models, by name. */
    List<FamilyInfo> families();

    /** The installed backends and their devices. */
    List<BackendInfo> backends();

    /** What open models are made of at this moment, and how many generations use it. */
    List<InUse> inUse();

    /** What the engine does and has done. */
    Metrics metrics();
}
