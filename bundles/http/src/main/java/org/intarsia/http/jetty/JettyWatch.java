package org.intarsia.http.jetty;

import jakarta.servlet.ServletRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.intarsia.http.ClientWatch;

/**
 * Notices through Jetty that a client has closed its connection. While a request of HTTP/1.1 is answered, Jetty does not look
 * at its connection; so this does, until the answer is complete. A client that sends its next request early would lose the
 * byte that is read here, so its connection is closed after the answer, and it sends that request again.
 */
public final class JettyWatch implements ClientWatch {
    private final ServletRequest request;
    private EndPoint endPoint;
    private Runnable gone;
    private boolean closed;
    private boolean byteTaken;

    /** A watch for the connection of a request that Jetty has read. */
    public JettyWatch(ServletRequest request) {
        this.request = request;
    }

    @Override
    public void begin(Runnable gone) {
        ServletContextRequest context = ServletContextRequest.getServletContextRequest(request);
        synchronized (this) {
            if (closed || context == null) {
                return;
            }
            this.gone = gone;
            endPoint = context.getConnectionMetaData().getConnection().getEndPoint();
        }
        look();
    }

    /** Waits for something to read: the end of the connection, or an early request. */
    private void look() {
        synchronized (this) {
            if (closed) {
                return;
            }
        }
        endPoint.tryFillInterested(Callback.from(this::read, this::failed));
    }

    private void read() {
        boolean end;
        synchronized (this) {
            if (closed) {
                return;
            }
            try {
                ByteBuffer one = BufferUtil.allocate(1);
                int length = endPoint.fill(one);
                byteTaken |= length > 0;
                end = length < 0;
                if (length == 0) {
                    endPoint.tryFillInterested(Callback.from(this::read, this::failed));
                }
            } catch (IOException e) {
                end = true;
            }
        }
        if (end) {
            gone.run();
        }
    }

    private void failed(Throwable cause) {
        if (cause instanceof TimeoutException) {
            // Nothing is said on a connection whose request is being worked on.
            look();
            return;
        }
        synchronized (this) {
            if (closed) {
                return;
            }
        }
        gone.run();
    }

    @Override
    public boolean end() {
        synchronized (this) {
            boolean ended = closed || endPoint == null;
            closed = true;
            if (ended) {
                return byteTaken;
            }
        }
        if (endPoint instanceof AbstractEndPoint known) {
            // Jetty waits for the next request itself.
            known.getFillInterest().onFail(new IOException("the request is answered"));
        }
        synchronized (this) {
            return byteTaken;
        }
    }

    @Override
    public void disconnect() {
        EndPoint known;
        synchronized (this) {
            known = endPoint;
        }
        if (known != null) {
            known.close();
        }
    }
}
