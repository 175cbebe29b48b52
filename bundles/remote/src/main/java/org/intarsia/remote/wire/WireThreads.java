package org.intarsia.remote.wire;

import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioEventLoopGroup;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/** Threads that read and write the connections of servers and clients; {@link #close} ends them. */
public final class WireThreads implements AutoCloseable {
    private static final long END_SECONDS = 5;

    private final EventLoopGroup loops;

    /** Begins no thread before there is a connection. */
    public WireThreads() {
        // Before any class of Netty's asks for a logger.
        WireLog.install();
        loops = new NioEventLoopGroup(Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 4),
                new DefaultThreadFactory("intarsia-remote", true));
    }

    EventLoopGroup loops() {
        return loops;
    }

    /** Ends the threads; connections must be closed before. Returns when they have ended, or after five seconds. */
    @Override
    public void close() {
        loops.shutdownGracefully(0, END_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly(END_SECONDS, TimeUnit.SECONDS);
    }
}
