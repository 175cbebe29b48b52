package org.intarsia.http.server;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.time.Duration;
import org.intarsia.http.HttpException;
import org.intarsia.http.Limits;

/**
 * The body of a request within its limits of size and time: a client that sends it a byte now and then would else keep its
 * request for as long as it likes.
 */
final class BoundedInput extends ServletInputStream {
    /** Bytes a second that every client manages, once the time for a short body is over. */
    private static final long LEAST_RATE = 4096;
    private static final int RETRY_SECONDS = 5;

    private final ServletInputStream in;
    private final Limits limits;
    private final Duration patience;
    private final BodyMemory memory;
    private final long begun = System.nanoTime();
    private long count;

    BoundedInput(ServletInputStream in, Limits limits, Duration patience, BodyMemory memory) {
        this.in = in;
        this.limits = limits;
        this.patience = patience;
        this.memory = memory;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int read = in.read(bytes, offset, length);
        if (read > 0) {
            if (!memory.take(read)) {
                throw HttpException.busy(503, RETRY_SECONDS, "the bodies of the requests that are answered at the moment take all the memory"
                        + " that there is for them; try again later");
            }
            count += read;
            if (count > limits.bodyBytes()) {
                throw limits.tooLarge();
            }
            if (System.nanoTime() - begun > patience.toNanos() + count * 1_000_000_000 / LEAST_RATE) {
                throw HttpException.refused(408, "body_timeout", "the body of the request came too slowly; send it again");
            }
        }
        return read;
    }

    /** Gives back the memory of the body, which nobody needs any more. */
    void release() {
        memory.giveBack(count);
        count = 0;
    }

    @Override
    public boolean isFinished() {
        return in.isFinished();
    }

    @Override
    public boolean isReady() {
        return in.isReady();
    }

    @Override
    public void setReadListener(ReadListener listener) {
        in.setReadListener(listener);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
