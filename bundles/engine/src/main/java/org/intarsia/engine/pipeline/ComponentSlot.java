package org.intarsia.engine.pipeline;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.intarsia.engine.api.InUse;
import org.intarsia.engine.registry.Kind;
import org.intarsia.engine.registry.MissingComponentException;
import org.intarsia.engine.registry.RefusedModelException;
import org.intarsia.engine.registry.Registry;
import org.intarsia.model.adapters.AdaptedWeights;
import org.intarsia.model.api.ComponentFactory;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.blocks.Family;
import org.intarsia.weights.Weights;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The place of one kind of component in a choice of components: filled when first needed, by the best factory that is there
 * then. Use it inside {@link Registry#using}.
 *
 * @param <C> the component
 */
final class ComponentSlot<C> {
    private static final Logger LOGGER = LoggerFactory.getLogger(ComponentSlot.class);

    private final Kind kind;
    private final Registry registry;
    private final Presentation presentation;
    private final String model;
    private final BiConsumer<Kind, Registry.Offer<?>> filled;
    private Registry.Offer<ComponentFactory<?>> taken;
    private C component;
    /** The files that the component was made from. */
    private ModelFiles given;

    /** @param filled is told which factory has made the component */
    ComponentSlot(Kind kind, Registry registry, Presentation presentation, String model, BiConsumer<Kind, Registry.Offer<?>> filled) {
        this.filled = filled;
        this.kind = kind;
        this.registry = registry;
        this.presentation = presentation;
        this.model = model;
    }

    /**
     * The component.
     *
     * @throws MissingComponentException when there is no factory, or one has left; the sentence says which bundle would help
     * @throws RefusedModelException     when factories are there but all refuse the model; the sentence says why
     */
    synchronized C get() {
        if (component == null) {
            fill();
        }
        return component;
    }

    @SuppressWarnings("unchecked") // a factory of this kind makes components of this kind: Kind pairs them
    private void fill() {
        Registry.Offer<ComponentFactory<?>> best = best().orElseThrow(this::missing);
        given = presentation.forComponent();
        component = (C) best.service().create(given);
        taken = best;
        filled.accept(kind, best);
    }

    /**
     * Makes another component with other weights; the place stays as it is.
     *
     * @throws RefusedModelException as {@link #get}
     */
    @SuppressWarnings("unchecked") // as for the place itself
    C make(Weights weights) {
        return (C) best().orElseThrow(this::missing).service().create(presentation.base().with(weights));
    }

    private Optional<Registry.Offer<ComponentFactory<?>>> best() {
        ModelFiles files = presentation.files();
        return registry.factories(kind).stream().filter(offer -> offer.service().refuses(files).isEmpty()).findFirst();
    }

    /** Tells whether there is a factory that can fill the place, or one has left: who needs it waits for it. */
    synchronized boolean canBeFilled() {
        return component != null || best().isPresent() || registry.hasLeft(kind).isPresent();
    }

    private RefusedModelException missing() {
        ModelFiles files = presentation.files();
        Map<String, String> reasons = new LinkedHashMap<>();
        registry.factories(kind).stream().map(Registry.Offer::service)
                .forEach(factory -> factory.refuses(files).ifPresent(reason -> reasons.put(factory.name(), reason)));
        String refusal = Family.refusal(files, reasons);
        Optional<String> left = registry.hasLeft(kind);
        String sentence = "no " + kind + " can serve model " + model
                + left.map(clause -> ", since " + clause + " and has not come back").orElse("") + ": " + (reasons.isEmpty()
                        ? "start or install the bundle " + kind.bundle()
                        : refusal + (refusal.contains(" says: ") ? "; mend that or" : "; take another model, or")
                                + " install another " + kind);
        return reasons.isEmpty() || left.isPresent() ? new MissingComponentException(sentence, left)
                : new RefusedModelException(sentence);
    }

    /** The names of weights whose adapters the component has taken. */
    synchronized Set<String> adapted() {
        return given != null && given.weights() instanceof AdaptedWeights adapted ? adapted.taken() : Set.of();
    }

    /** Whether the place is filled, and would be filled by another factory now that is there. */
    synchronized boolean isOutdated() {
        return taken != null && best().filter(offer -> offer.service() != taken.service()).isPresent();
    }

    /** Tells whether the place is filled by just the factory that would fill it now. */
    synchronized boolean isUpToDate() {
        return taken != null && best().filter(offer -> offer.service() == taken.service()).isPresent();
    }

    /** Whether a component of that factory is in use. */
    synchronized boolean uses(Object candidate) {
        return taken != null && taken.service() == candidate;
    }

    /** What is in the place; nothing where it is empty. */
    synchronized Optional<InUse.Part> part() {
        return Optional.ofNullable(taken).map(offer -> new InUse.Part(kind.toString(), offer.service().name(), offer.bundle()));
    }

    /** Empties the place; call it while nobody works with the component. */
    synchronized void drop() {
        if (component instanceof AutoCloseable closeable) {
            close(closeable);
        }
        component = null;
        given = null;
        taken = null;
    }

    private void close(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            // Others must be let go of all the same, and whoever stops the bundle can do nothing about it.
            LOGGER.warn("the {} of model {} could not be closed", kind, model, e);
        }
    }
}
