package org.intarsia.remote.wire;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Exception;
import io.grpc.netty.shaded.io.netty.handler.ssl.NotSslRecordException;
import io.grpc.netty.shaded.io.netty.util.internal.logging.InternalLoggerFactory;
import io.grpc.netty.shaded.io.netty.util.internal.logging.JdkLoggerFactory;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import javax.net.ssl.SSLException;
import org.slf4j.LoggerFactory;

/**
 * Puts what gRPC and Netty log into a sentence of ours: their own messages hold bytes from the wire, and a stack trace for each
 * stranger who knocks. A kind of refusal is logged once a minute at most.
 */
final class WireLog extends Handler {
    private static final org.slf4j.Logger LOGGER = LoggerFactory.getLogger(WireLog.class);
    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final String LIBRARY = "io.grpc";
    /** Logs at FINE each connection that ends with an error. */
    private static final String CONNECTIONS = "io.grpc.netty.shaded.io.grpc.netty.NettyServerTransport.connections";
    /** The log manager keeps loggers by weak references: without these the levels would be forgotten. */
    private static final List<Logger> KEPT = List.of(Logger.getLogger(LIBRARY), Logger.getLogger(CONNECTIONS));

    private final Map<String, Long> said = new ConcurrentHashMap<>();

    private WireLog() {
        setLevel(Level.ALL);
    }

    /** Takes over the loggers of the libraries in this bundle; further calls change nothing. */
    static synchronized void install() {
        Logger library = KEPT.getFirst();
        if (library.getUseParentHandlers()) {
            InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
            library.setUseParentHandlers(false);
            library.addHandler(new WireLog());
            KEPT.getLast().setLevel(Level.FINE);
        }
    }

    @Override
    public void publish(LogRecord entry) {
        Throwable thrown = entry.getThrown();
        if (thrown == null && entry.getLevel().intValue() < Level.WARNING.intValue()) {
            return;
        }
        String sentence = thrown == null ? "gRPC warns: " + entry.getLoggerName() : sentence(thrown);
        long now = System.nanoTime();
        Long before = said.get(sentence);
        if (before == null || now - before > QUIET_NANOS) {
            said.put(sentence, now);
            LOGGER.warn("{}", sentence);
        }
    }

    /** Says what has happened; there are a few sentences only, since nothing in them comes from the wire. */
    static String sentence(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof NotSslRecordException) {
                return "a connection was refused: it does not speak TLS, as hosts do";
            }
            if (cause instanceof SSLException || cause instanceof GeneralSecurityException) {
                return "a connection was refused: its certificate is missing, or not one of the authority of these hosts, "
                        + "or it does not accept ours";
            }
            if (cause instanceof Http2Exception) {
                return "a connection was refused: it does not speak gRPC, as hosts do";
            }
            if (cause instanceof StatusRuntimeException status && status.getStatus().getCode() == Status.Code.RESOURCE_EXHAUSTED) {
                return "a message was refused: it declares more bytes than the setting frame allows";
            }
        }
        return "a connection ended with an error of the class " + thrown.getClass().getSimpleName();
    }

    @Override
    public void flush() {
        // Nothing is kept back.
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
