package org.intarsia.planning;

import java.nio.file.Path;
import java.util.List;
import org.intarsia.graph.Encoding;
import org.intarsia.model.api.ComponentFactory;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.ModelFamily;
import org.intarsia.planning.api.Blueprint;
import org.intarsia.planning.api.Forecast;
import org.intarsia.planning.api.Planner;
import org.intarsia.weights.tool.ProgressListener;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Plans with the components that are installed at the moment. */
@Component
public final class PlannerService implements Planner {
    // Declarative Services keep these lists up to date, the best service last.
    @Reference
    private volatile List<ComponentFactory.OfVisionEncoder> encoders;
    @Reference
    private volatile List<ComponentFactory.OfTransformerCore> cores;
    @Reference
    private volatile List<ComponentFactory.OfImageDecoder> decoders;
    @Reference
    private volatile List<ModelFamily> families;

    /** A planner that asks the factories and families that are there as services. */
    public PlannerService() {
    }

    PlannerService(List<ComponentFactory.OfVisionEncoder> encoders, List<ComponentFactory.OfTransformerCore> cores,
            List<ComponentFactory.OfImageDecoder> decoders, List<ModelFamily> families) {
        this.families = families;
        this.encoders = encoders;
        this.cores = cores;
        this.decoders = decoders;
    }

    @Override
    public Blueprint blueprint(String nameOrPath) {
        return blueprint(Configuration.find(nameOrPath, families.reversed()));
    }

    private Blueprint blueprint(Configuration configuration) {
        try (Surveyor surveyor = new Surveyor(configuration, families.reversed())) {
            return surveyor.survey(encoders.reversed(), cores.reversed(), decoders.reversed());
        }
    }

    @Override
    public Forecast forecast(Blueprint blueprint, Question question) {
        if (question.context() > blueprint.geometry().context()) {
            throw new ModelException("model " + blueprint.name() + " has streams of at most " + blueprint.geometry().context()
                    + " tokens, so " + question.context() + " cannot be planned; take less");
        }
        return new Forecaster(blueprint, question).forecast();
    }

    @Override
    public long write(String nameOrPath, Encoding encoding, Path directory, long seed, ProgressListener listener) {
        Configuration configuration = Configuration.find(nameOrPath, families.reversed());
        return new RandomCheckpoint(configuration, blueprint(configuration), encoding, seed).write(directory, listener);
    }
}
