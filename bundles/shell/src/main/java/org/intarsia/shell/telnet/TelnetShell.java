package org.intarsia.shell.telnet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.felix.gogo.jline.Shell;
import org.apache.felix.service.command.CommandProcessor;
import org.jline.builtins.telnet.Connection;
import org.jline.builtins.telnet.ConnectionData;
import org.jline.builtins.telnet.ConnectionManager;

/**
 * The interactive shell for telnet clients, on the loopback address. JLine speaks the protocol; its own server is not used,
 * since it fails where a client names no terminal, and ends connections that are silent for some minutes.
 */
final class TelnetShell {
    static final String LOOPBACK = "127.0.0.1";

    /** JLine's parts announce each connection in the log. Held here, since loggers that nobody holds are forgotten. */
    private static final Logger ANNOUNCER = Logger.getLogger("org.jline.builtins.telnet");

    private static final int MOST_CONNECTIONS = 100;
    private static final int BACKLOG = 10;
    /** JLine's interval for finding ended connections; stopping waits so long at most. */
    private static final int HOUSEKEEPING_MILLIS = 500;

    private final CommandProcessor processor;
    private final Shell shell;
    private final ConnectionManager connections;
    private ServerSocket server;

    /**
     * @param processor makes the sessions of those who come in
     * @param shell Gogo's service
     */
    TelnetShell(CommandProcessor processor, Object shell) {
        this.processor = processor;
        this.shell = (Shell) shell;
        // No connection is idle: a command may take hours.
        this.connections = new ConnectionManager(MOST_CONNECTIONS, Integer.MAX_VALUE, 0, HOUSEKEEPING_MILLIS, null, null, false) {
            @Override
            protected Connection createConnection(ThreadGroup group, ConnectionData data) {
                return new TelnetConnection(group, data, TelnetShell.this.processor, TelnetShell.this.shell);
            }
        };
        ANNOUNCER.setLevel(Level.WARNING);
    }

    /** Listens from now on. */
    void start(int port) throws IOException {
        server = new ServerSocket() {
            @Override
            public Socket accept() throws IOException {
                Socket socket = new NegotiatingSocket();
                implAccept(socket);
                return socket;
            }
        };
        server.bind(new InetSocketAddress(InetAddress.getByName(LOOPBACK), port), BACKLOG);
        connections.start();
        Thread.ofPlatform().name("Intarsia telnet").start(this::accept);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                connections.makeConnection(server.accept());
            } catch (SocketException e) {
                // Closed, which ends the loop, or a client that has left already.
                continue;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Listens no more, and ends the sessions of those who are in. */
    void stop() throws IOException {
        server.close();
        connections.stop();
    }
}
