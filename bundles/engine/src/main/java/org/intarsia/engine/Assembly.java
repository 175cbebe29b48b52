package org.intarsia.engine;

/**
 * One choice of components for an opened model, with the plans made of them. A generation keeps the one that it began
 * with. Use it inside {@link Registry#using}; {@link Assemblies} counts who holds it.
 */
final class Assembly {
    private final Components components;
    private final Pictures pictures;
    private final Steppers steppers;
    private final StreamLayout layout;
    private final Tracer tracer;

    Assembly(Components components, Compute compute, String model) {
        this.components = components;
        pictures = new Pictures(components, compute, model);
        steppers = new Steppers(components, compute);
        layout = new StreamLayout(components, pictures);
        tracer = new Tracer(components, compute, steppers, model);
    }

    Components components() {
        return components;
    }

    Pictures pictures() {
        return pictures;
    }

    Steppers steppers() {
        return steppers;
    }

    StreamLayout layout() {
        return layout;
    }

    Tracer tracer() {
        return tracer;
    }

    Preferences preferences() {
        return components.presentation().preferences();
    }

    /** Closes the plans, which are quickly made again; the components stay. */
    void dropPlans() {
        steppers.drop();
        pictures.drop();
    }

    /** Closes everything. */
    void close() {
        dropPlans();
        components.drop();
    }
}
