package org.intarsia.shell.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.felix.gogo.jline.Shell;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.jline.builtins.telnet.Telnet;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.ExternalTerminal;

/** Gogo's interactive shell behind JLine's telnet server, on the loopback address. */
final class TelnetShell {
    static final String LOOPBACK = "127.0.0.1";

    /** The server announces each port in the log, too. Held here, since loggers that nobody holds are forgotten. */
    private static final Logger ANNOUNCER = Logger.getLogger("org.jline.builtins.telnet");

    /** The server skips the first word of a call. */
    private static final String NAME = "telnetd";

    private final CommandProcessor processor;
    private final Shell shell;
    private final Telnet server;

    /**
     * @param processor makes the sessions of those who come in
     * @param shell Gogo's service
     */
    TelnetShell(CommandProcessor processor, Object shell) throws IOException {
        this.processor = processor;
        this.shell = (Shell) shell;
        this.server = new Telnet(sane(), (terminal, environment) -> serve(terminal));
        ANNOUNCER.setLevel(Level.WARNING);
    }

    /** Listens from now on; says so on standard output. */
    void start(int port) throws Exception {
        server.telnetd(new String[] {NAME, "--ip=" + LOOPBACK, "--port=" + port, "start"});
    }

    /** Listens no more; this may take a minute, since the server waits for its look at idle connections, once a minute. */
    void stop() throws Exception {
        server.telnetd(new String[] {NAME, "stop"});
    }

    /** Whoever comes in gets a terminal with the settings of this one. */
    private static Terminal sane() throws IOException {
        return new ExternalTerminal("telnet", "ansi", InputStream.nullInputStream(), OutputStream.nullOutputStream(),
                StandardCharsets.UTF_8);
    }

    private void serve(Terminal terminal) {
        try (CommandSession session = processor.createSession(terminal.input(), terminal.output(), terminal.output())) {
            session.put(Shell.VAR_TERMINAL, terminal);
            shell.gosh(session, new String[] {"--login", "--noshutdown"});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
