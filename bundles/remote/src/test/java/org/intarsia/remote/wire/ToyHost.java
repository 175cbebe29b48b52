package org.intarsia.remote.wire;

import java.util.List;
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

    @Override
    public HostDescription describe() {
        return description;
    }

    @Override
    public TensorFrame echo(TensorFrame frame) {
        return frame;
    }
}
