package org.intarsia.remote.hosts;

import java.util.Optional;
import org.intarsia.engine.stages.Stage;
import org.intarsia.engine.stages.StageHost;
import org.intarsia.engine.stages.StageLayers;
import org.intarsia.engine.stages.StageLostException;

/** A host that was removed while a model was opened for it. */
record RemovedHost(String address) implements StageHost {
    @Override
    public String id() {
        return "";
    }

    @Override
    public Optional<String> unusable() {
        return Optional.of("host " + address + " was removed by hosts remove; hosts add brings it back");
    }

    @Override
    public Capacity capacity() {
        return new Capacity(0, 0);
    }

    @Override
    public Stage open(StageLayers layers) {
        throw new StageLostException(unusable().orElseThrow(), true);
    }
}
