package org.intarsia.remote.wire;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.intarsia.backend.api.BackendException;
import org.intarsia.engine.stages.Stage;
import org.intarsia.engine.stages.StageLayers;
import org.intarsia.engine.stages.StageLostException;
import org.intarsia.engine.stages.StageStep;
import org.intarsia.model.api.ModelException;
import org.intarsia.remote.api.Host;
import org.intarsia.remote.api.HostDescription;
import org.intarsia.remote.api.HostDescription.HostDevice;
import org.intarsia.remote.api.HostDescription.HostModel;
import org.intarsia.remote.api.TensorFrame;

/** A host that says what it was told to. */
public record ToyHost(HostDescription description) implements Host {
    /** The description of a host of version 1.2.3. */
    public static final HostDescription USUAL = new HostDescription("0-1", "täst", "1.2.3", false, 2.5e10,
            List.of(new HostDevice("cpu", "cpu", "a processor", 1L << 40)), List.of(new HostModel("picturebook", "sha256:00")), 2, 3);

    /** Stages that are open. */
    static final AtomicInteger OPEN = new AtomicInteger();

    @Override
    public HostDescription describe() {
        return description;
    }

    @Override
    public TensorFrame echo(TensorFrame frame) {
        return frame;
    }

    /** Adds the number of its first layer to all that goes through; a step of 13 tokens it cannot compute, one of 14 takes 2 s. */
    @Override
    public Stage stage(StageLayers layers) {
        if (!layers.weights().equals(USUAL.models().getFirst().weights())) {
            throw new ModelException("the toy has no such weights");
        }
        OPEN.incrementAndGet();
        return new Stage() {
            @Override
            public String where() {
                return "toy/toy";
            }

            @Override
            public boolean isAlikeBesideOthers() {
                return true;
            }

            @Override
            public void grow(int blocks) {
                if (blocks > 1000) {
                    throw new BackendException("the toy has no room");
                }
            }

            @Override
            public float[] run(StageStep step) {
                if (step.tokens() == 13) {
                    throw new StageLostException("the toy is broken", false);
                }
                if (step.tokens() == 14) {
                    LockSupport.parkNanos(2_000_000_000L);
                }
                float[] result = step.hidden().clone();
                for (int i = 0; i < result.length; i++) {
                    result[i] += layers.first();
                }
                return result;
            }

            @Override
            public void close() {
                OPEN.decrementAndGet();
            }
        };
    }
}
