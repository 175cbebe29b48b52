package org.intarsia.shell.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.Differences;
import org.intarsia.engine.api.Engine;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.PictureFiles;
import org.intarsia.engine.api.PictureRecord;
import org.intarsia.engine.api.Placement;
import org.intarsia.engine.api.Request;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelException;
import org.intarsia.shell.api.Arguments;
import org.intarsia.shell.api.Command;
import org.intarsia.shell.api.Console;
import org.intarsia.shell.api.IntarsiaCommand;
import org.intarsia.shell.api.Result;
import org.intarsia.shell.api.Syntax;
import org.intarsia.shell.api.UsageException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Makes a picture again from the record inside it, and compares. */
@Component(service = Command.class)
@IntarsiaCommand("reproduce")
public final class Reproduce implements Command {
    private final Engine engine;

    @Activate
    public Reproduce(@Reference Engine engine) {
        this.engine = engine;
    }

    @Override
    public Syntax syntax() {
        return ModelOptions.placed(Syntax.of("reproduce", "makes a picture again from the record inside it, and compares")
                .required("FILE", "a picture that this platform made")
                .repeated(ModelOptions.IMAGE, "FILE", "a picture that it began with; the one of which cells were drawn anew last")
                .option("--out", "FILE", "where the new picture goes, PNG or JPEG by its ending; it is not kept where not given"))
                .example("reproduce star.png", "says whether every bit is the same");
    }

    @Override
    public Result run(Arguments arguments, Console console) throws UsageException {
        Path file = arguments.path("FILE").orElseThrow();
        PictureRecord record = PictureFiles.record(file).map(json -> PictureRecord.parse(file.toString(), json))
                .orElseThrow(() -> new ModelException(file + " carries no record: it was made elsewhere, or with --no-record"));
        List<Image> images = ModelOptions.images(arguments);
        check(record, images);
        List<Request> requests = record.requests(images);
        Optional<Path> out = arguments.path("--out");
        out.ifPresent(PictureFiles::check);
        Placement asked = ModelOptions.placement(arguments);
        // As exactly as then: what is usual may have changed.
        Placement placement = asked.precision().isPresent() ? asked : asked.with(record.origin().precision());
        try (Model model = ModelOptions.open(engine, arguments, record.origin().model(), placement)) {
            record.checkAdapters(model);
            Answer answer = model.prepare(requests, event -> { }).run().get(record.place());
            Image picture = answer.images().getFirst();
            Optional<String> again = Optional.of(PictureRecord.of(answer, requests.get(record.place()), record.together(),
                    record.place()).json());
            out.ifPresent(place -> PictureFiles.write(place, picture, again));
            return compare(file, PictureFiles.format(file).encode(picture, again), answer, record).result();
        }
    }

    private static void check(PictureRecord record, List<Image> images) {
        if (images.size() != record.given()) {
            throw new ModelException("pictures to begin with: " + record.given() + " then, " + images.size() + " now; hand them in"
                    + " with " + ModelOptions.IMAGE + ", in their order"
                    + (record.redrawn().isPresent() ? ", the one of which cells were drawn anew last" : ""));
        }
    }

    private static Reproduced compare(Path file, byte[] made, Answer answer, PictureRecord record) {
        List<String> differences = record.differences(answer.origin());
        OptionalInt divergence = Differences.firstToken(record.tokens(), answer.ids());
        try {
            boolean bytes = Arrays.equals(made, Files.readAllBytes(file));
            int colours = bytes ? 0 : Differences.colours(PictureFiles.read(made), PictureFiles.read(file));
            return new Reproduced(file.toString(), bytes, colours, divergence.isEmpty(), divergence.orElse(-1), differences);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * What {@code --json} prints.
     *
     * @param file        the picture
     * @param sameBytes   whether the very file came out again
     * @param colours     the largest difference of a colour, of 255; where sizes differ, 255
     * @param sameTokens  whether the same tokens were chosen
     * @param divergence  the first token that differs, from 0; -1 where none does
     * @param differences in what then and now differ: model, weights, components, devices
     */
    public record Reproduced(String file, boolean sameBytes, int colours, boolean sameTokens, int divergence,
            List<String> differences) {
        private Result result() {
            String why = differences.isEmpty() ? "" : " (" + String.join("; ", differences) + ")";
            if (sameBytes) {
                return new Result(this, file + ": identical bytes");
            }
            if (sameTokens) {
                return new Result(this, file + ": identical tokens, " + (colours == 0 ? "identical colours"
                        : "colours differ by " + colours + " of 255 at most") + why);
            }
            String sentence = file + " comes out otherwise from token " + divergence + " on"
                    + (why.isEmpty() ? ", and nothing that the record knows has changed" : why);
            return new Result(this, sentence, Optional.of(sentence));
        }
    }
}
