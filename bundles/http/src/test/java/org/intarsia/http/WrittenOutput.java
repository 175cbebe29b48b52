package org.intarsia.http;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.ByteArrayOutputStream;

/** The output of an answer, kept in memory. */
public final class WrittenOutput extends ServletOutputStream {
    private final ByteArrayOutputStream body;

    /** An output that writes to {@code body}. */
    public WrittenOutput(ByteArrayOutputStream body) {
        this.body = body;
    }

    @Override
    public void write(int unit) {
        body.write(unit);
    }

    @Override
    public boolean isReady() {
        return true;
    }

    @Override
    public void setWriteListener(WriteListener listener) {
        throw new UnsupportedOperationException();
    }
}
