package org.intarsia.engine.api;

import java.util.Optional;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.api.PromptFormat;
import org.intarsia.model.api.TransformerCore;
import org.intarsia.weights.Weights;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The parts of a model, for graphs of others' own, such as those of training. It turns text and pictures into
 * tokens as the model's generations do. Usable while the {@link Model} is open; safe for use by several threads.
 */
@ProviderType
public interface ModelParts extends PromptFormat.Source {

    /** The files as the model's family presents them, without adapters. */
    ModelFiles files();

    /**
     * Makes the model's transformer with other weights, such as its own with adapters over them.
     *
     * @param weights under the presented names
     * @throws org.intarsia.model.api.ModelException when no installed transformer core takes the model
     */
    TransformerCore core(Weights weights);

    /** The cells of the pictures that the model makes; empty where it makes none. */
    Optional<PictureGrid> grid();

    /** Returns the presented name of a tensor of the reference's model. */
    String presentedName(String name);

    /** Returns the name in the reference's model of a presented tensor. */
    String referenceName(String name);
}
