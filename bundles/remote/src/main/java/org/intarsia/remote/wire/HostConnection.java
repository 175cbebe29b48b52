package org.intarsia.remote.wire;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.stub.ClientCalls;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLException;
import org.intarsia.engine.stages.Stage;
import org.intarsia.engine.stages.StageLayers;
import org.intarsia.graph.Encoding;
import org.intarsia.remote.api.Host;
import org.intarsia.remote.api.HostDescription;
import org.intarsia.remote.api.HostException;
import org.intarsia.remote.api.TensorFrame;

/**
 * A {@link Host} in another process. Connects with the first call, and again with the next one after a failure; no call takes
 * longer than the limits say, and one that fails tells why in a sentence, in which nothing comes from the wire.
 */
public final class HostConnection implements Host, AutoCloseable {
    /** Shorter ones are lengthened by gRPC. */
    private static final long KEEP_ALIVE_SECONDS = 10;
    private static final int MOST_HEADER_BYTES = 4096;

    private final HostAddress address;
    private final WireLimits limits;
    private final HostMethods methods;
    private final WireSecurity security;
    private final Encoding activations;
    private final WireThreads threads;
    private final CallOptions options;
    private final ReentrantLock echoing = new ReentrantLock();
    private Optional<MessageStream<FrameMessage>> stream = Optional.empty();
    private ManagedChannel channel;
    private boolean closed;

    /**
     * Connects nothing yet.
     *
     * @param address  where the host listens
     * @param security what this side shows and asks for
     * @param limits   how long and how large anything may be
     * @param activations how the residual stream is sent: F32 or BF16
     * @param threads  read and write; they outlive this connection
     * @throws HostException when this side could not tell a stranger from a host, or has no readable certificate
     */
    public HostConnection(HostAddress address, WireSecurity security, WireLimits limits, Encoding activations, WireThreads threads) {
        security.check(address.host(), false);
        this.address = address;
        this.limits = limits;
        this.methods = HostMethods.of(limits);
        this.security = security;
        this.activations = activations;
        this.threads = threads;
        this.options = security.credentials().map(CallOptions.DEFAULT::withCallCredentials).orElse(CallOptions.DEFAULT);
        this.channel = build();
    }

    private ManagedChannel build() {
        // Before any other class of Netty's is loaded: they log.
        EventLoopGroup loops = threads.loops();
        NettyChannelBuilder builder = NettyChannelBuilder.forAddress(address.host(), address.port())
                .channelType(NioSocketChannel.class).eventLoopGroup(loops).directExecutor()
                // Hosts are reached directly, whatever the environment says about proxies of the web.
                .proxyDetector(target -> null)
                .disableRetry().disableServiceConfigLookUp()
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) limits.timeout().toMillis())
                .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(limits.timeout().toMillis(), TimeUnit.MILLISECONDS)
                .maxInboundMessageSize(limits.messageBytes()).maxInboundMetadataSize(MOST_HEADER_BYTES);
        security.client().ifPresentOrElse(builder::sslContext, builder::usePlaintext);
        return builder.build();
    }

    private synchronized ManagedChannel channel() {
        if (closed) {
            throw new HostException("the connection to host " + address + " is closed; add the host again");
        }
        return channel;
    }

    /** Takes a new channel: a failed one would wait longer and longer, up to two minutes, and give every call its old error. */
    private synchronized void renew(ManagedChannel failed) {
        if (!closed && failed == channel) {
            channel.shutdownNow();
            channel = build();
        }
    }

    @Override
    public HostDescription describe() {
        ManagedChannel asked = channel();
        try {
            return ClientCalls.blockingUnaryCall(asked, methods.describe(),
                    options.withDeadlineAfter(limits.timeout().toMillis(), TimeUnit.MILLISECONDS), HostMethods.Nothing.NOTHING);
        } catch (StatusRuntimeException e) {
            throw failed(asked, e);
        }
    }

    @Override
    public TensorFrame echo(TensorFrame frame) {
        if (frame.bytes().length > limits.frameBytes()) {
            throw new HostException("a frame has " + frame.bytes().length + " bytes, and " + limits.frameBytes()
                    + " is the limit; set frame to more on both hosts");
        }
        ManagedChannel asked = channel();
        echoing.lock();
        try {
            if (stream.isEmpty()) {
                stream = Optional.of(new MessageStream<>(asked, methods.echo(), options, true));
            }
            stream.get().send(FrameMessage.of(frame), limits.timeout());
            TensorFrame back = stream.get().receive(limits.timeout()).frame().orElseThrow(() -> Status.INTERNAL.asRuntimeException());
            if (back.sequence() != frame.sequence()) {
                throw Status.DATA_LOSS.asRuntimeException();
            }
            return back;
        } catch (StatusRuntimeException e) {
            // An answer that comes later would be taken for that of the next frame.
            stream.ifPresent(MessageStream::close);
            stream = Optional.empty();
            throw failed(asked, e);
        } finally {
            echoing.unlock();
        }
    }

    @Override
    public Stage stage(StageLayers layers) {
        ManagedChannel asked = channel();
        return new RemoteStage(address.toString(), new MessageStream<>(asked, methods.stage(), options, false), limits, activations, layers,
                failure -> failed(asked, failure).getMessage());
    }

    private RuntimeException failed(ManagedChannel asked, StatusRuntimeException failure) {
        Status.Code code = failure.getStatus().getCode();
        if (code == Status.Code.UNAVAILABLE || code == Status.Code.DEADLINE_EXCEEDED) {
            renew(asked);
        }
        return explained(failure);
    }

    private RuntimeException explained(StatusRuntimeException failure) {
        if (Thread.currentThread().isInterrupted()) {
            return new CancellationException("interrupted while host " + address + " was asked");
        }
        String why = switch (failure.getStatus().getCode()) {
            case DEADLINE_EXCEEDED -> "does not answer within " + seconds(limits.timeout()) + " s; it hangs, or the link is cut";
            case UNAUTHENTICATED -> "refuses the token; set the same one on both hosts";
            case RESOURCE_EXHAUSTED -> "refuses so many or so large messages; set frame to the same on both hosts";
            case UNIMPLEMENTED -> "does not know this call; it runs another version of Intarsia, or none";
            case UNAVAILABLE, UNKNOWN, INTERNAL, CANCELLED -> unreachable(failure);
            default -> "fails (" + failure.getStatus().getCode() + ")";
        };
        return new HostException("host " + address + " " + why, failure);
    }

    private static String unreachable(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException) {
                return "is not reached: nothing listens there, or the link is cut";
            }
            if (cause instanceof UnknownHostException) {
                return "is not reached: there is no such name";
            }
            if (cause instanceof SSLException || cause instanceof GeneralSecurityException) {
                return "is not trusted, or does not trust this one: set certificates of one authority on both, "
                        + "and let those of a host name its address";
            }
            if (cause instanceof IllegalArgumentException) {
                return "answers in another layout; it runs another version of Intarsia";
            }
        }
        return "has closed the connection: it has ended, or one of both does not accept the other (certificate, token, plain text), or it is"
                + " no host of Intarsia";
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.3g", duration.toMillis() / 1000.0);
    }

    /** Ends the connection; calls that run fail. */
    @Override
    public void close() {
        ManagedChannel last;
        synchronized (this) {
            closed = true;
            last = channel;
        }
        last.shutdownNow();
        try {
            last.awaitTermination(limits.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
