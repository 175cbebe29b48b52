package org.intarsia.remote.wire;

import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import java.io.InputStream;
import org.intarsia.remote.api.HostDescription;

/**
 * Everything that can be called over the network. A method that is added here is one that strangers can try to call.
 *
 * @param describe asks for a description
 * @param echo     sends frames and gets them back
 * @param stage    opens layers of a model, and computes them for steps until the call ends
 */
record HostMethods(MethodDescriptor<HostMethods.Nothing, HostDescription> describe, MethodDescriptor<FrameMessage, FrameMessage> echo,
        MethodDescriptor<StageMessage, StageMessage> stage) {
    static final String SERVICE = "org.intarsia.remote.Host";

    /** A message without content. */
    enum Nothing {
        /** The only one: gRPC takes null for a message that was not sent. */
        NOTHING
    }

    static HostMethods of(WireLimits limits) {
        FrameFormat frames = new FrameFormat(limits.frameBytes());
        StageFormat stages = new StageFormat();
        return new HostMethods(
                method(MethodType.UNARY, "Describe", new NothingFormat(), new DescriptionFormat()),
                method(MethodType.BIDI_STREAMING, "Echo", frames, frames),
                method(MethodType.BIDI_STREAMING, "Stage", stages, stages));
    }

    private static <Q, A> MethodDescriptor<Q, A> method(MethodType type, String name, Marshaller<Q> question, Marshaller<A> answer) {
        return MethodDescriptor.newBuilder(question, answer).setType(type)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name)).build();
    }

    /** Leaves unread what a stranger sends all the same. */
    private static final class NothingFormat implements Marshaller<Nothing> {
        @Override
        public InputStream stream(Nothing nothing) {
            return InputStream.nullInputStream();
        }

        @Override
        public Nothing parse(InputStream stream) {
            return Nothing.NOTHING;
        }
    }
}
