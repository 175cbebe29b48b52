package org.intarsia.shell.reference;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.intarsia.shell.api.Syntax;

/** Commands with each form of argument, and with letters that mean something to shells and to roff. */
final class Sample {
    private static final Syntax PAINT = Syntax.of("paint", "makes [one] picture: that's all")
            .required("TEXT", "what it shows")
            .option("--model", "NAME|DIR", "the model; `models` lists them").values("--model", Syntax.Kind.MODEL)
            .option("--precision", "exact|fast", "how exactly").words("--precision", "exact", "fast")
            .option("--device", "NAME", "where").values("--device", Syntax.Kind.DEVICE)
            .repeated("--image", "FILE", "a picture to begin with, C:\\star.png")
            .flag("--quick", "fewer steps …")
            .example("paint \"a star\" --quick", "a picture");
    private static final Syntax COPY = Syntax.of("copy", "copies files").required("WHAT", "what").words("WHAT", "all", "some")
            .oneOrMore("FILE", "which");
    private static final Syntax WEIGHTS = Syntax.of("weights", "looks at weights").required("WHAT", "what");
    private static final Syntax CONVERT = Syntax.of("weights convert", "encodes weights").required("FILE", "which")
            .option("--encoding", "NAME", "how").words("--encoding", "F32", "Q8_0");

    static final CommandReference REFERENCE = new CommandReference(syntaxes(), choice -> switch (choice.kind()) {
        case WORD -> choice.words();
        case MODEL -> List.of("picturebook", "my model");
        case DEVICE -> throw new IllegalArgumentException("a script holds no names of devices");
        default -> List.of();
    });

    private Sample() {
    }

    private static SortedMap<String, Syntax> syntaxes() {
        SortedMap<String, Syntax> syntaxes = new TreeMap<>();
        Stream.of(PAINT, COPY, WEIGHTS, CONVERT).forEach(syntax -> syntaxes.put(syntax.command(), syntax));
        return syntaxes;
    }
}
