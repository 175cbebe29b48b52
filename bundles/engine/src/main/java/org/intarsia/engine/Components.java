package org.intarsia.engine;

import com.google.inject.name.Named;
import jakarta.inject.Inject;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.intarsia.model.api.ImageDecoder;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.api.Tokenizer;
import org.intarsia.model.api.TransformerCore;
import org.intarsia.model.api.VisionEncoder;

/** The components of an opened model, each looked for when it is needed. Use them inside {@link Registry#using}. */
final class Components {
    private final ComponentSlot<Tokenizer> tokenizer;
    private final ComponentSlot<VisionEncoder> encoder;
    private final ComponentSlot<TransformerCore> core;
    private final ComponentSlot<ImageDecoder> decoder;

    @Inject
    Components(Registry registry, ModelFiles files, @Named(ModelModule.NAME) String model) {
        tokenizer = new ComponentSlot<>(Kind.TOKENIZER, registry, files, model);
        encoder = new ComponentSlot<>(Kind.VISION_ENCODER, registry, files, model);
        core = new ComponentSlot<>(Kind.TRANSFORMER_CORE, registry, files, model);
        decoder = new ComponentSlot<>(Kind.IMAGE_DECODER, registry, files, model);
    }

    Tokenizer tokenizer() {
        return tokenizer.get();
    }

    VisionEncoder encoder() {
        return encoder.get();
    }

    TransformerCore core() {
        return core.get();
    }

    ImageDecoder decoder() {
        return decoder.get();
    }

    /** By kind, the bundles of those that have been used. */
    SortedMap<String, String> bundles() {
        SortedMap<String, String> bundles = new TreeMap<>();
        slots().forEach(slot -> slot.bundle().ifPresent(bundle -> bundles.put(slot.kind().toString(), bundle)));
        return bundles;
    }

    /** Whether a component of that factory is in use. */
    boolean use(Object factory) {
        return slots().stream().anyMatch(slot -> slot.uses(factory));
    }

    /** Lets go of the components of that factory. */
    void drop(Object factory) {
        slots().stream().filter(slot -> slot.uses(factory)).forEach(ComponentSlot::drop);
    }

    /** Lets go of all. */
    void drop() {
        slots().forEach(ComponentSlot::drop);
    }

    private List<ComponentSlot<?>> slots() {
        return List.of(tokenizer, encoder, core, decoder);
    }
}
