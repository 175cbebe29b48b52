package org.intarsia.engine;

import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.intarsia.backend.api.Precision;
import org.intarsia.engine.api.ChatTemplate;
import org.intarsia.engine.api.Event;
import org.intarsia.engine.api.Generation;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.ModelParts;
import org.intarsia.engine.api.Origin;
import org.intarsia.engine.api.PictureGrid;
import org.intarsia.engine.api.PictureRecord;
import org.intarsia.engine.api.Redraw;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Sampling;
import org.intarsia.engine.registry.UnavailableException;
import org.intarsia.engine.stages.Stage;
import org.intarsia.engine.stages.StageLayers;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.Part;

/**
 * One holder's part in a model that may be shared. Whatever is begun takes the model that its bundle has then, so a new
 * version takes over here, while what was begun before ends with the old one.
 */
final class SharedModel implements Model {
    private final EngineService engine;
    private volatile EngineService.Holding holding;
    private volatile boolean closed;

    /** @param holding what this holder has taken, and gives back when it is closed */
    SharedModel(EngineService engine, EngineService.Holding holding) {
        this.engine = engine;
        this.holding = holding;
    }

    @Override
    public String name() {
        return holding.model().name();
    }

    @Override
    public Path directory() {
        return holding.model().directory();
    }

    @Override
    public Sampling sampling(Goal goal) {
        return newest().model().sampling(goal);
    }

    @Override
    public boolean makes(Goal goal) {
        return newest().model().makes(goal);
    }

    @Override
    public List<Part> question(String text, List<Image> pictures) {
        return newest().model().question(text, pictures);
    }

    @Override
    public List<String> unknownWords(String text) {
        return newest().model().unknownWords(text);
    }

    @Override
    public Precision precision() {
        return newest().model().precision();
    }

    @Override
    public List<Origin.Adapted> adapters() {
        return newest().model().adapters();
    }

    @Override
    public ModelParts parts() {
        return newest().model().parts();
    }

    @Override
    public Optional<ChatTemplate> chatTemplate() {
        return newest().model().chatTemplate();
    }

    @Override
    public int room(Request request) {
        return newest().model().room(request);
    }

    @Override
    public Generation prepare(List<Request> requests, Consumer<Event> listener) {
        checkOpen();
        return engine.generation(() -> engine.lease(newest()), requests, listener);
    }

    @Override
    public int[] encode(Image picture) {
        return newest().model().encode(picture);
    }

    @Override
    public Image decode(int[] codes) {
        return newest().model().decode(codes);
    }

    @Override
    public PictureGrid grid() {
        return newest().model().grid();
    }

    @Override
    public Redraw redraw(Image picture, Optional<PictureRecord> record, BitSet cells) {
        return newest().model().redraw(picture, record, cells);
    }

    @Override
    public Trace trace(Path inputs, Path outputs) {
        return newest().model().trace(inputs, outputs);
    }

    @Override
    public long bytesPerToken() {
        return newest().model().bytesPerToken();
    }

    @Override
    public Stage stage(StageLayers layers) {
        checkOpen();
        GenerationRun.Lease lease = engine.lease(newest());
        boolean opened = false;
        try {
            Stage stage = lease.model().stage(layers, lease.end());
            opened = true;
            return stage;
        } finally {
            if (!opened) {
                lease.end().run();
            }
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            engine.release(holding);
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new UnavailableException("model " + name() + " has been closed", "; open it again");
        }
    }

    private EngineService.Holding newest() {
        checkOpen();
        EngineService.Holding known = holding;
        // Without the monitor: this may wait for a bundle that has stopped.
        EngineService.Holding next = engine.newest(known);
        if (next == known) {
            return known;
        }
        EngineService.Holding useless;
        synchronized (this) {
            // Somebody else may have renewed it, or closed this, meanwhile.
            useless = closed || holding != known ? next : known;
            holding = useless == known ? next : holding;
        }
        engine.release(useless);
        checkOpen();
        return holding;
    }
}
