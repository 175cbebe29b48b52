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

/**
 * A stream of messages to a host and back, over one call. At most {@value #WINDOW} messages that have come wait to be taken; the host
 * is held back beyond that. Safe for one thread that sends and one that receives.
 *
 * @param <M> both ways
 */
final class MessageStream<M> implements AutoCloseable {
    static final int WINDOW = 8;

    private final ClientCall<M, M> call;
    private final boolean interruptible;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<M> arrived = new ArrayDeque<>();
    private Optional<Status> closed = Optional.empty();

    /** @param interruptible whether a thread that is interrupted stops waiting */
    MessageStream(Channel channel, MethodDescriptor<M, M> method, CallOptions options, boolean interruptible) {
        this.interruptible = interruptible;
        call = channel.newCall(method, options);
        call.start(new ClientCall.Listener<>() {
            @Override
            public void onMessage(M message) {
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
     * Sends a message, and waits first until those before it have left.
     *
     * @throws io.grpc.StatusRuntimeException when the stream has ended, or the time is over
     */
    void send(M message, Duration timeout) {
        await(timeout, () -> call.isReady());
        call.sendMessage(message);
    }

    /**
     * Takes the next message.
     *
     * @throws io.grpc.StatusRuntimeException when the stream has ended, or the time is over
     */
    M receive(Duration timeout) {
        M message;
        lock.lock();
        try {
            await(timeout, () -> !arrived.isEmpty());
            message = arrived.remove();
        } finally {
            lock.unlock();
        }
        call.request(1);
        return message;
    }

    private void await(Duration timeout, BooleanSupplier condition) {
        long end = System.nanoTime() + timeout.toNanos();
        boolean interrupted = false;
        lock.lock();
        try {
            while (!condition.getAsBoolean()) {
                if (closed.isPresent()) {
                    throw (closed.get().isOk() ? Status.UNAVAILABLE : closed.get()).asRuntimeException();
                }
                long nanos = end - System.nanoTime();
                if (nanos <= 0) {
                    throw Status.DEADLINE_EXCEEDED.asRuntimeException();
                }
                try {
                    changed.awaitNanos(nanos);
                } catch (InterruptedException e) {
                    interrupted = true;
                    if (interruptible) {
                        throw Status.CANCELLED.withCause(e).asRuntimeException();
                    }
                }
            }
        } finally {
            lock.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Ends the call on both sides; messages on their way are dropped. */
    @Override
    public void close() {
        call.cancel("closed", null);
    }
}
