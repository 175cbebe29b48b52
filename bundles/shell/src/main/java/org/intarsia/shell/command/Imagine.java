package org.intarsia.shell.command;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.felix.service.command.CommandProcessor;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.Engine;
import org.intarsia.engine.api.Event;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.PictureFiles;
import org.intarsia.engine.api.PictureGrid;
import org.intarsia.engine.api.PictureRecord;
import org.intarsia.engine.api.Redraw;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Sampling;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.Part;
import org.intarsia.model.api.Text;
import org.intarsia.shell.api.Arguments;
import org.intarsia.shell.api.Command;
import org.intarsia.shell.api.Console;
import org.intarsia.shell.api.IntarsiaCommand;
import org.intarsia.shell.api.Progress;
import org.intarsia.shell.api.Result;
import org.intarsia.shell.api.Syntax;
import org.intarsia.shell.api.UsageException;
import org.intarsia.shell.script.Script;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Makes new pictures from text, or from pictures and text. */
@Component(service = Command.class)
@IntarsiaCommand("imagine")
public final class Imagine implements Command {
    private static final String NO_RECORD = "--no-record";
    private static final int MOST = 10_000;
    /** More at once would take memory without being faster. */
    private static final int AT_ONCE = 8;

    private static final String HALFWAY = "--halfway";
    private static final String REDRAW = "--redraw";
    private static final String CELLS = "--cells";

    /** A number, or a row and a column. */
    private static final Pattern CELL = Pattern.compile("(\\d{1,6})(?::(\\d{1,4}))?");

    private final Engine engine;
    private final CommandProcessor processor;

    /**
     * A command that works with this engine.
     *
     * @param processor runs what shall happen in the midst of a picture
     */
    @Activate
    public Imagine(@Reference Engine engine, @Reference CommandProcessor processor) {
        this.engine = engine;
        this.processor = processor;
    }

    @Override
    public Syntax syntax() {
        return ModelOptions.placed(ModelOptions.sampled(
                Syntax.of("imagine", "makes a new picture from text, or from pictures and text")
                        .required("TEXT", "what the picture shows, or what to change")
                        .repeated(ModelOptions.IMAGE, "FILE", "a picture to begin with")
                        .option(REDRAW, "FILE", "a picture of the model's size of which cells are drawn anew; the rest stays as it is")
                        .option(CELLS, "N,N…", "the cells that are drawn anew, numbered row by row from 0, or ROW:COLUMN, both from"
                                + " 0")
                        .option("--out", "FILE", "where the picture goes; .jpg and .jpeg make a JPEG, .png or no ending a PNG; named after"
                                + " the text where not given")
                        .option("--count", "N", "how many pictures, numbered; each has a seed one higher")
                        .flag(NO_RECORD, "leave out the record in the picture, from which `reproduce` makes it again")
                        .option(HALFWAY, "COMMAND", "what the shell does when half of the first picture is there; then the picture"
                                + " goes on")
                        .option("--guidance", "G", "how closely the text is followed; 1 for no closer than by itself")))
                .example("imagine \"a red star left of a blue house\" --seed 1", "a picture, named after its text")
                .example("imagine \"make the star green\" --image star.png --out green.png", "a picture changed")
                .example("imagine \"a green star\" --redraw star.png --cells 9,10,2:1", "three cells drawn anew")
                .example("imagine \"a red star\" --halfway \"use backend vulkan\"", "the second half on another backend");
    }

