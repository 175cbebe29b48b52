package org.intarsia.shell.telnet;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;

/**
 * A connection to a client that may know nothing of telnet. While the protocol is negotiated JLine throws away the first
 * byte that is none of the protocol's; here it stays, and ends the negotiation as silence would.
 */
final class NegotiatingSocket extends Socket {
    /** "Interpret as command", with which everything of the protocol begins. */
    private static final int IAC = 255;

    private InputStream in;
    private boolean negotiated;

    /** Bytes mean themselves from now on. */
    synchronized void endNegotiation() {
        negotiated = true;
    }

    @Override
    public synchronized InputStream getInputStream() throws IOException {
        if (in == null) {
            in = new Negotiated(new PushbackInputStream(super.getInputStream()));
        }
        return in;
    }

    private final class Negotiated extends FilterInputStream {
        private boolean first = true;

        Negotiated(PushbackInputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int next = in.read();
            if (first && next >= 0 && next != IAC && !isNegotiated()) {
                ((PushbackInputStream) in).unread(next);
                throw new SocketTimeoutException("the client does not negotiate");
            }
            first = false;
            return next;
        }

        private boolean isNegotiated() {
            synchronized (NegotiatingSocket.this) {
                return negotiated;
            }
        }
    }
}
