package org.intarsia.shell.script;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.Charset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.felix.gogo.runtime.CommandNotFoundException;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.CommandSessionImpl;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.intarsia.shell.Catalogue;
import org.intarsia.shell.Failure;
import org.intarsia.shell.RunningCommands;
import org.intarsia.text.Quoted;

/**
 * Channels of a session that stay open when a thread is interrupted. Gogo wraps the streams of a session by
 * {@link java.nio.channels.Channels}: such a channel closes itself, and its stream, as soon as an interrupted thread
 * writes to it, and closing standard output puts {@code /dev/null} in its place.
 */
public final class ShieldedChannels extends CommandSessionImpl {
    private static final Pattern GOGO_FAILURE = Pattern.compile("gogo: (\\w+(?:Exception|Error)): (.*)\n", Pattern.DOTALL);

    /** A child session has the very array of its parent, so it can replace the parent's channels; nothing else is done with it. */
    private ShieldedChannels(CommandProcessorImpl processor, CommandSessionImpl parent) {
        super(processor, parent);
        boolean same = err == out;
        channels[0] = new Reading(in);
        channels[1] = new Writing(parent, out);
        channels[2] = same ? channels[1] : new Writing(parent, err);
    }

    /** Replaces the channels of a session that has just been made. */
    public static void protect(CommandProcessor processor, CommandSession session) {
        new ShieldedChannels((CommandProcessorImpl) processor, (CommandSessionImpl) session);
    }

    private record Reading(InputStream in) implements ReadableByteChannel {
        @Override
        public int read(ByteBuffer target) throws IOException {
            byte[] bytes = new byte[target.remaining()];
            int count = in.read(bytes);
            target.put(bytes, 0, Math.max(0, count));
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            // The stream belongs to the one who made the session.
        }
    }

    private record Writing(CommandSession session, OutputStream out) implements WritableByteChannel {
        @Override
        public int write(ByteBuffer source) throws IOException {
            byte[] bytes = new byte[source.remaining()];
            source.get(bytes);
            out.write(plain(bytes));
            out.flush();
            return bytes.length;
        }

        /**
         * Replaces the line that Gogo writes of a command that fails in the midst of a pipe, which names the class of the
         * exception, by the sentence for people. Gogo writes it on the thread of the command, in one call.
         */
        private byte[] plain(byte[] bytes) {
            // Nearly everything is output of commands, which is not decoded.
            if (bytes.length == 0 || bytes[0] != 'g') {
                return bytes;
            }
            Matcher failure = GOGO_FAILURE.matcher(new String(bytes, Charset.defaultCharset()));
            return failure.matches()
                    ? (sentence(failure.group(1), failure.group(2)) + "\n").getBytes(Charset.defaultCharset()) : bytes;
        }

        private String sentence(String type, String message) {
            if (type.equals(CommandNotFoundException.class.getSimpleName())) {
                return Catalogue.unknown(Quoted.line(message.substring(message.lastIndexOf(' ') + 1)), Script.commands(session), "help");
            }
            return RunningCommands.thrown().filter(thrown -> thrown.getClass().getSimpleName().equals(type))
                    .map(thrown -> Failure.of(thrown).sentence()).orElse(Quoted.lines(message));
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() throws IOException {
            out.flush();
        }
    }
}
