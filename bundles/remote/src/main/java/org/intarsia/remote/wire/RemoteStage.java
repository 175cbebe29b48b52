package org.intarsia.remote.wire;

import io.grpc.StatusRuntimeException;
import java.util.function.Function;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.api.Precision;
import org.intarsia.engine.stages.Stage;
import org.intarsia.engine.stages.StageLayers;
import org.intarsia.engine.stages.StageLostException;
import org.intarsia.engine.stages.StageStep;
import org.intarsia.graph.Encoding;
import org.intarsia.model.api.ModelException;
import org.intarsia.remote.wire.StageMessage.Compute;
import org.intarsia.remote.wire.StageMessage.Computed;
import org.intarsia.remote.wire.StageMessage.Grow;
import org.intarsia.remote.wire.StageMessage.Grown;
import org.intarsia.remote.wire.StageMessage.Open;
import org.intarsia.remote.wire.StageMessage.Opened;
import org.intarsia.remote.wire.StageMessage.Refused;
import org.intarsia.remote.wire.StageMessage.Working;
import org.intarsia.text.Quoted;

/**
 * A stage on another host, as long as one call lasts. Whoever waits for it cannot be interrupted: a step is also that of others. It is
 * lost when the host gives no sign for as long as the limits say.
 */
final class RemoteStage implements Stage {
    private static final String FAST = " " + Precision.FAST;

    private final String address;
    private final MessageStream<StageMessage> stream;
    private final WireLimits limits;
    private final Encoding activations;
    private final Function<StatusRuntimeException, String> explaining;
    private final Opened opened;

    /** @param explaining says in a sentence why the call has failed */
    RemoteStage(String address, MessageStream<StageMessage> stream, WireLimits limits, Encoding activations, StageLayers layers,
            Function<StatusRuntimeException, String> explaining) {
        this.address = address;
        this.stream = stream;
        this.limits = limits;
        this.activations = activations;
        this.explaining = explaining;
        boolean whole = false;
        try {
            opened = ask(new Open(layers), Opened.class);
            whole = true;
        } finally {
            if (!whole) {
                stream.close();
            }
        }
    }

    private <A extends StageMessage> A ask(StageMessage question, Class<A> answer) {
        StageMessage message;
        try {
            stream.send(question, limits.timeout());
            do {
                message = stream.receive(limits.timeout());
            } while (message instanceof Working);
        } catch (StatusRuntimeException e) {
            stream.close();
            throw new StageLostException(explaining.apply(e), true);
        }
        if (message instanceof Refused(StageMessage.Reason reason, String sentence)) {
            // Its own words, made harmless.
            String told = "host " + address + ": " + Quoted.line(sentence);
            throw switch (reason) {
                case MODEL -> new ModelException(told);
                case ROOM -> new BackendException(told);
                case LOST -> new StageLostException(told, false);
            };
        }
        if (!answer.isInstance(message)) {
            stream.close();
            throw new StageLostException("host " + address + " answers in another layout; it runs another version of Intarsia", true);
        }
        return answer.cast(message);
    }

    @Override
    public String where() {
        if (activations == Encoding.F32) {
            return opened.where();
        }
        String device = opened.where().endsWith(FAST) ? opened.where().substring(0, opened.where().length() - FAST.length()) : opened.where();
        return device + " over " + activations + FAST;
    }

    @Override
    public boolean isAlikeBesideOthers() {
        return opened.alike();
    }

    @Override
    public void grow(int blocks) {
        ask(new Grow(blocks), Grown.class);
    }

    @Override
    public float[] run(StageStep step) {
        long bytes = StageFormat.bytes(step, activations);
        if (bytes > limits.messageBytes()) {
            throw new ModelException("a step of " + step.tokens() + " tokens takes " + bytes + " bytes on its way to host " + address
                    + ", and " + limits.messageBytes() + " is the limit; set frame to more on both hosts, or tokens of the engine to fewer");
        }
        float[] hidden = ask(new Compute(step, activations), Computed.class).hidden();
        if (hidden.length != step.hidden().length) {
            stream.close();
            throw new StageLostException("host " + address + " answers for " + step.hidden().length + " numbers with " + hidden.length, true);
        }
        return hidden;
    }

    @Override
    public void close() {
        stream.close();
    }
}
