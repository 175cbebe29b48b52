package org.intarsia.engine.pipeline;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.intarsia.engine.api.InUse;
import org.intarsia.engine.registry.Kind;
import org.intarsia.engine.registry.Registry;
import org.intarsia.model.adapters.AdaptedWeights;
import org.intarsia.model.api.ImageDecoder;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.Tokenizer;
import org.intarsia.model.api.TransformerCore;
import org.intarsia.model.api.VisionEncoder;
import org.intarsia.text.Quoted;
import org.intarsia.weights.Weights;

/** One choice of components for an opened model, each looked for when it is needed. Use them inside {@link Registry#using}. */
public final class Components {
    private final Presentation presentation;
    private final ComponentSlot<Tokenizer> tokenizer;
    private final ComponentSlot<VisionEncoder> encoder;
    private final ComponentSlot<TransformerCore> core;
    private final ComponentSlot<ImageDecoder> decoder;
    private final String model;
    private boolean adaptersTaken;

    /**
     * One choice of components.
     *
     * @param core  is dropped by those who share it
     * @param taken is told which factory has made a component
     */
    Components(Registry registry, Presentation presentation, ComponentSlot<TransformerCore> core, String model,
            BiConsumer<Kind, Registry.Offer<?>> taken) {
        this.presentation = presentation;
        this.model = model;
        tokenizer = new ComponentSlot<>(Kind.TOKENIZER, registry, presentation, model, taken);
        encoder = new ComponentSlot<>(Kind.VISION_ENCODER, registry, presentation, model, taken);
        this.core = core;
        decoder = new ComponentSlot<>(Kind.IMAGE_DECODER, registry, presentation, model, taken);
    }

    /** Returns the files that they are made from. */
    public Presentation presentation() {
        return presentation;
    }

    /** Returns the tokenizer. */
    public Tokenizer tokenizer() {
        return tokenizer.get();
    }

    /** Returns the vision encoder. */
    public VisionEncoder encoder() {
        return encoder.get();
    }

    /** Returns the transformer, once all adapters of the model are known to be taken by it or by another component. */
    public TransformerCore core() {
        TransformerCore made = core.get();
        presentation.adapted().ifPresent(this::checkAdapters);
        return made;
    }

    /** Makes a transformer with other weights, which is the caller's. */
    public TransformerCore core(Weights weights) {
        return core.make(weights);
    }

    private synchronized void checkAdapters(AdaptedWeights weights) {
        if (adaptersTaken) {
            return;
        }
        Map<String, String> left = new TreeMap<>(weights.changed());
        left.keySet().removeAll(core.adapted());
        for (ComponentSlot<?> other : List.of(encoder, decoder)) {
            if (!left.isEmpty() && other.canBeFilled()) {
                other.get();
                left.keySet().removeAll(other.adapted());
            }
        }
        left.forEach((name, folder) -> {
            throw new ModelException("the adapter in " + folder + " changes " + Quoted.of(name) + (left.size() > 1
                    ? " and " + (left.size() - 1) + " more" : "") + ", which no layer of model " + model
                    + " takes: take the base model that it was trained for, or other components");
        });
        adaptersTaken = true;
    }

    /** Returns the image decoder. */
    public ImageDecoder decoder() {
        return decoder.get();
    }

    /** Tells whether pictures can be decoded, now or when a decoder that has left is back: some checkpoints have no decoder. */
    public boolean decoderIsThere() {
        return decoder.canBeFilled();
    }

    /** Returns the bundles of those that have been used, by kind. */
    public SortedMap<String, String> bundles() {
        SortedMap<String, String> bundles = new TreeMap<>();
        parts().forEach(part -> bundles.put(part.kind(), part.bundle()));
        return bundles;
    }

    /** Returns those that have been used. */
    public List<InUse.Part> parts() {
        return slots().stream().flatMap(slot -> slot.part().stream()).toList();
    }

    /** Whether a component of that factory is in use. */
    boolean use(Object factory) {
        return slots().stream().anyMatch(slot -> slot.uses(factory));
    }

    /** Whether one of them would be made by another factory now. */
    boolean areOutdated() {
        return slots().stream().anyMatch(ComponentSlot::isOutdated);
    }

    /** Lets go of all but the core. */
    void drop() {
        List.of(tokenizer, encoder, decoder).forEach(ComponentSlot::drop);
        synchronized (this) {
            adaptersTaken = false;
        }
    }

    private List<ComponentSlot<?>> slots() {
        return List.of(tokenizer, encoder, core, decoder);
    }
}
