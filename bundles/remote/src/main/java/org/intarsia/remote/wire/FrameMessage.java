package org.intarsia.remote.wire;

import java.util.Optional;
import org.intarsia.remote.api.TensorFrame;

/**
 * A frame as it was received: gRPC gives a marshaller no way to refuse a message, so the refusal is a message, too.
 *
 * @param frame   nothing where the bytes are no frame
 * @param refusal what is wrong with the bytes; empty where they are a frame
 */
record FrameMessage(Optional<TensorFrame> frame, String refusal) {
    static FrameMessage of(TensorFrame frame) {
        return new FrameMessage(Optional.of(frame), "");
    }

    static FrameMessage refused(String why) {
        return new FrameMessage(Optional.empty(), why);
    }
}
