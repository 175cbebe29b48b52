package org.intarsia.evaluation;

import org.intarsia.backend.api.Precision;
import org.intarsia.engine.api.AdapterChoice;
import org.intarsia.engine.api.Engine;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.Placement;
import org.intarsia.shell.api.Arguments;
import org.intarsia.shell.api.PlacementOptions;
import org.intarsia.shell.api.Syntax;
import org.intarsia.shell.api.UsageException;

/** Opens the model that the options of a call name. */
final class Opening {
    private Opening() {
    }

    /** Adds the options that name a model and its placement. */
    static Syntax placed(Syntax syntax) {
        return PlacementOptions.spread(PlacementOptions.adapted(PlacementOptions.placed(syntax, Engine.DEFAULT_MODEL)));
    }

    /** Returns where the model shall run. */
    static Placement placement(Arguments arguments) throws UsageException {
        return new Placement(arguments.value(PlacementOptions.BACKEND), arguments.value(PlacementOptions.DEVICE),
                arguments.value(PlacementOptions.PRECISION).map(Precision::of), PlacementOptions.hosts(arguments));
    }

    /** Opens the model that was asked for, where it was asked to run. */
    static Model open(Engine engine, Arguments arguments) throws UsageException {
        return open(engine, arguments, placement(arguments));
    }

    /** Opens the model that was asked for, wherever it shall run. */
    static Model open(Engine engine, Arguments arguments, Placement placement) throws UsageException {
        return engine.open(PlacementOptions.find(arguments, PlacementOptions.MODEL,
                arguments.value(PlacementOptions.MODEL).orElse(Engine.DEFAULT_MODEL), engine::isInstalled), placement,
                PlacementOptions.adapters(arguments).stream().map(each -> new AdapterChoice(each.folder(), each.weight())).toList());
    }
}
