package org.intarsia.remote.wire;

import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioEventLoopGroup;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Threads that read and write the connections of servers and clients; {@link #close} ends them. */
public final class WireThreads implements AutoCloseable {
    private static final long END_SECONDS = 5;

    private Optional<EventLoopGroup> loops = Optional.empty();

    /** Returns the threads; Netty's classes are loaded by the first call. */
    synchronized EventLoopGroup loops() {
        if (loops.isEmpty()) {
            // Before any class of Netty's asks for a logger.
            WireLog.install();
            loops = Optional.of(new NioEventLoopGroup(Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 4),
                    new DefaultThreadFactory("intarsia-remote", true)));
        }
        return loops.get();
    }

    /** Ends the threads; connections must be closed before. Returns when they have ended, or after five seconds. */
    @Override
    public synchronized void close() {
        loops.ifPresent(group -> group.shutdownGracefully(0, END_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(END_SECONDS, TimeUnit.SECONDS));
    }
}
