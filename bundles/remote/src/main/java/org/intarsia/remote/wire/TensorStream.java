package org.intarsia.remote.wire;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.intarsia.remote.api.TensorFrame;

/**
 * A stream of frames to a host and back, over one call. At most {@value #WINDOW} frames that have come wait to be taken; the host
 * is held back beyond that. Safe for one thread that sends and one that receives.
 */
final class TensorStream implements AutoCloseable {
    static final int WINDOW = 8;

    private final ClientCall<FrameMessage, FrameMessage> call;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<FrameMessage> arrived = new ArrayDeque<>();
    private Optional<Status> closed = Optional.empty();

    TensorStream(Channel channel, MethodDescriptor<FrameMessage, FrameMessage> method, CallOptions options) {
        call = channel.newCall(method, options);
        call.start(new ClientCall.Listener<>() {
            @Override
            public void onMessage(FrameMessage message) {
                change(() -> arrived.add(message));
            }

            @Override
            public void onReady() {
                change(() -> { });
            }

            @Override
            public void onClose(Status status, Metadata trailers) {
                change(() -> closed = Optional.of(status));
            }
        }, new Metadata());
        call.request(WINDOW);
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Sends a frame, and waits first until those before it have left.
     *
     * @throws io.grpc.StatusRuntimeException when the stream has ended, or the time is over
     */
    void send(TensorFrame frame, Duration timeout) {
        await(timeout, () -> call.isReady());
        call.sendMessage(FrameMessage.of(frame));
    }

    /**
     * Takes the next frame.
     *
     * @throws io.grpc.StatusRuntimeException when the stream has ended, the time is over, or the bytes are no frame
     */
    TensorFrame receive(Duration timeout) {
        FrameMessage message;
        lock.lock();
        try {
            await(timeout, () -> !arrived.isEmpty());
            message = arrived.remove();
        } finally {
            lock.unlock();
        }
        call.request(1);
        return message.frame().orElseThrow(() -> Status.INTERNAL.asRuntimeException());
    }

    private void await(Duration timeout, BooleanSupplier condition) {
        long nanos = timeout.toNanos();
        lock.lock();
        try {
            while (!condition.getAsBoolean()) {
                if (closed.isPresent()) {
                    throw (closed.get().isOk() ? Status.UNAVAILABLE : closed.get()).asRuntimeException();
                }
                if (nanos <= 0) {
                    throw Status.DEADLINE_EXCEEDED.asRuntimeException();
                }
                nanos = changed.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Status.CANCELLED.withCause(e).asRuntimeException();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the call on both sides; frames on their way are dropped. */
    @Override
    public void close() {
        call.cancel("closed", null);
    }
}
