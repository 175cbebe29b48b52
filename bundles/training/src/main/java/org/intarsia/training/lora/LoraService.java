package org.intarsia.training.lora;

import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.intarsia.backend.api.Backend;
import org.intarsia.backend.api.Device;
import org.intarsia.engine.api.Engine;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.Placement;
import org.intarsia.training.api.LoraTraining;
import org.intarsia.training.api.Training;
import org.intarsia.training.api.TrainingException;
import org.intarsia.training.api.TrainingListener;
import org.intarsia.training.trainer.Places;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Trains adapters over models that the engine opens. */
@Component(service = LoraTraining.class)
public final class LoraService implements LoraTraining {
    private final Engine engine;
    @Reference
    private volatile List<Backend> backends;

    /** Trains on the backends that are there as services. */
    @Activate
    public LoraService(@Reference Engine engine) {
        this(engine, List.of());
    }

    LoraService(Engine engine, List<Backend> backends) {
        this.engine = engine;
        this.backends = backends;
    }

    @Override
    public Outcome train(Options options, TrainingListener listener) {
        if (!Files.exists(options.data())) {
            throw new TrainingException("there are no data '" + options.data() + "': give a folder or a file");
        }
        Places.folder(options.out(), options.resume());
        Training.Where where = options.where();
        try (Model model = engine.open(options.base(), new Placement(Optional.of(where.backend()), where.device()))) {
            if (!model.adapters().isEmpty()) {
                throw new TrainingException("the base model " + options.base() + " is an adapter: give its own base model, and the"
                        + " adapter to start from beside it");
            }
            String base = engine.isInstalled(options.base()) ? options.base() : model.directory().toString();
            try (Device device = Places.open(backends, where)) {
                return new LoraRun(options, model.parts(), base, device, listener).run();
            }
        }
    }
}
