package org.intarsia.shell.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.intarsia.engine.chat.ChatPrompt;
import org.intarsia.engine.chat.ChatRenderer;
import org.intarsia.engine.chat.Message;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.ChatTemplate;
import org.intarsia.engine.api.Engine;
import org.intarsia.engine.api.Event;
import org.intarsia.engine.api.Generation;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.PictureFiles;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Sampling;
import org.intarsia.model.api.ModelException;
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
import org.intarsia.text.Quoted;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Goes on with a text, prints it as it comes, and writes the pictures that come with it. */
@Component(service = Command.class)
@IntarsiaCommand("complete")
public final class Complete implements Command {
    private static final String MAX = "--max";
    private static final String OUT = "--out";
    private static final String TEXT_ONLY = "--text";
    private static final String CHAT = "--chat";
    private static final String SYSTEM = "--system";
    private static final String DRAFT = "--draft";

    private final Engine engine;
    /** Renders chat templates; null while its bundle is not there. */
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    private volatile ChatRenderer renderer;

    @Activate
    public Complete(@Reference Engine engine) {
        this.engine = engine;
    }

    Complete(Engine engine, ChatRenderer renderer) {
        this(engine);
        this.renderer = renderer;
    }

    @Override
    public Syntax syntax() {
        return ModelOptions.placed(ModelOptions.sampled(
                Syntax.of("complete", "goes on where a text ends, with text, and with pictures where the model begins some")
                        .required("TEXT", "the beginning")
                        .repeated(ModelOptions.IMAGE, "FILE", "a picture that stands before the text")
                        .option(MAX, "N", "the most tokens of text to add")
                        .option(OUT, "FILE", "where pictures go, numbered; .jpg and .jpeg make JPEG, .png or no ending PNG; named after"
                                + " the text where not given")
                        .flag(TEXT_ONLY, "no pictures")
                        .flag(CHAT, "TEXT is a message of the user, and the answer is printed: the model's chat template is put around it")
                        .option(SYSTEM, "TEXT", "with --chat: a message of the system before it")
                        .option(DRAFT, "N", "drafts N tokens of what was there before, and checks them in one pass: faster where text"
                                + " repeats itself, and the same text up to rounding; 0 for no drafts")))
                .example("complete \"a red star\" --max 20", "twenty tokens more at most, and pictures among them")
                .example("complete \"Which planet is the largest?\" --model DIR --chat", "a model of text answers");
    }

    @Override
    public Result run(Arguments arguments, Console console) throws UsageException {
        List<Part> parts = new ArrayList<>(ModelOptions.images(arguments));
        parts.add(new Text(arguments.text("TEXT")));
        boolean chat = arguments.flag(CHAT);
        if (chat && !arguments.paths(ModelOptions.IMAGE).isEmpty()) {
            throw arguments.wrong(CHAT + " takes no pictures: chat templates are those of models of text");
        }
        if (!chat && arguments.value(SYSTEM).isPresent()) {
            throw arguments.wrong(SYSTEM + " needs " + CHAT);
        }
        PictureNames names = new PictureNames(arguments, OUT);
        try (Model model = ModelOptions.open(engine, arguments); Progress progress = console.progress()) {
            Optional<ChatPrompt> prompt = chat ? Optional.of(prompt(model, arguments)) : Optional.empty();
            boolean mixed = !chat && !arguments.flag(TEXT_ONLY) && model.makes(Goal.INTERLEAVED);
            Sampling best = model.sampling(Goal.CONTINUATION);
            long seed = arguments.integer(ModelOptions.SEED).orElseGet(ModelOptions::freshSeed);
            Sampling sampling = ModelOptions.sampling(arguments, best)
                    .withMaxTokens(arguments.integer(MAX, best.maxTokens(), 1, Integer.MAX_VALUE)).withSeed(seed);
            Request plain = new Request(prompt.map(whole -> List.<Part>of(new Text(whole.text()))).orElse(parts),
                    mixed ? Goal.INTERLEAVED : Goal.CONTINUATION, sampling, model.sampling(Goal.PICTURE).withSeed(seed), 0);
            Request request = prompt.map(whole -> whole.in(plain)).orElse(plain)
                    .withDraft(arguments.integer(DRAFT, 0, 0, Request.MOST_DRAFT));
            Notes notes = new Notes();
            notes.text(model, arguments.text("TEXT"));
            Telling telling = new Telling(names, console, progress, !arguments.flag(Syntax.JSON));
            Answer answer = run(model.prepare(List.of(request), telling), telling);
            telling.end();
            if (arguments.value(MAX).isEmpty()) {
                notes.length(answer, MAX + " allows more");
            }
            notes.print(console);
            return new Result(new Completed(model.name(), answer.text(), telling.files, answer.ids().size(), answer.ids(), seed,
                    Notes.finishReason(answer), notes.list()), "");
        }
    }

    /** @throws ModelException when the model has no template, when it refuses the messages, or when nothing renders it */
    private ChatPrompt prompt(Model model, Arguments arguments) throws UsageException {
        ChatTemplate template = Optional.of(model).filter(text -> !text.makes(Goal.PICTURE)).flatMap(Model::chatTemplate)
                .orElseThrow(() -> new ModelException("model " + model.name() + " has no chat template: leave out " + CHAT
                        + ", or name a model of text whose files bring one"));
        ChatRenderer chat = renderer;
        if (chat == null) {
            throw new ModelException("nothing here renders chat templates: start or install the bundle org.intarsia.chat");
        }
        List<Message> messages = new ArrayList<>();
        arguments.value(SYSTEM).ifPresent(text -> messages.add(new Message("system", text)));
        messages.add(new Message("user", arguments.text("TEXT")));
        return chat.render(template, messages, Map.of());
    }

    private static Answer run(Generation generation, Telling telling) {
        try {
            return generation.run().getFirst();
        } catch (CancellationException e) {
            telling.end();
            throw Interrupted.after(telling.files, telling.files.size());
        }
    }

    /** Prints text as it comes, and writes each picture when it is whole. */
    private static final class Telling implements Consumer<Event> {
        private final PictureNames names;
        private final Console console;
        private final Progress progress;
        private final boolean streamed;
        private final List<String> files = new ArrayList<>();

        Telling(PictureNames names, Console console, Progress progress, boolean streamed) {
            this.names = names;
            this.console = console;
            this.progress = progress;
            this.streamed = streamed;
        }

        @Override
        public void accept(Event event) {
            switch (event) {
                case Event.TextPiece piece -> print(piece.text());
                case Event.PictureProgress news -> progress.show("picture " + (files.size() + 1) + ": "
                        + 100 * news.codes() / news.total() + " %");
                case Event.PictureDone done -> {
                    Path file = names.number(files.size() + 1);
                    PictureFiles.write(file, done.image());
                    files.add(file.toString());
                    progress.close();
                    print("[" + file + "]");
                }
                default -> { }
            }
        }

        private void print(String text) {
            if (streamed) {
                console.out().print(Quoted.lines(text));
                console.out().flush();
            }
        }

        void end() {
            print(System.lineSeparator());
        }
    }

    /**
     * What {@code --json} prints.
     *
     * @param model    the name of the model
     * @param text     what it added
     * @param pictures the files of the pictures among it, in their order
     * @param tokens   how many tokens that took
     * @param ids      these tokens
     * @param seed     makes it again
     * @param finishReason {@code stop} where the model ended it, {@code length} where the most tokens were reached
     * @param notes    what a user should know about it
     */
    public record Completed(String model, String text, List<String> pictures, int tokens, List<Integer> ids, long seed,
            String finishReason, List<String> notes) {
    }
}
