package org.intarsia.http;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CancellationException;

/**
 * Server-sent events. A thread of its own writes them, so that a client that reads slowly holds its own request only: up to
 * {@value #MOST_WAITING} bytes wait for it, then {@link #send} waits, and a client that has taken nothing for {@link #PATIENCE}
 * counts as gone. While nothing is sent, a comment every {@link #HEARTBEAT} finds out that a client has gone.
 *
 * <p>Safe for use by several threads. Every method that sends throws {@link ClientGoneException} when the client has gone.
 */
public final class EventStream implements AutoCloseable {
    private static final int MOST_WAITING = 8 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration HEARTBEAT = Duration.ofSeconds(2);
    private static final byte[] COMMENT = ":\n\n".getBytes(StandardCharsets.US_ASCII);

    private final OutputStream out;
    private final Disconnect disconnect;
    private final Thread writer;
    private final Queue<byte[]> waiting = new ArrayDeque<>();
    private int waitingBytes;
    private boolean closed;

    EventStream(HttpServletResponse response, Disconnect disconnect) {
        response.setStatus(200);
        response.setContentType("text/event-stream;charset=utf-8");
        response.setHeader("Cache-Control", "no-cache");
        // Proxies of the kind of nginx would hold events back.
        response.setHeader("X-Accel-Buffering", "no");
        this.disconnect = disconnect;
        try {
            out = response.getOutputStream();
            response.flushBuffer();
        } catch (IOException e) {
            disconnect.happen();
            throw new ClientGoneException(e);
        }
        writer = Thread.ofVirtual().name("intarsia-http-events").start(this::write);
    }

    /**
     * Sends an event.
     *
     * @param event its name; null for a message with data only
     * @param json  what is written as JSON, on one line
     */
    public void send(String event, Object json) {
        put((event == null ? "" : "event: " + event + "\n") + "data: " + Json.line(json) + "\n\n");
    }

    /** Sends a message of one line that is no JSON, such as {@code [DONE]}. */
    public void raw(String data) {
        if (data.indexOf('\n') >= 0 || data.indexOf('\r') >= 0) {
            throw new IllegalArgumentException("one line of data, not several");
        }
        put("data: " + data + "\n\n");
    }

    /** Sends an error in OpenAI's shape as the event {@code error}, and closes the stream. */
    public void error(HttpException error) {
        send("error", Errors.json(error));
        close();
    }

    private void put(String message) {
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        synchronized (this) {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (!disconnect.hasHappened() && !closed && waitingBytes > 0 && waitingBytes + bytes.length > MOST_WAITING) {
                long left = (deadline - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    break;
                }
                try {
                    int before = waitingBytes;
                    wait(left);
                    if (waitingBytes < before) {
                        deadline = System.nanoTime() + PATIENCE.toNanos();
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new CancellationException("interrupted while a client was slow to read");
                }
            }
            boolean stuck = waitingBytes > 0 && waitingBytes + bytes.length > MOST_WAITING;
            if (!stuck && !disconnect.hasHappened()) {
                if (closed) {
                    throw new IllegalStateException("the stream of events is closed");
                }
                waiting.add(bytes);
                waitingBytes += bytes.length;
                notifyAll();
                return;
            }
        }
        leave();
        throw new ClientGoneException(null);
    }

    private void write() {
        try {
            for (byte[] next = next(); next != null; next = next()) {
                out.write(next);
                written(next);
            }
        } catch (IOException e) {
            leave();
        }
    }

    /** Waits for bytes to be sent; what was written before is flushed first where nothing is there. Null at the end. */
    private byte[] next() throws IOException {
        synchronized (this) {
            if (!waiting.isEmpty()) {
                return waiting.remove();
            }
        }
        out.flush();
        synchronized (this) {
            if (waiting.isEmpty() && !closed && !disconnect.hasHappened()) {
                try {
                    wait(HEARTBEAT.toMillis());
                } catch (InterruptedException e) {
                    throw new IOException("interrupted", e);
                }
            }
            if (!waiting.isEmpty()) {
                return waiting.remove();
            }
            return closed || disconnect.hasHappened() ? null : COMMENT;
        }
    }

    private synchronized void written(byte[] bytes) {
        if (bytes != COMMENT) {
            waitingBytes -= bytes.length;
            notifyAll();
        }
    }

    private void leave() {
        disconnect.happen();
        synchronized (this) {
            waiting.clear();
            waitingBytes = 0;
            notifyAll();
        }
    }

    /** Ends the stream when all that was sent is written, or the client has gone. Closing twice is harmless. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        boolean interrupted = false;
        while (writer.isAlive()) {
            try {
                // A write to a client that does not read fails at the server's idle timeout.
                writer.join();
            } catch (InterruptedException e) {
                interrupted = true;
                writer.interrupt();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
