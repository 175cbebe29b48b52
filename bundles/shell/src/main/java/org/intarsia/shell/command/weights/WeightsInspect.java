package org.intarsia.shell.command.weights;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.intarsia.engine.api.Inspector;
import org.intarsia.model.api.ModelException;
import org.intarsia.shell.api.Arguments;
import org.intarsia.shell.api.Command;
import org.intarsia.shell.api.Console;
import org.intarsia.shell.api.IntarsiaCommand;
import org.intarsia.shell.api.Result;
import org.intarsia.shell.api.Sizes;
import org.intarsia.shell.api.Syntax;
import org.intarsia.shell.api.UsageException;
import org.intarsia.text.Quoted;
import org.intarsia.weights.Checkpoint;
import org.intarsia.weights.TensorInfo;
import org.intarsia.weights.tool.Inspection;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Shows what a checkpoint holds, and what is missing to run it. */
@Component(service = Command.class)
@IntarsiaCommand(WeightsCommand.PREFIX + "inspect")
public final class WeightsInspect implements Command {
    private static final String PATH = "PATH";
    private static final String ALL = "--all";
    private static final String HASH = "--hash";
    /** So many tensors are shown unless all are wanted. */
    private static final int SHOWN = 20;

    private final Inspector inspector;

    @Activate
    public WeightsInspect(@Reference Inspector inspector) {
        this.inspector = inspector;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of(WeightsCommand.PREFIX + "inspect", "shows what a checkpoint holds, and what is missing to run it")
                .required(PATH, "a model directory, or a file: .safetensors, its index, or .gguf")
                .values(PATH, Syntax.Kind.FILE)
                .flag(ALL, "show every tensor, not only the first " + SHOWN)
                .flag(HASH, "read everything for the hash of the content")
                .example("weights inspect llama.gguf --all", "all tensors, without reading their content");
    }

    @Override
    public Result run(Arguments arguments, Console console) throws UsageException {
        Path path = arguments.path(PATH).orElseThrow();
        Inspection inspection = Inspection.of(path, arguments.flag(HASH));
        Seen seen = seen(path, inspection);
        return new Result(seen, seen.text(arguments.flag(ALL) ? Integer.MAX_VALUE : SHOWN));
    }

    private Seen seen(Path path, Inspection inspection) {
        boolean model = Files.isDirectory(path) || Checkpoint.gguf(path).isPresent();
        if (!model) {
            return Seen.of(inspection, Optional.empty(), Optional.of("a file of tensors does not say what model it is of;"
                    + " name its directory"));
        }
        try {
            return Seen.of(inspection, Optional.of(inspector.fit(path)), Optional.empty());
        } catch (ModelException e) {
            return Seen.of(inspection, Optional.empty(), Optional.of(e.getMessage()));
        }
    }

    /** A tensor for programs. */
    public record Row(String name, String encoding, List<Long> shape, long bytes) {
        private Row(TensorInfo tensor) {
            this(tensor.name(), tensor.encoding(), Arrays.stream(tensor.shape().sizes()).boxed().toList(), tensor.bytes());
        }

        private String line() {
            return String.format(Locale.ROOT, "%-64s %-5s %-20s %10s", Quoted.line(name), encoding, shape, Sizes.bytes(bytes));
        }
    }

    /**
     * What {@code --json} prints.
     *
     * @param encodings  how much is stored how
     * @param components how much belongs to which part
     * @param fit        how a model would be put together from it
     * @param noModel    why it is none
     */
    public record Seen(String path, List<Row> tensors, long parameters, long bytes, List<Inspection.Share> encodings,
            List<Inspection.Share> components, String licence, Optional<String> hash, Optional<Inspector.Fit> fit,
            Optional<String> noModel) {
        private static Seen of(Inspection found, Optional<Inspector.Fit> fit, Optional<String> noModel) {
            return new Seen(found.path(), found.tensors().stream().map(Row::new).toList(), found.parameters(), found.bytes(),
                    found.encodings(), found.components(), found.licence(), found.hash().map(hash -> "sha256:" + hash), fit,
                    noModel);
        }

        private String text(int shown) {
            List<String> lines = new ArrayList<>();
            tensors.stream().limit(shown).forEach(tensor -> lines.add(tensor.line()));
            if (tensors.size() > shown) {
                lines.add("… and " + (tensors.size() - shown) + " more; " + ALL + " shows them");
            }
            lines.add("");
            lines.add(String.format(Locale.ROOT, "%s, %s %s, %s", Sizes.counted(tensors.size(), "tensor"),
                    Sizes.count(parameters), parameters == 1 ? "parameter" : "parameters",
                    Sizes.bytes(bytes)));
            lines.addAll(shares("by encoding", encodings));
            lines.addAll(shares("by component", components));
            lines.add("licence: " + Quoted.line(licence));
            hash.ifPresent(content -> lines.add("hash: " + content));
            fit.ifPresent(found -> lines.addAll(parts(found)));
            noModel.ifPresent(reason -> lines.add("no model: " + Quoted.line(reason)));
            return String.join("\n", lines);
        }

        private static List<String> shares(String title, List<Inspection.Share> shares) {
            List<String> lines = new ArrayList<>(List.of(title + ":"));
            shares.forEach(share -> lines.add(String.format(Locale.ROOT, "  %-40s %6d %-7s %10s %-10s %10s",
                    Quoted.line(share.name()), share.tensors(),
                    share.tensors() == 1 ? "tensor" : "tensors",
                    Sizes.count(share.parameters()), share.parameters() == 1 ? "parameter" : "parameters", Sizes.bytes(share.bytes()))));
            return lines;
        }

        private static List<String> parts(Inspector.Fit fit) {
            List<String> lines = new ArrayList<>(List.of("family: " + Quoted.line(fit.family())));
            fit.parts().forEach(part -> lines.add(String.format(Locale.ROOT, "  %-17s %s", part.kind(), part.factory()
                    .map(factory -> factory + " (" + part.bundle().orElseThrow() + ")")
                    .orElseGet(() -> "missing: " + part.missing().stream().collect(Collectors.joining("; "))))));
            return lines;
        }
    }
}
