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
import org.apache.felix.service.command.annotations.GogoCommand;
import org.intarsia.shell.Arguments;
import org.intarsia.shell.Command;
import org.intarsia.shell.Console;
import org.intarsia.shell.Result;
import org.intarsia.shell.Syntax;
import org.jline.builtins.telnet.Telnet;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.ExternalTerminal;
import org.osgi.service.component.ComponentContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * Opens a second way into the interactive shell, for programs of this machine: JLine's telnet server, on the loopback
 * address and nowhere else, since whoever reaches it may do everything. Nothing listens before somebody asks for it.
 */
@Component(service = Command.class)
@GogoCommand(scope = Command.SCOPE, function = "remote")
public final class Remote implements Command {
    private static final String LOOPBACK = "127.0.0.1";
    private static final String START = "start";
    private static final String STOP = "stop";
    private static final String PORT = "--port";
    private static final int USUAL_PORT = 2019;

    /** The server announces each port that it listens on; the command does that. Loggers that nobody holds are forgotten. */
    private static final Logger ANNOUNCER = Logger.getLogger("org.jline.builtins.telnet");

    private final ComponentContext context;
    private final CommandProcessor processor;
    private final Shell shell;
    private Telnet server;

    /**
     * Made by Declarative Services.
     *
     * @param shell there only in an interactive process
     */
    @Activate
    public Remote(ComponentContext context, @Reference CommandProcessor processor,
            @Reference(cardinality = ReferenceCardinality.OPTIONAL, policyOption = ReferencePolicyOption.GREEDY) Shell shell) {
        this.context = context;
        this.processor = processor;
        this.shell = shell;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("remote", "lets programs of this machine into this shell, by telnet, until it is stopped")
                .required("WHAT", START + " or " + STOP)
                .words("WHAT", START, STOP)
                .option(PORT, "N", "where to listen, on " + LOOPBACK + "; " + USUAL_PORT + " where not given")
                .example("remote start --port 2019", "then `telnet " + LOOPBACK + " 2019`; Ctrl-D leaves it");
    }

    @Override
    public synchronized Result run(Arguments arguments, Console console) throws Exception {
        if (shell == null) {
            throw new IllegalStateException("remote needs an interactive shell to let anybody into; call `intarsia` without a"
                    + " command, and this in it");
        }
        int port = arguments.integer(PORT, USUAL_PORT, 1, 65535);
        ANNOUNCER.setLevel(Level.WARNING);
        boolean start = arguments.text("WHAT").equals(START);
        Telnet telnet = server != null ? server : new Telnet(sane(), (terminal, environment) -> serve(terminal));
        // It says itself where it listens, or what is wrong.
        telnet.telnetd(new String[] {"--ip=" + LOOPBACK, "--port=" + port, arguments.text("WHAT")});
        // Gogo lets go of a command after each call, and then it is closed: as long as it listens, it holds on to itself.
        if (start) {
            context.getBundleContext().getService(context.getServiceReference());
        } else {
            context.getBundleContext().ungetService(context.getServiceReference());
        }
        server = start ? telnet : null;
        return new Result(new Listening(LOOPBACK, port, start), "");
    }

    /** Called by Declarative Services: nobody listens for a command that is gone. */
    @Deactivate
    public synchronized void close() throws Exception {
        if (server != null) {
            server.telnetd(new String[] {STOP});
        }
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

    /**
     * What {@code --json} prints.
     *
     * @param address where it listens
     * @param port where it listens
     * @param listening whether it does now
     */
    public record Listening(String address, int port, boolean listening) {
    }
}
