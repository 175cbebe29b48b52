package org.intarsia.shell.telnet;

import java.net.BindException;
import org.apache.felix.service.command.CommandProcessor;
import org.intarsia.shell.api.Arguments;
import org.intarsia.shell.api.Command;
import org.intarsia.shell.api.Console;
import org.intarsia.shell.api.IntarsiaCommand;
import org.intarsia.shell.api.Result;
import org.intarsia.shell.api.Syntax;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.ComponentContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Opens a second way into the interactive shell, for programs of this machine: by telnet on the loopback address and
 * nowhere else, since whoever reaches it may do everything. Nothing listens before somebody asks for it.
 */
@Component(service = Command.class)
@IntarsiaCommand("remote")
public final class Remote implements Command {
    /** A service of Gogo's in an interactive process; elsewhere even its class may be missing. */
    private static final String SHELL = "org.apache.felix.gogo.jline.Shell";
    private static final String START = "start";
    private static final String STOP = "stop";
    private static final String PORT = "--port";
    private static final int USUAL_PORT = 2019;

    private final ComponentContext component;
    private final CommandProcessor processor;
    private TelnetShell server;

    @Activate
    public Remote(ComponentContext component, @Reference CommandProcessor processor) {
        this.component = component;
        this.processor = processor;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("remote", "lets programs of this machine into this shell, by telnet, until it is stopped")
                .required("WHAT", START + " or " + STOP)
                .words("WHAT", START, STOP)
                .option(PORT, "N", "where to listen, on " + TelnetShell.LOOPBACK + "; " + USUAL_PORT + " where not given")
                .example("remote start --port 2019", "then `telnet " + TelnetShell.LOOPBACK + " 2019`; exit or Ctrl-D leaves it");
    }

    @Override
    public synchronized Result run(Arguments arguments, Console console) throws Exception {
        int port = arguments.integer(PORT, USUAL_PORT, 1, 65535);
        boolean start = arguments.text("WHAT").equals(START);
        if (start == (server != null)) {
            throw new IllegalStateException(start ? "a remote shell is open already; `remote stop` closes it" : "no remote shell is open");
        }
        if (start) {
            TelnetShell opened = open();
            try {
                opened.start(port);
            } catch (BindException e) {
                throw new IllegalStateException("port " + port + " cannot be used: " + e.getMessage() + "; take another with "
                        + PORT, e);
            }
            server = opened;
            // Gogo lets go of a command after each call, and then it is closed: as long as it listens, it holds on to itself.
            component.getBundleContext().getService(component.getServiceReference());
        } else {
            close();
            component.getBundleContext().ungetService(component.getServiceReference());
        }
        return new Result(new Listening(TelnetShell.LOOPBACK, port, start), start
                ? "listening on " + TelnetShell.LOOPBACK + ":" + port : "the remote shell is closed");
    }

    /** Called by Declarative Services: nobody listens for a command that is gone. */
    @Deactivate
    public synchronized void close() throws Exception {
        if (server != null) {
            TelnetShell open = server;
            server = null;
            open.stop();
        }
    }

    private TelnetShell open() throws Exception {
        BundleContext context = component.getBundleContext();
        ServiceReference<?> shell = context.getServiceReference(SHELL);
        if (shell == null) {
            throw new IllegalStateException("there is no interactive shell to let anybody into; call `intarsia` without a"
                    + " command, and remote in it");
        }
        return new TelnetShell(processor, context.getService(shell));
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
