package org.intarsia.shell.command;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.intarsia.engine.api.Engine;
import org.intarsia.engine.api.Inputs;
import org.intarsia.model.api.PicturePreprocessor;
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

/** Writes what a model sees of pictures. */
@Component(service = Command.class)
@IntarsiaCommand("preprocess")
public final class Preprocess implements Command {
    private static final String CONFIG = "--config";
    private static final String OUT = "--out";
    private static final String AS_STORED = "--as-stored";

    private final Engine engine;
    private final Inputs inputs;

    @Activate
    public Preprocess(@Reference Engine engine, @Reference Inputs inputs) {
        this.engine = engine;
        this.inputs = inputs;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("preprocess", "writes what a model sees of pictures: NAME.u8 and NAME.f32 for each")
                .oneOrMore("FILE", "the pictures: PNG, JPEG, GIF, BMP or TIFF, turned as their EXIF orientation says")
                .values("FILE", Syntax.Kind.FILE)
                .option(ModelOptions.MODEL, "NAME|DIR", "an installed model, or a directory; " + Engine.DEFAULT_MODEL
                        + " where not given; its weights are not needed")
                .values(ModelOptions.MODEL, Syntax.Kind.MODEL)
                .option(CONFIG, "FILE", "a preprocessor_config.json, instead of a model")
                .flag(AS_STORED, "do not turn pictures: what the reference's processor sees when it is handed"
                        + " PIL.Image.open(FILE)")
                .option(OUT, "FILE.safetensors", "where the values go")
                .example("preprocess star.png --config preprocessor_config.json --out seen.safetensors",
                        "star.u8 (height, width, 3) and star.f32 (3, height, width)");
    }

    @Override
    public Result run(Arguments arguments, Console console) throws UsageException {
        Path out = arguments.path(OUT).orElseThrow(() -> arguments.wrong(OUT + " FILE.safetensors is missing"));
        List<Inputs.Seen> seen = inputs.preprocess(preprocessor(arguments), arguments.paths("FILE"),
                arguments.flag(AS_STORED) ? Inputs.Turning.AS_STORED : Inputs.Turning.UPRIGHT, out);
        return new Result(new Preprocessed(out.toString(), seen), seen.stream()
                .map(picture -> picture.name() + ": " + picture.width() + " × " + picture.height())
                .collect(Collectors.joining("\n")));
    }

    private PicturePreprocessor preprocessor(Arguments arguments) throws UsageException {
        Optional<Path> config = arguments.path(CONFIG);
        if (config.isEmpty()) {
            return inputs.preprocessor(ModelOptions.named(engine, arguments, Engine.DEFAULT_MODEL));
        }
        if (arguments.value(ModelOptions.MODEL).isPresent()) {
            throw arguments.wrong(CONFIG + " and " + ModelOptions.MODEL + " say the same thing twice; give one of them");
        }
        return inputs.preprocessor(config.get());
    }

    /**
     * What {@code --json} prints.
     *
     * @param out      the file
     * @param pictures what is in it
     */
    public record Preprocessed(String out, List<Inputs.Seen> pictures) {
    }
}
