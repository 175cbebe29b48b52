package org.intarsia.engine.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.intarsia.engine.api.ChatTemplate;
import org.intarsia.engine.files.Adapters;
import org.intarsia.engine.files.ChatTemplateFiles;
import org.intarsia.engine.files.KnownWords;
import org.intarsia.engine.files.ModelDefaults;
import org.intarsia.engine.files.Unfollowed;
import org.intarsia.engine.registry.MissingComponentException;
import org.intarsia.engine.registry.Registry;
import org.intarsia.model.adapters.AdaptedWeights;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.ModelFamily;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.weights.Weights;

/**
 * The files of a model as its family presents them to components, and what follows from them alone. It is made when it is
 * first asked for, by the family that is there then. Use it inside {@link Registry#using}; safe for use by several threads
 * there.
 */
public final class Presentation implements AutoCloseable {
    private final Registry registry;
    private final ModelFiles published;
    private final String model;
    private final Adapters adapters;
    private Registry.Offer<ModelFamily> family;
    /** Without adapters. */
    private ModelFiles base;
    private ModelFiles files;
    private Optional<AdaptedWeights> adapted = Optional.empty();
    private Weights weights;
    private ModelDefaults defaults;
    private KnownWords words;
    /** Null until it is asked for. */
    private Optional<ChatTemplate> chatTemplate;

    /** Presents a model without adapters. */
    public Presentation(Registry registry, ModelFiles published, String model) {
        this(registry, published, model, Adapters.NONE);
    }

    /** @param adapters are laid over the weights; they stay open when this is closed */
    Presentation(Registry registry, ModelFiles published, String model, Adapters adapters) {
        this.adapters = adapters;
        this.registry = registry;
        this.published = published;
        this.model = model;
    }

    private void present() {
        if (base == null) {
            Registry.Offer<ModelFamily> found = registry.family(published, model);
            base = found.service().present(published);
            family = found;
        }
        if (files == null) {
            adapted = adapters.over(base, family.service(), published);
            files = adapted.<ModelFiles>map(base::with).orElse(base);
        }
    }

    /** Returns the files without adapters. */
    public synchronized ModelFiles base() {
        present();
        return base;
    }

    /** Returns the presented name of a tensor of the reference's model. */
    public synchronized String presentedName(String name) {
        present();
        return family.service().presentedName(name);
    }

    /** Returns the name in the reference's model of a presented tensor. */
    public synchronized String referenceName(String name) {
        present();
        return family.service().referenceName(name);
    }

    /** Returns the weights with adapters over them; empty for a model without adapters. */
    synchronized Optional<AdaptedWeights> adapted() {
        present();
        return adapted;
    }

    /** Returns the files for one component. Weights with adapters are its own, since they remember which adapters it takes. */
    synchronized ModelFiles forComponent() {
        present();
        return adapted.map(AdaptedWeights::fresh).<ModelFiles>map(base::with).orElse(files);
    }

    /**
     * The files.
     *
     * @throws MissingComponentException where no family that is there takes the model; the sentence says what would help
     */
    public synchronized ModelFiles files() {
        present();
        return files;
    }

    /** Returns the weights, which stay open until this is closed. */
    public synchronized Weights weights() {
        if (weights == null) {
            weights = files().weights();
        }
        return weights;
    }

    /** The weights, if somebody has asked for them. */
    synchronized Optional<Weights> asked() {
        return Optional.ofNullable(weights);
    }

    /** Returns the sampling and limits that the files ask for. */
    public synchronized ModelDefaults defaults() {
        if (defaults == null) {
            present();
            defaults = new ModelDefaults(files, family.service());
        }
        return defaults;
    }

    /** Returns the words that the model cannot know. */
    public synchronized KnownWords words() {
        if (words == null) {
            words = new KnownWords(files());
        }
        return words;
    }

    /** Returns the chat template that the files bring. */
    public synchronized Optional<ChatTemplate> chatTemplate() {
        if (chatTemplate == null) {
            chatTemplate = ChatTemplateFiles.read(files());
        }
        return chatTemplate;
    }

    /** Returns one line for the user about what the files ask for and nothing here follows; empty where all is followed. */
    public synchronized Optional<String> notFollowed() {
        present();
        List<String> clauses = new ArrayList<>(family.service().notFollowed(published));
        clauses.addAll(Unfollowed.in(published, family.service().picture().isPresent()));
        clauses.addAll(adapters.notFollowed());
        return clauses.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", clauses)
                + (clauses.size() > 1 ? ": none of this is followed" : ", which is not followed"));
    }

    /** Whether that family presents the files. */
    synchronized boolean uses(Object service) {
        return family != null && family.service() == service;
    }

    /** Whether another family would present them now. */
    synchronized boolean isOutdated() {
        return family != null && registry.families().stream().filter(offer -> offer.service().refuses(published).isEmpty())
                .findFirst().filter(best -> best.service() != family.service()).isPresent();
    }

    /** Closes what was opened for it; the published files stay open. */
    @Override
    public synchronized void close() {
        if (base != published && base instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Exception e) {
                throw new ModelException("the files of model " + model + " cannot be closed: " + e.getMessage(), e);
            }
        }
        base = null;
        files = null;
        adapted = Optional.empty();
        weights = null;
        family = null;
        defaults = null;
        words = null;
        chatTemplate = null;
    }
}
