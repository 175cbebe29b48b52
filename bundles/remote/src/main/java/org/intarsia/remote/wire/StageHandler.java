package org.intarsia.remote.wire;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.api.DeviceLostException;
import org.intarsia.engine.stages.Stage;
import org.intarsia.model.api.ModelException;
import org.intarsia.remote.api.Host;
import org.intarsia.remote.api.HostException;
import org.intarsia.remote.wire.StageMessage.Compute;
import org.intarsia.remote.wire.StageMessage.Computed;
import org.intarsia.remote.wire.StageMessage.Grow;
import org.intarsia.remote.wire.StageMessage.Grown;
import org.intarsia.remote.wire.StageMessage.Malformed;
import org.intarsia.remote.wire.StageMessage.Open;
import org.intarsia.remote.wire.StageMessage.Opened;
import org.intarsia.remote.wire.StageMessage.Reason;
import org.intarsia.remote.wire.StageMessage.Refused;
import org.intarsia.remote.wire.StageMessage.Working;
import org.intarsia.weights.WeightsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens stages for other hosts: a thread each, which ends with its call and closes the stage. The next message of a call is asked for
 * when the one before is answered.
 */
final class StageHandler implements ServerCallHandler<StageMessage, StageMessage>, AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(StageHandler.class);
    private static final int MOST_STAGES = 64;
    private static final int MOST_CHARACTERS = 1000;

    private final Host host;
    private final WireLimits limits;
    private final Semaphore free = new Semaphore(MOST_STAGES);
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofPlatform().daemon().name("intarsia-remote-stage-", 0).factory());
    private final ScheduledExecutorService signs = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("intarsia-remote-signs").factory());

    StageHandler(Host host, WireLimits limits) {
        this.host = host;
        this.limits = limits;
    }

    @Override
    public ServerCall.Listener<StageMessage> startCall(ServerCall<StageMessage, StageMessage> call, Metadata headers) {
        if (!free.tryAcquire()) {
            call.close(Status.RESOURCE_EXHAUSTED, new Metadata());
            return new ServerCall.Listener<>() { };
        }
        Served served = new Served(call);
        call.sendHeaders(new Metadata());
        threads.execute(served);
        call.request(1);
        return served;
    }

    /** Ends the threads once their calls have ended, which is done before. */
    @Override
    public void close() {
        signs.shutdownNow();
        threads.close();
    }

    /** One call: its messages, and the thread that answers them. */
    private final class Served extends ServerCall.Listener<StageMessage> implements Runnable {
        private final ServerCall<StageMessage, StageMessage> call;
        /** Empty when the call has ended. At most one message is asked for, so two places never are too few. */
        private final BlockingQueue<Optional<StageMessage>> asked = new ArrayBlockingQueue<>(2);
        private Optional<Stage> stage = Optional.empty();
        private boolean ended;

        Served(ServerCall<StageMessage, StageMessage> call) {
            this.call = call;
        }

        @Override
        public void onMessage(StageMessage message) {
            asked.add(Optional.of(message));
        }

        @Override
        public void onHalfClose() {
            end(Optional.of(Status.OK));
        }

        @Override
        public void onCancel() {
            end(Optional.empty());
        }

        /** @param status is told to the client, unless it is gone */
        private synchronized void end(Optional<Status> status) {
            if (!ended) {
                ended = true;
                status.ifPresent(told -> call.close(told, new Metadata()));
                asked.add(Optional.empty());
            }
        }

        private synchronized void send(StageMessage message) {
            if (!ended) {
                call.sendMessage(message);
            }
        }

        @Override
        public void run() {
            try {
                // A call that is opened and asks for nothing takes a place from others.
                Optional<StageMessage> first = asked.poll(limits.timeout().toMillis(), TimeUnit.MILLISECONDS);
                if (first == null) {
                    throw new MalformedException("it did not come in time");
                }
                for (Optional<StageMessage> next = first; next.isPresent(); next = asked.take()) {
                    long sign = limits.sign().toNanos();
                    ScheduledFuture<?> working = signs.scheduleWithFixedDelay(() -> send(new Working()), sign, sign, TimeUnit.NANOSECONDS);
                    StageMessage answer;
                    try {
                        answer = answer(next.get());
                    } finally {
                        working.cancel(false);
                    }
                    send(answer);
                    call.request(1);
                }
            } catch (InterruptedException e) {
                // The server stops; the client sees that its call ends.
                Thread.currentThread().interrupt();
            } catch (MalformedException e) {
                LOGGER.warn("a message about a stage was refused, and its call closed: {}", e.getMessage());
                end(Optional.of(Status.INVALID_ARGUMENT));
            } catch (RuntimeException | Error e) {
                LOGGER.warn("layers could not be computed for another host", e);
                end(Optional.of(Status.INTERNAL));
            } finally {
                stage.ifPresent(Stage::close);
                free.release();
            }
        }

        private StageMessage answer(StageMessage message) {
            try {
                return switch (message) {
                    case Open(var layers) when stage.isEmpty() -> {
                        Stage opened = host.stage(layers);
                        stage = Optional.of(opened);
                        yield new Opened(opened.where(), opened.isAlikeBesideOthers());
                    }
                    case Grow(int blocks) when stage.isPresent() -> {
                        stage.get().grow(blocks);
                        yield new Grown(blocks);
                    }
                    case Compute(var step, var encoding) when stage.isPresent() -> new Computed(stage.get().run(step), encoding);
                    case Malformed(String why) -> throw new MalformedException(why);
                    default -> throw new MalformedException("it comes out of turn");
                };
            } catch (DeviceLostException e) {
                return refused(Reason.LOST, e);
            } catch (BackendException e) {
                return refused(Reason.ROOM, e);
            } catch (ModelException | WeightsException | HostException e) {
                return refused(Reason.MODEL, e);
            }
        }

        private static Refused refused(Reason reason, RuntimeException why) {
            String sentence = why.getMessage();
            return new Refused(reason, sentence.substring(0, Math.min(sentence.length(), MOST_CHARACTERS)));
        }
    }

    /** A message that no host of ours sends. */
    private static final class MalformedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        MalformedException(String message) {
            super(message);
        }
    }
}