    @Override
    public Result run(Arguments arguments, Console console) throws UsageException {
        int count = arguments.integer("--count", 1, 1, MOST);
        List<Path> files = new PictureNames(arguments, "--out").first(count);
        files.forEach(PictureFiles::checkFolder);
        // The instruction stands before the picture that it is about.
        String text = arguments.text("TEXT");
        List<Image> images = ModelOptions.images(arguments);
        List<Part> parts = new ArrayList<>();
        parts.add(new Text(text));
        parts.addAll(images);
        Optional<Path> redrawn = arguments.path(REDRAW);
        if (redrawn.isPresent() != arguments.value(CELLS).isPresent()) {
            throw arguments.wrong(REDRAW + " and " + CELLS + " belong together: which picture, and which of its cells");
        }
        long seed = arguments.integer(ModelOptions.SEED).orElseGet(ModelOptions::freshSeed);
        List<Made> made = new ArrayList<>();
        try (Model model = ModelOptions.open(engine, arguments); Progress progress = console.progress()) {
            Sampling sampling = sampling(arguments, model.sampling(Goal.PICTURE));
            Notes notes = new Notes();
            notes.text(model, text);
            Optional<Redraw> redraw = redrawn.isEmpty() ? Optional.empty()
                    : Optional.of(redraw(model, redrawn.get(), arguments));
            for (int first = 0; first < count; first += AT_ONCE) {
                List<Request> requests = new ArrayList<>();
                for (int i = first; i < Math.min(count, first + AT_ONCE); i++) {
                    Request request = new Request(parts, Goal.PICTURE, sampling.withSeed(seed + i));
                    requests.add(redraw.map(request::withRedraw).orElse(request));
                }
                int done = first;
                List<Answer> answers = model.prepare(requests, event -> {
                    show(progress, event, done, count);
                    if (isHalf(event, done)) {
                        arguments.value(HALFWAY).ifPresent(command -> command(command, console));
                    }
                }).run();
                // What the pictures that were handed in look like when nothing is changed.
                List<Image> unchanged = images.stream().map(image -> model.decode(model.encode(image))).toList();
                for (int i = 0; i < answers.size(); i++) {
                    Optional<String> record = arguments.flag(NO_RECORD) ? Optional.empty()
                            : Optional.of(PictureRecord.of(answers.get(i), requests.get(i), requests.size(), i).json());
                    write(files.get(first + i), answers.get(i).images().getFirst(), record, arguments.flag(Syntax.JSON));
                    if (unchanged.contains(answers.get(i).images().getFirst())) {
                        notes.add("nothing has changed in " + files.get(first + i) + ": it shows what was handed in; say the change"
                                + " in other words, or try another seed");
                    }
                    made.add(new Made(files.get(first + i).toString(), seed + first + i));
                }
            }
            notes.print(console);
            return new Result(new Imagined(model.name(), made, notes.list()),
                    made.stream().map(picture -> picture.file() + " (seed " + picture.seed() + ")")
                            .collect(Collectors.joining("\n")));
        } catch (CancellationException e) {
            throw Interrupted.after(made.stream().map(Made::file).toList(), count);
        }
    }

    /** @param beside whether the record is also written into a file of its own */
    private static void write(Path file, Image picture, Optional<String> record, boolean beside) {
        PictureFiles.write(file, picture, record);
        if (beside && record.isPresent()) {
            PictureFiles.write(file.resolveSibling(file.getFileName() + ".json"),
                    (record.get() + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    private static Sampling sampling(Arguments arguments, Sampling best) throws UsageException {
        return ModelOptions.sampling(arguments, best).toBuilder().guidance(
                arguments.decimal("--guidance", best.guidanceText(), -1000, 1000), best.guidanceImage()).build();
    }

    private static Redraw redraw(Model model, Path file, Arguments arguments) throws UsageException {
        byte[] content = PictureFiles.content(file);
        Optional<PictureRecord> record = PictureFiles.record(file.toString(), content)
                .map(json -> PictureRecord.parse(file.toString(), json));
        return model.redraw(PictureFiles.read(file), record, cells(arguments, model.grid()));
    }

    private static BitSet cells(Arguments arguments, PictureGrid grid) throws UsageException {
        BitSet cells = new BitSet();
        for (String cell : arguments.value(CELLS).orElseThrow().split(",", -1)) {
            Matcher numbers = CELL.matcher(cell.strip());
            if (!numbers.matches()) {
                throw arguments.wrong(CELLS + " takes numbers of cells with commas between them, such as 9,10,2:1, not " + cell);
            }
            int first = Integer.parseInt(numbers.group(1));
            int column = numbers.group(2) == null ? 0 : Integer.parseInt(numbers.group(2));
            if (column >= grid.columns()) {
                throw arguments.wrong(CELLS + ": a row has columns 0 to " + (grid.columns() - 1) + ", not " + column);
            }
            cells.set(numbers.group(2) == null ? first : first * grid.columns() + column);
        }
        return cells;
    }

    private static boolean isHalf(Event event, int done) {
        return done == 0 && event instanceof Event.PictureProgress news && news.request() == 0
                && news.codes() == news.total() / 2;
    }

    private void command(String command, Console console) {
        try (Script script = new Script(processor, console)) {
            script.run(command);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    private static void show(Progress progress, Event event, int done, int count) {
        if (event instanceof Event.PictureProgress news) {
            progress.show((count == 1 ? "" : "picture " + (done + news.request() + 1) + " of " + count + ": ")
                    + 100 * news.codes() / news.total() + " %");
        }
    }

    /**
     * One picture.
     *
     * @param file where it lies
     * @param seed makes it again
     */
    public record Made(String file, long seed) {
    }

    /**
     * What {@code --json} prints.
     *
     * @param model    the name of the model
     * @param pictures in the order in which they were made
     * @param notes    what a user should know about them
     */
    public record Imagined(String model, List<Made> pictures, List<String> notes) {
    }
}
