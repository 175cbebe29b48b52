package org.intarsia.shell.command.weights;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.intarsia.shell.api.Arguments;
import org.intarsia.shell.api.Command;
import org.intarsia.shell.api.Console;
import org.intarsia.shell.api.IntarsiaCommand;
import org.intarsia.shell.api.Progress;
import org.intarsia.shell.api.Result;
import org.intarsia.shell.api.Syntax;
import org.intarsia.shell.api.UsageException;
import org.intarsia.text.Quoted;
import org.intarsia.weights.tool.Comparison;
import org.osgi.service.component.annotations.Component;

/** Tells in what two checkpoints differ. */
@Component(service = Command.class)
@IntarsiaCommand(WeightsCommand.PREFIX + "diff")
public final class WeightsDiff implements Command {
    private static final String FIRST = "A";
    private static final String SECOND = "B";

    @Override
    public Syntax syntax() {
        return Syntax.of(WeightsCommand.PREFIX + "diff", "tells which tensors of two checkpoints differ, and by how much")
                .required(FIRST, "a model directory, or a file")
                .required(SECOND, "another")
                .values(FIRST, Syntax.Kind.FILE)
                .values(SECOND, Syntax.Kind.FILE)
                .example("weights diff base fine-tuned", "what the tuning has changed");
    }

    @Override
    public Result run(Arguments arguments, Console console) throws UsageException {
        try (Progress progress = console.progress()) {
            Comparison found = Comparison.of(arguments.path(FIRST).orElseThrow(), arguments.path(SECOND).orElseThrow(),
                    progress::bytes);
            return new Result(found, text(found));
        }
    }

    private static String text(Comparison found) {
        List<String> lines = new ArrayList<>();
        found.onlyInFirst().forEach(name -> lines.add("only in the first:  " + Quoted.line(name)));
        found.onlyInSecond().forEach(name -> lines.add("only in the second: " + Quoted.line(name)));
        found.misshapen().forEach(tensor -> lines.add(String.format(Locale.ROOT,
                "other shape:        %s is %s in the first, %s in the second",
                Quoted.line(tensor.name()), tensor.first(), tensor.second())));
        found.differences().stream().sorted(Comparator.comparingDouble(Comparison.Difference::relative).reversed())
                .forEach(tensor -> lines.add(String.format(Locale.ROOT, "%-64s %-11s most %.3g, relative %.3g",
                        Quoted.line(tensor.name()),
                        tensor.first().equals(tensor.second()) ? tensor.first() : tensor.first() + " → " + tensor.second(),
                        tensor.most(), tensor.relative())));
        if (!found.uncompared().isEmpty()) {
            lines.add("not compared, as their types cannot be read: " + found.uncompared().stream().map(Quoted::line).collect(Collectors.joining(", ")));
        }
        lines.add(String.format(Locale.ROOT, "tensors: %,d equal, %,d different, %,d of another shape, %,d in one only%s",
                found.equal(),
                found.differences().size(), found.misshapen().size(),
                found.onlyInFirst().size() + found.onlyInSecond().size(),
                found.uncompared().isEmpty() ? "" : String.format(Locale.ROOT, ", %,d not compared", found.uncompared().size())));
        return String.join("\n", lines);
    }
}
