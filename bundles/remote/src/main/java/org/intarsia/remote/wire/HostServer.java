package org.intarsia.remote.wire;

import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.intarsia.remote.api.Host;
import org.intarsia.remote.api.HostDescription;
import org.intarsia.remote.api.HostException;
import org.intarsia.text.Quoted;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets other processes reach a {@link Host}. Listens from its construction until it is closed. */
public final class HostServer implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(HostServer.class);
    private static final long KEEP_ALIVE_SECONDS = 10;
    private static final long LEAST_PING_SECONDS = 5;
    private static final int MOST_CALLS = 64;
    private static final int MOST_HEADER_BYTES = 4096;
    private static final int DESCRIBERS = 2;
    private static final int MOST_WAITING = 64;
    private static final long GRACE_SECONDS = 2;

    private final Host host;
    private final Server server;
    private final ThreadPoolExecutor describers;
    private final StageHandler stages;

    /**
     * Begins to listen.
     *
     * @param host     is reached
     * @param address  to listen on
     * @param port     to listen on; 0 for any that is free
     * @param security decides who may connect
     * @param limits   how long and how large anything may be
     * @param threads  read and write; they outlive this server
     * @throws HostException when the settings would let strangers in, or it cannot listen there
     */
    public HostServer(Host host, String address, int port, WireSecurity security, WireLimits limits, WireThreads threads) {
        security.check(address, true);
        this.host = host;
        this.describers = new ThreadPoolExecutor(DESCRIBERS, DESCRIBERS, 1, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING),
                Thread.ofPlatform().daemon().name("intarsia-remote-describe-", 0).factory());
        describers.allowCoreThreadTimeOut(true);
        stages = new StageHandler(host, limits);
        HostMethods methods = HostMethods.of(limits);
        // Before any other class of Netty's is loaded: they log.
        EventLoopGroup loops = threads.loops();
        NettyServerBuilder builder = NettyServerBuilder.forAddress(new InetSocketAddress(address, port))
                .channelType(NioServerSocketChannel.class).bossEventLoopGroup(loops).workerEventLoopGroup(loops)
                // Frames are handled on the thread that reads them: no method below waits.
                .directExecutor()
                .addService(ServerServiceDefinition.builder(HostMethods.SERVICE)
                        .addMethod(methods.describe(), ServerCalls.asyncUnaryCall(this::describe))
                        .addMethod(methods.echo(), new EchoHandler())
                        .addMethod(methods.stage(), stages).build())
                .intercept(gate(security))
                .maxInboundMessageSize(limits.messageBytes()).maxInboundMetadataSize(MOST_HEADER_BYTES)
                .maxConcurrentCallsPerConnection(MOST_CALLS)
                .handshakeTimeout(limits.timeout().toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(limits.timeout().toMillis(), TimeUnit.MILLISECONDS)
                .permitKeepAliveTime(LEAST_PING_SECONDS, TimeUnit.SECONDS).permitKeepAliveWithoutCalls(true);
        security.server().ifPresent(builder::sslContext);
        try {
            server = builder.build().start();
        } catch (IOException e) {
            stages.close();
            throw new HostException("cannot listen on port " + port + " of " + Quoted.of(address)
                    + "; choose another with --port, or 0 for any that is free", e);
        }
    }

    /** Returns the port that it listens on. */
    public int port() {
        return server.getPort();
    }

    private static ServerInterceptor gate(WireSecurity security) {
        return new ServerInterceptor() {
            private volatile boolean said;

            @Override
            public <Q, A> ServerCall.Listener<Q> interceptCall(ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
                if (security.accepts(headers.get(WireSecurity.TOKEN))) {
                    return next.startCall(call, headers);
                }
                if (!said) {
                    said = true;
                    LOGGER.warn("a call was refused: it has no token, or a wrong one; further ones are refused without a message");
                }
                call.close(Status.UNAUTHENTICATED, new Metadata());
                return new ServerCall.Listener<>() { };
            }
        };
    }

    private void describe(HostMethods.Nothing nothing, StreamObserver<HostDescription> observer) {
        try {
            describers.execute(() -> {
                try {
                    observer.onNext(host.describe());
                    observer.onCompleted();
                } catch (RuntimeException e) {
                    LOGGER.warn("this host cannot describe itself: {}", e.getMessage(), e);
                    observer.onError(Status.INTERNAL.asRuntimeException());
                }
            });
        } catch (RejectedExecutionException e) {
            observer.onError(Status.RESOURCE_EXHAUSTED.asRuntimeException());
        }
    }

    /** Sends frames back. The next one is asked for when the one before is on its way, so no frames pile up. */
    private static final class EchoHandler implements ServerCallHandler<FrameMessage, FrameMessage> {
        @Override
        public ServerCall.Listener<FrameMessage> startCall(ServerCall<FrameMessage, FrameMessage> call, Metadata headers) {
            call.sendHeaders(new Metadata());
            call.request(1);
            return new ServerCall.Listener<>() {
                private boolean waits;
                private boolean closed;

                @Override
                public void onMessage(FrameMessage message) {
                    if (message.frame().isEmpty()) {
                        LOGGER.warn("a frame was refused, and its stream closed: {}", message.refusal());
                        close(Status.INVALID_ARGUMENT);
                        return;
                    }
                    call.sendMessage(message);
                    waits = !call.isReady();
                    if (!waits) {
                        call.request(1);
                    }
                }

                @Override
                public void onReady() {
                    if (waits) {
                        waits = false;
                        call.request(1);
                    }
                }

                @Override
                public void onHalfClose() {
                    close(Status.OK);
                }

                private void close(Status status) {
                    if (!closed) {
                        closed = true;
                        call.close(status, new Metadata());
                    }
                }
            };
        }
    }

    /** Stops listening; calls that run have two seconds to end. */
    @Override
    public void close() {
        server.shutdown();
        try {
            if (!server.awaitTermination(GRACE_SECONDS, TimeUnit.SECONDS)) {
                server.shutdownNow().awaitTermination(GRACE_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
        describers.shutdownNow();
        stages.close();
    }
}
