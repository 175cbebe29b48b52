package org.intarsia.shell;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;

/**
 * Standard output, whose faults end the command. A {@link PrintStream} keeps an {@link IOException} to itself, so that a
 * command would go on behind a closed pipe, and end well on a full disk; this one throws it unchecked, which a
 * {@link PrintStream} lets pass.
 */
final class StandardOutput extends OutputStream {
    private final OutputStream descriptor;

    private StandardOutput(OutputStream descriptor) {
        this.descriptor = descriptor;
    }

    /** Standard output could not be written; nobody reads it, or the disk is full. */
    static final class Failed extends UncheckedIOException {
        private static final long serialVersionUID = 1L;

        Failed(IOException cause) {
            super("standard output cannot be written (" + cause.getMessage() + ")", cause);
        }
    }

    /**
     * Returns a stream that is flushed after each line.
     *
     * @param charset what standard output is encoded in
     */
    static PrintStream stream(Charset charset) {
        return stream(new FileOutputStream(FileDescriptor.out), charset);
    }

    /** The same for a stream in place of standard output. */
    static PrintStream stream(OutputStream descriptor, Charset charset) {
        return new PrintStream(new BufferedOutputStream(new StandardOutput(descriptor)), true, charset);
    }

    @Override
    public void write(int octet) {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) {
        try {
            descriptor.write(bytes, from, count);
        } catch (IOException e) {
            throw new Failed(e);
        }
    }
}
