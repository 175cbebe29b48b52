package org.intarsia.shell.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.intarsia.backend.api.DeviceInfo;
import org.intarsia.engine.api.BackendInfo;
import org.intarsia.engine.api.ComponentInfo;
import org.intarsia.engine.api.Engine;
import org.intarsia.engine.api.ModelInfo;
import org.intarsia.shell.Arguments;
import org.intarsia.shell.Command;
import org.intarsia.shell.Console;
import org.intarsia.shell.Result;
import org.intarsia.shell.Syntax;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Draws which models use which components and backends, and what nobody uses. */
@Component(service = Command.class)
@GogoCommand(scope = Command.SCOPE, function = "components")
public final class Components implements Command {
    private final Engine engine;

    /** Made by Declarative Services. */
    @Activate
    public Components(@Reference Engine engine) {
        this.engine = engine;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("components", "draws what models are put together from, and what nobody uses")
                .example("components", "a tree: model, components with their bundles, backend with its devices");
    }

    @Override
    public Result run(Arguments arguments, Console console) {
        Inventory inventory = inventory();
        return new Result(inventory, inventory.drawing().draw());
    }

    private Inventory inventory() {
        List<ComponentInfo> components = engine.components();
        List<BackendInfo> backends = engine.backends();
        List<ModelInfo> installed = engine.models();
        // Models in a directory are known by their users only.
        Stream<String> names = Stream.of(installed.stream().map(ModelInfo::name),
                components.stream().flatMap(component -> component.usedBy().stream()),
                backends.stream().flatMap(backend -> backend.usedBy().stream())).flatMap(Function.identity());
        List<Use> models = names.distinct().sorted().map(name -> use(name, installed, components, backends)).toList();
        return new Inventory(models, components.stream().filter(component -> component.usedBy().isEmpty()).toList(),
                backends.stream().filter(backend -> backend.usedBy().isEmpty()).toList());
    }

    private static Use use(String name, List<ModelInfo> installed, List<ComponentInfo> components, List<BackendInfo> backends) {
        String bundle = installed.stream().filter(model -> model.name().equals(name)).map(ModelInfo::bundle).findFirst().orElse("");
        return new Use(name, bundle, components.stream().filter(component -> component.usedBy().contains(name)).toList(),
                backends.stream().filter(backend -> backend.usedBy().contains(name)).toList());
    }

    /**
     * What {@code --json} prints.
     *
     * @param models those that are installed or open
     * @param unusedComponents components that no open model uses
     * @param unusedBackends backends that no open model runs on
     */
    public record Inventory(List<Use> models, List<ComponentInfo> unusedComponents, List<BackendInfo> unusedBackends) {
        private Tree drawing() {
            List<Tree> branches = new ArrayList<>(models.stream().map(Use::drawing).toList());
            if (models.isEmpty()) {
                branches.add(Tree.leaf("no model is installed or open; install a model bundle, or name a directory with --model DIR"));
            }
            if (!unusedComponents.isEmpty() || !unusedBackends.isEmpty()) {
                branches.add(new Tree("not in use", Stream.concat(unusedComponents.stream().map(Components::drawing),
                        unusedBackends.stream().map(Components::drawing)).toList()));
            }
            return new Tree("", branches);
        }
    }

    /**
     * A model and what it uses at this moment.
     *
     * @param model its name
     * @param bundle symbolic name and version of the bundle that holds it; empty for a directory
     * @param components of each kind, those that it has made components with
     * @param backends those that it runs on
     */
    public record Use(String model, String bundle, List<ComponentInfo> components, List<BackendInfo> backends) {
        private Tree drawing() {
            String state = components.isEmpty() && backends.isEmpty() ? ": at rest" : "";
            return new Tree(model + (bundle.isEmpty() ? "" : " (" + bundle + ")") + state, Stream.concat(
                    components.stream().map(Components::drawing), backends.stream().map(Components::drawing)).toList());
        }
    }

    private static Tree drawing(ComponentInfo component) {
        return Tree.leaf("%s %s (%s)".formatted(component.kind(), component.name(), component.bundle()));
    }

    private static Tree drawing(BackendInfo backend) {
        List<Tree> devices = backend.devices().isEmpty() ? List.of(Tree.leaf("no device: " + backend.unavailable()))
                : backend.devices().stream().map(Components::drawing).toList();
        return new Tree("backend %s (%s)".formatted(backend.name(), backend.bundle()), devices);
    }

    private static Tree drawing(DeviceInfo device) {
        return Tree.leaf(String.format(Locale.ROOT, "device %s: %s, %.1f GiB", device.name(), device.description(),
                device.memoryBytes() / (double) (1L << 30)));
    }
}
