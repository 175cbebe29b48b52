package org.intarsia.model.api;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * What is known of a family of models: which checkpoints belong to it, and how they differ from the layout that the factories
 * of its components read. A bundle registers each family as a service, and it may come and go while models are open. Marked
 * with {@link ProvidesComponent} of the kind {@link ProvidesComponent#MODEL_FAMILY}. Safe for use by several threads.
 *
 * <p>Files are <em>published</em> as their authors made them: {@link ModelFiles#family} is then the {@code model_type} of
 * {@code config.json} or, where a single GGUF file holds all, its {@code general.architecture}; such a file gives no JSON, but
 * metadata with its weights. Files are <em>presented</em> in the layout of transformers, with its names of tensors and keys.
 */
@ConsumerType
public interface ModelFamily {

    /** The {@code model_type} of presented files, for example {@code chameleon}; unique. */
    String name();

    /** Tells why published files are none of this family's, in one clause; nothing where they are. It asks for no weights. */
    Optional<String> refuses(ModelFiles published);

    /**
     * Presents the files of a model of this family. Weights are opened, or renamed, when they are asked for: some who ask for
     * JSON have none. What is presented may be {@link AutoCloseable}, and is then closed before the published files are.
     *
     * @throws ModelException where a file that is needed beside is missing, or there is what cannot be run
     */
    ModelFiles present(ModelFiles published);

    /**
     * Returns the presented name of a tensor that has this one in published files, or in the reference's model: adapters name
     * layers so.
     */
    default String presentedName(String name) {
        return name;
    }

    /** Returns the name in the reference's model, that of transformers, of a presented tensor. */
    default String referenceName(String name) {
        return name;
    }

    /** For each published file that asks for what nothing here follows: a clause that names it. */
    List<String> notFollowed(ModelFiles published);

    /** How text is made where {@code generation_config.json} says nothing. */
    GenerationDefaults text();

    /** The same for pictures; nothing in a family that makes none. */
    Optional<GenerationDefaults> picture();

    /** How a new model of this family is written down; nothing where the family does not say. */
    default Optional<ModelLayout> layout() {
        return Optional.empty();
    }

    /**
     * What a checkpoint has beside its configuration and weights, for those who make one of random weights: a JSON object with
     * {@code tokens} (special tokens and their ids), {@code firstCode} (the id of the first picture code, where these have
     * tokens of their own), {@code begin} (the token that begins a text), and small files by their names. A text
     * {@code $PATH|OTHERWISE} stands for what {@code config.json} has there, or else that number.
     */
    default Optional<String> template() {
        return Optional.empty();
    }
}
