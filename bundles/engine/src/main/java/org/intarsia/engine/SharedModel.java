package org.intarsia.engine;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.intarsia.engine.api.Event;
import org.intarsia.engine.api.Generation;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Sampling;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelException;

/** One holder's part in a model that may be shared. */
final class SharedModel implements Model {
    private final OpenModel model;
    private final Runnable release;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * @param release tells that this holder has let go
     */
    SharedModel(OpenModel model, Runnable release) {
        this.model = model;
        this.release = release;
    }

    @Override
    public String name() {
        return model.name();
    }

    @Override
    public Path directory() {
        return model.directory();
    }

    @Override
    public Sampling sampling(Goal goal) {
        return model.sampling(goal);
    }

    @Override
    public Generation prepare(List<Request> requests, Consumer<Event> listener) {
        return open().prepare(requests, listener);
    }

    @Override
    public int[] encode(Image picture) {
        return open().encode(picture);
    }

    @Override
    public Image decode(int[] codes) {
        return open().decode(codes);
    }

    @Override
    public List<String> trace(Path inputs, Path outputs) {
        return open().trace(inputs, outputs);
    }

    @Override
    public long bytesPerToken() {
        return open().bytesPerToken();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            release.run();
        }
    }

    private OpenModel open() {
        if (closed.get()) {
            throw new ModelException("model " + model.name() + " has been closed; open it again");
        }
        return model;
    }
}
