package org.intarsia.shell.command.weights;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.intarsia.shell.api.Arguments;
import org.intarsia.shell.api.Command;
import org.intarsia.shell.api.Console;
import org.intarsia.shell.api.IntarsiaCommand;
import org.intarsia.shell.api.Progress;
import org.intarsia.shell.api.Result;
import org.intarsia.shell.api.Sizes;
import org.intarsia.shell.api.Syntax;
import org.intarsia.shell.api.UsageException;
import org.intarsia.text.Quoted;
import org.intarsia.weights.tool.Manifest;
import org.intarsia.weights.tool.Verification;
import org.osgi.service.component.annotations.Component;

/** Checks the files and values of a checkpoint. */
@Component(service = Command.class)
@IntarsiaCommand(WeightsCommand.PREFIX + "verify")
public final class WeightsVerify implements Command {
    private static final String PATH = "PATH";
    private static final String MANIFEST = "--manifest";
    private static final String WRITE = "--write";
    private static final String ALL = "--all";

    @Override
    public Syntax syntax() {
        return Syntax.of(WeightsCommand.PREFIX + "verify", "checks that a checkpoint is what was published, and holds nothing but numbers")
                .required(PATH, "a model directory, or a file")
                .values(PATH, Syntax.Kind.FILE)
                .option(MANIFEST, "FILE", "what the SHA-256 of its files shall be: lines HASH  NAME, as sha256sum writes them")
                .option(WRITE, "FILE", "write such a manifest")
                .flag(ALL, "show the range of every tensor's values")
                .example("weights verify model --manifest SHA256SUMS", "hashes, and no value that is not a number");
    }

    @Override
    public Result run(Arguments arguments, Console console) throws UsageException {
        Optional<Manifest> manifest = arguments.path(MANIFEST).map(Manifest::read);
        Optional<Path> written = arguments.path(WRITE);
        try (Progress progress = console.progress()) {
            Verification found = Verification.of(arguments.path(PATH).orElseThrow(), manifest, written.isPresent(),
                    progress::bytes);
            written.ifPresent(file -> new Manifest(found.hashes()).write(file));
            return new Result(found, text(found, arguments.flag(ALL)), failure(found));
        }
    }

    private static String text(Verification found, boolean all) {
        List<String> lines = new ArrayList<>();
        if (all) {
            found.ranges().forEach(range -> lines.add(String.format(Locale.ROOT, "%-64s %-5s from %.6g to %.6g, mean %.6g",
                    Quoted.line(range.name()), range.encoding(), range.least(), range.most(), range.mean())));
        }
        lines.addAll(new Manifest(found.hashes()).lines());
        if (!found.unchecked().isEmpty()) {
            lines.add("not checked, as their types cannot be read: " + found.unchecked().stream().map(Quoted::line).collect(Collectors.joining(", ")));
        }
        lines.addAll(found.wrong());
        if (found.wrong().isEmpty()) {
            lines.add(String.format(Locale.ROOT, "%s: %s of floating-point values, every value a finite number",
                    found.unchecked().isEmpty() ? "all is well" : "no fault in what was checked",
                    Sizes.counted(found.ranges().size(), "tensor")));
        }
        return String.join("\n", lines);
    }

    private static Optional<String> failure(Verification found) {
        if (found.ranges().isEmpty() && !found.unchecked().isEmpty()) {
            return Optional.of("nothing in '" + found.path() + "' could be checked: the types of its tensors cannot be read");
        }
        return found.wrong().isEmpty() ? Optional.empty()
                : Optional.of(found.wrong().size() + " wrong in '" + found.path() + "': " + String.join("; ", found.wrong()));
    }
}
