package org.intarsia.shell.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.intarsia.backend.api.DeviceInfo;
import org.intarsia.engine.api.BackendInfo;
import org.intarsia.engine.api.ComponentInfo;
import org.intarsia.engine.api.Engine;
import org.intarsia.engine.api.FamilyInfo;
import org.intarsia.engine.api.InUse;
import org.intarsia.engine.api.ModelInfo;
import org.intarsia.shell.api.Arguments;
import org.intarsia.shell.api.Command;
import org.intarsia.shell.api.Console;
import org.intarsia.shell.api.IntarsiaCommand;
import org.intarsia.shell.api.Result;
import org.intarsia.shell.api.Syntax;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Draws which models use which components, families and backends, and what nobody uses. */
@Component(service = Command.class)
@IntarsiaCommand("components")
public final class Components implements Command {
    private final Engine engine;

    @Activate
    public Components(@Reference Engine engine) {
        this.engine = engine;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("components", "draws what models are put together from, and what nobody uses")
                .example("components", "a tree: model, generations in flight, components with bundles and versions, device; families");
    }

    @Override
    public Result run(Arguments arguments, Console console) {
        Inventory inventory = inventory();
        return new Result(inventory, inventory.drawing().draw());
    }

    private Inventory inventory() {
        List<InUse> inUse = engine.inUse();
        List<ModelInfo> installed = engine.models();
        // Models in a directory are known by their use only.
        List<Use> models = Stream.concat(installed.stream().map(ModelInfo::name), inUse.stream().map(InUse::model)).distinct()
                .sorted().map(name -> use(name, installed, inUse)).toList();
        return new Inventory(models, engine.families(),
                engine.components().stream().filter(component -> component.usedBy().isEmpty()).toList(),
                engine.backends().stream().filter(backend -> backend.usedBy().isEmpty()).toList());
    }

    private static Use use(String name, List<ModelInfo> installed, List<InUse> inUse) {
        String bundle = installed.stream().filter(model -> model.name().equals(name)).map(ModelInfo::bundle).findFirst().orElse("");
        return new Use(name, bundle, inUse.stream().filter(use -> use.model().equals(name)).toList());
    }

    /**
     * What {@code --json} prints.
     *
     * @param models those that are installed or open
     * @param families all that are installed, with the open models that each presents
     * @param unusedComponents components that no open model uses
     * @param unusedBackends backends that no open model runs on
     */
    public record Inventory(List<Use> models, List<FamilyInfo> families, List<ComponentInfo> unusedComponents,
            List<BackendInfo> unusedBackends) {
        private Tree drawing() {
            List<Tree> branches = new ArrayList<>(models.stream().map(Use::drawing).toList());
            if (models.isEmpty()) {
                branches.add(Tree.leaf("no model is installed or open; install a model bundle, or name a directory with --model DIR"));
            }
            if (!families.isEmpty()) {
                branches.add(new Tree("families", families.stream().map(Components::drawing).toList()));
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
     * @param inUse what it is made of; several where a component was swapped and generations keep the former one
     */
    public record Use(String model, String bundle, List<InUse> inUse) {
        private Tree drawing() {
            return new Tree(model + (bundle.isEmpty() ? "" : " (" + bundle + ")") + (inUse.isEmpty() ? ": at rest" : ""),
                    inUse.stream().map(Components::drawing).toList());
        }
    }

    private static Tree drawing(InUse inUse) {
        String count = inUse.generations() == 1 ? "1 generation in flight" : inUse.generations() + " generations in flight";
        Stream<String> lines = Stream.concat(inUse.components().stream()
                .map(part -> String.format(Locale.ROOT, "%s %s (%s)", part.kind(), part.name(), part.bundle())),
                        inUse.device().stream());
        return new Tree(count + (inUse.outdated() ? ", kept until they end" : ""), lines.map(Tree::leaf).toList());
    }

    private static Tree drawing(FamilyInfo family) {
        return Tree.leaf(String.format(Locale.ROOT, "%s (%s)%s", family.name(), family.bundle(),
                family.usedBy().isEmpty() ? "" : ": " + String.join(", ", family.usedBy())));
    }

    private static Tree drawing(ComponentInfo component) {
        return Tree.leaf(String.format(Locale.ROOT, "%s %s (%s)", component.kind(), component.name(), component.bundle()));
    }

    private static Tree drawing(BackendInfo backend) {
        List<Tree> devices = backend.devices().isEmpty() ? List.of(Tree.leaf("no device: " + backend.unavailable()))
                : backend.devices().stream().map(Components::drawing).toList();
        return new Tree(String.format(Locale.ROOT, "backend %s (%s)", backend.name(), backend.bundle()), devices);
    }

    private static Tree drawing(DeviceInfo device) {
        return Tree.leaf(String.format(Locale.ROOT, "device %s: %s, %.1f GiB", device.name(), device.description(),
                device.memoryBytes() / (double) (1L << 30)));
    }
}
