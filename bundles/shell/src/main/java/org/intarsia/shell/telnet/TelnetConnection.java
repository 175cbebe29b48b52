package org.intarsia.shell.telnet;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import org.apache.felix.gogo.jline.Shell;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.intarsia.shell.interactive.InteractiveSetup;
import org.intarsia.shell.interactive.InteractiveShell;
import org.jline.builtins.telnet.Connection;
import org.jline.builtins.telnet.ConnectionData;
import org.jline.builtins.telnet.ConnectionEvent;
import org.jline.builtins.telnet.ConnectionListener;
import org.jline.builtins.telnet.TelnetIO;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.ExternalTerminal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client, its terminal and its session, which end together. */
final class TelnetConnection extends Connection {
    /** Of a client that names none: no cursor that moves, and no colours. */
    private static final String NO_TERMINAL = "dumb";
    /** JLine's name for a terminal that the client has not named, and clients' name for one without abilities. */
    private static final Set<String> NO_TERMINALS = Set.of("default", "unknown", "network", NO_TERMINAL);

    private static final Logger LOGGER = LoggerFactory.getLogger(TelnetConnection.class);

    private final CommandProcessor processor;
    private final Shell shell;
    private final TelnetIO protocol = new TelnetIO();
    private volatile InteractiveShell interactive;

    TelnetConnection(ThreadGroup group, ConnectionData data, CommandProcessor processor, Shell shell) {
        super(group, data);
        this.processor = processor;
        this.shell = shell;
    }

    @Override
    protected void doRun() {
        try {
            protocol.setConnection(this);
            protocol.initIO();
            ((NegotiatingSocket) getConnectionData().getSocket()).endNegotiation();
            try (Terminal terminal = terminal()) {
                serve(terminal);
            }
        } catch (IOException e) {
            LOGGER.debug("a telnet connection is lost", e);
        } catch (Exception e) {
            LOGGER.warn("a telnet session ends: {}", e.getMessage(), e);
        }
    }

    @Override
    protected void doClose() {
        // Closing the socket, as JLine does next, is all that is needed.
    }

    private boolean isPlain() {
        String type = getConnectionData().getNegotiatedTerminalType();
        return type == null || NO_TERMINALS.contains(type.toLowerCase(Locale.ROOT));
    }

    private Terminal terminal() throws IOException {
        String type = isPlain() ? NO_TERMINAL : getConnectionData().getNegotiatedTerminalType().toLowerCase(Locale.ROOT);
        Terminal terminal = new ExternalTerminal("telnet", type, new Received(), new Sent(), StandardCharsets.UTF_8);
        if (isPlain()) {
            // Whoever types sees it already.
            Attributes attributes = terminal.getAttributes();
            attributes.setLocalFlag(Attributes.LocalFlag.ECHO, false);
            terminal.setAttributes(attributes);
        }
        resize(terminal);
        addConnectionListener(new ConnectionListener() {
            @Override
            public void connectionTerminalGeometryChanged(ConnectionEvent event) {
                resize(terminal);
                terminal.raise(Terminal.Signal.WINCH);
            }
        });
        return terminal;
    }

    private void resize(Terminal terminal) {
        terminal.setSize(new Size(getConnectionData().getTerminalColumns(), getConnectionData().getTerminalRows()));
    }

    private void serve(Terminal terminal) throws Exception {
        try (CommandSession session = processor.createSession(terminal.input(), terminal.output(), terminal.output())) {
            session.put(Shell.VAR_TERMINAL, terminal);
            session.put(InteractiveSetup.REMOTE, true);
            if (isPlain()) {
                session.put(InteractiveShell.PLAIN, true);
            }
            shell.gosh(session, new String[] {"--login", "--nointeractive", "--noshutdown"});
            interactive = (InteractiveShell) session.get(InteractiveShell.VARIABLE);
            interactive.run();
            terminal.flush();
        }
    }

    private void lost() {
        InteractiveShell running = interactive;
        if (running != null) {
            running.interrupt();
        }
    }

    /** The client's input; its end interrupts the client's commands. */
    private final class Received extends InputStream {
        @Override
        public int read() {
            try {
                return protocol.read();
            } catch (IOException e) {
                lost();
                return -1;
            }
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            int next = read();
            if (next < 0) {
                return -1;
            }
            target[offset] = (byte) next;
            return 1;
        }
    }

    /** The output to the client. */
    private final class Sent extends OutputStream {
        @Override
        public void write(int value) throws IOException {
            protocol.write(value);
        }

        @Override
        public void flush() throws IOException {
            protocol.flush();
        }
    }
}
