package org.intarsia.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.intarsia.model.api.ComponentFactory;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.ModelFiles;

/**
 * The place of one kind of component in an opened model: filled when first needed, emptied when its factory leaves, and
 * filled again by whichever factory is there then. Use it inside {@link Registry#using}.
 *
 * @param <C> the component
 */
final class ComponentSlot<C> {
    private final Kind kind;
    private final Registry registry;
    private final ModelFiles files;
    private final String model;
    private Registry.Offer<ComponentFactory<?>> taken;
    private C component;

    ComponentSlot(Kind kind, Registry registry, ModelFiles files, String model) {
        this.kind = kind;
        this.registry = registry;
        this.files = files;
        this.model = model;
    }

    /**
     * The component.
     *
     * @throws MissingComponentException when no factory that is there can make it; the sentence says why and what would help
     */
    synchronized C get() {
        if (component == null) {
            fill();
        }
        return component;
    }

    @SuppressWarnings("unchecked") // a factory of this kind makes components of this kind: Kind pairs them
    private void fill() {
        List<Registry.Offer<ComponentFactory<?>>> offers = registry.factories(kind);
        List<String> reasons = new ArrayList<>();
        for (Registry.Offer<ComponentFactory<?>> offer : offers) {
            Optional<String> refusal = offer.service().refuses(files);
            if (refusal.isEmpty()) {
                component = (C) offer.service().create(files);
                taken = offer;
                return;
            }
            reasons.add(offer.service().name() + " says: " + refusal.get());
        }
        throw new MissingComponentException("no " + kind + " can serve model " + model + (offers.isEmpty()
                ? ": start or install the bundle " + kind.bundle()
                : ", " + String.join(", ", reasons) + "; mend that or install another " + kind), registry.hasLeft(kind));
    }

    /** Whether a component of that factory is in use. */
    synchronized boolean uses(Object candidate) {
        return taken != null && taken.service() == candidate;
    }

    /** The bundle that the component comes from; nothing where the place is empty. */
    synchronized Optional<String> bundle() {
        return Optional.ofNullable(taken).map(Registry.Offer::bundle);
    }

    Kind kind() {
        return kind;
    }

    /** Empties the place; call it while nobody works with the component. */
    synchronized void drop() {
        if (component instanceof AutoCloseable closeable) {
            close(closeable);
        }
        component = null;
        taken = null;
    }

    private void close(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            throw new ModelException("the " + kind + " of model " + model + " cannot be closed: " + e.getMessage(), e);
        }
    }
}
