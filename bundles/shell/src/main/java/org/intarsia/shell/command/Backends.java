package org.intarsia.shell.command;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.intarsia.backend.api.Backend;
import org.intarsia.backend.api.DeviceInfo;
import org.intarsia.shell.api.Arguments;
import org.intarsia.shell.api.Command;
import org.intarsia.shell.api.Console;
import org.intarsia.shell.api.IntarsiaCommand;
import org.intarsia.shell.api.Result;
import org.intarsia.shell.api.Syntax;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Lists the compute backends that are there now, with their devices. */
@Component(service = Command.class)
@IntarsiaCommand("backends")
public final class Backends implements Command {
    @Reference
    private volatile List<Backend> backends;

    @Override
    public Syntax syntax() {
        return Syntax.of("backends", "lists the compute backends and their devices")
                .example("backends", "every device, best first");
    }

    @Override
    public Result run(Arguments arguments, Console console) {
        List<Entry> entries = backends.stream()
                .map(backend -> new Entry(backend.name(), backend.devices(), backend.unavailable()))
                .sorted(Comparator.comparing(Entry::name))
                .toList();
        String text = entries.isEmpty()
                ? "no backend is installed; put a backend bundle into the deploy folder"
                : entries.stream().map(Entry::text).collect(Collectors.joining("\n"));
        return new Result(entries, text);
    }

    /**
     * One line of the list.
     *
     * @param name what {@code --backend} takes
     * @param devices its devices, best first
     * @param unavailable why there is none, in a sentence; empty while there is one
     */
    public record Entry(String name, List<DeviceInfo> devices, String unavailable) {
        private String text() {
            return devices.isEmpty()
                    ? name + ": " + unavailable
                    : devices.stream().map(this::line).collect(Collectors.joining("\n"));
        }

        private String line(DeviceInfo device) {
            String line = String.format(Locale.ROOT, "%s/%s: %s, %.1f GiB", name, device.name(), device.description(),
                    device.memoryBytes() / (double) (1L << 30));
            return device.features().isEmpty() ? line : line + ", " + String.join(" ", device.features());
        }
    }
}
