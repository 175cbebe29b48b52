package org.intarsia.shell.command;

import org.apache.felix.service.command.annotations.GogoCommand;
import org.intarsia.planning.api.Planner;
import org.intarsia.shell.Arguments;
import org.intarsia.shell.Command;
import org.intarsia.shell.Console;
import org.intarsia.shell.Result;
import org.intarsia.shell.Syntax;
import org.intarsia.shell.UsageException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Works on checkpoints. */
@Component(service = Command.class)
@GogoCommand(scope = Command.SCOPE, function = "weights")
public final class Weights implements Command {
    private final Planner planner;

    /** Made by Declarative Services. */
    @Activate
    public Weights(@Reference Planner planner) {
        this.planner = planner;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("weights", "makes checkpoints")
                .required("WHAT", "random: a checkpoint of random weights in the shape of a configuration, to measure with")
                .words("WHAT", "random")
                .required(RandomWeights.CONFIG, "a config.json, a model directory, or a configuration in the box: "
                        + String.join(", ", planner.shapes()))
                .option(RandomWeights.ENCODING, "E", "how weights are stored; BF16 where not given")
                .option(RandomWeights.OUT, "DIR", "the directory to make")
                .option(RandomWeights.SEED, "N", "equal seeds give equal weights; 0 where not given")
                .example("weights random chameleon-7b --encoding Q8_0 --out random-7b", "7.6 GB of the shape of Chameleon 7B");
    }

    @Override
    public Result run(Arguments arguments, Console console) throws UsageException {
        return new RandomWeights(planner).run(arguments, console);
    }
}
