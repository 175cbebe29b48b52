package org.intarsia.comparison;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.intarsia.backend.api.BackendException;
import org.intarsia.comparison.Compared.Cell;
import org.intarsia.comparison.Compared.Difference;
import org.intarsia.comparison.Compared.Head;
import org.intarsia.comparison.Compared.Piece;
import org.intarsia.comparison.Compared.Row;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.Differences;
import org.intarsia.engine.api.Engine;
import org.intarsia.engine.api.Event;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.PictureFiles;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Sampling;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.Part;
import org.intarsia.model.api.Text;
import org.intarsia.weights.WeightsException;

/** Asks several models the same, one after the other, so that no two of them must fit into memory together. */
public final class Comparison {
    private static final double NANOS = 1e9;

    private final Engine engine;
    private final Settings settings;

    /**
     * What to do.
     *
     * @param columns   the models; the others are compared with the first
     * @param prompts   what they are asked
     * @param seed      begins the random numbers of every answer
     * @param maxTokens the most tokens of text; as many as a model likes best where not given
     * @param greedy    whether the likeliest token is taken always, in place of the model's own sampling
     */
    public record Settings(List<Column> columns, List<Prompt> prompts, long seed, OptionalInt maxTokens, boolean greedy) {
        public Settings {
            columns = List.copyOf(columns);
            prompts = List.copyOf(prompts);
        }
    }

    /** A cell, and the answer in it while others are still compared with it. */
    private record Answered(Cell cell, Optional<Answer> answer) {
    }

    /** A comparison that {@link #run} begins. */
    public Comparison(Engine engine, Settings settings) {
        this.engine = engine;
        this.settings = settings;
    }

    /**
     * Runs. What a model cannot do stands in its cells; the others go on.
     *
     * @param progress hears in a few words, now and then, how far it is
     * @throws CancellationException when the thread is interrupted
     */
    public Compared run(Consumer<String> progress) {
        List<List<Answered>> columns = new ArrayList<>();
        for (Column column : settings.columns()) {
            columns.add(answers(column, columns.isEmpty() ? List.of() : columns.getFirst(), progress));
        }
        List<Row> rows = IntStream.range(0, settings.prompts().size()).mapToObj(i -> new Row(settings.prompts().get(i).text(),
                settings.prompts().get(i).images().stream().map(Comparison::dataUrl).toList(),
                columns.stream().map(column -> column.get(i).cell()).toList())).toList();
        List<Head> heads = IntStream.range(0, columns.size()).mapToObj(i -> head(settings.columns().get(i),
                columns.get(i).stream().map(Answered::cell).toList())).toList();
        return new Compared(settings.seed(), heads, rows);
    }

    private List<Answered> answers(Column column, List<Answered> first, Consumer<String> progress) {
        progress.accept("opening " + column.title());
        Model opened;
        try {
            opened = engine.open(column.model(), column.placement());
        } catch (RuntimeException e) {
            return settings.prompts().stream().map(prompt -> failed(Optional.empty(), e)).toList();
        }
        List<Answered> answers = new ArrayList<>();
        try (Model model = opened) {
            for (int i = 0; i < settings.prompts().size(); i++) {
                String place = String.format(Locale.ROOT, "%s: prompt %d of %d", column.title(), i + 1,
                        settings.prompts().size());
                progress.accept(place);
                answers.add(answer(model, settings.prompts().get(i),
                        first.isEmpty() ? Optional.empty() : Optional.of(first.get(i)), event -> hear(event, place, progress)));
            }
        }
        return answers;
    }

    private static void hear(Event event, String place, Consumer<String> progress) {
        goOn();
        if (event instanceof Event.PictureProgress news) {
            progress.accept(place + ", " + 100 * news.codes() / news.total() + " %");
        }
    }

    private static void goOn() {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("the comparison was interrupted; nothing was written");
        }
    }

    /** A model that breaks down is a result like others: the rest of the comparison is worth having. */
    private Answered answer(Model model, Prompt prompt, Optional<Answered> first, Consumer<Event> listener) {
        goOn();
        Optional<Goal> goal = Optional.empty();
        try {
            Goal asked = prompt.goal(model);
            goal = Optional.of(asked);
            Request request = new Request(prompt.parts(asked, model), asked, sampling(model, asked),
                    asked == Goal.INTERLEAVED ? sampling(model, Goal.PICTURE) : sampling(model, asked), 0);
            long begun = System.nanoTime();
            Answer answer = model.prepare(List.of(request), listener).run().getFirst();
            double seconds = (System.nanoTime() - begun) / NANOS;
            // Tokens of a picture and of a text have nothing to do with each other.
            Optional<Difference> difference = first.filter(other -> other.cell().goal().equals(Optional.of(asked)))
                    .flatMap(Answered::answer).map(other -> Difference.of(Differences.firstToken(other.ids(), answer.ids()),
                            Differences.colours(other.images(), answer.images())));
            return new Answered(new Cell(goal, answer.parts().stream().map(Comparison::piece).toList(),
                    Optional.of(answer.outcome().name().toLowerCase(Locale.ROOT)), Optional.empty(),
                    Optional.of(answer.origin().weights()), answer.origin().devices(), answer.ids().size(), seconds,
                    rate(answer.ids().size(), seconds), difference), Optional.of(answer));
        } catch (CancellationException e) {
            throw e;
        } catch (RuntimeException e) {
            return failed(goal, e);
        }
    }

    private Sampling sampling(Model model, Goal goal) {
        Sampling usual = model.sampling(goal).withSeed(settings.seed());
        Sampling best = settings.greedy() ? usual.toBuilder().temperature(0).build() : usual;
        return best.withMaxTokens(settings.maxTokens().orElse(best.maxTokens()));
    }

    private static Answered failed(Optional<Goal> goal, RuntimeException e) {
        boolean told = e instanceof ModelException || e instanceof BackendException || e instanceof WeightsException;
        String sentence = told ? e.getMessage() : "internal error, " + e;
        return new Answered(new Cell(goal, List.of(), Optional.empty(), Optional.of(sentence), Optional.empty(), List.of(), 0, 0, 0,
                Optional.empty()), Optional.empty());
    }

    private static Piece piece(Part part) {
        return switch (part) {
            case Text text -> new Piece(Optional.of(text.text()), Optional.empty());
            case Image image -> new Piece(Optional.empty(), Optional.of(dataUrl(image)));
        };
    }

    private static String dataUrl(Image image) {
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(PictureFiles.png(image, Optional.empty()));
    }

    private static Head head(Column column, List<Cell> cells) {
        List<Cell> answered = cells.stream().filter(cell -> cell.error().isEmpty()).toList();
        List<Cell> timed = answered.size() > 1 ? answered.subList(1, answered.size()) : answered;
        List<Difference> differences = cells.stream().flatMap(cell -> cell.difference().stream()).toList();
        List<Cell> beside = cells.stream().filter(cell -> cell.difference().isPresent()).toList();
        return new Head(column.model(), column.backend(), column.precision().map(String::valueOf),
                answered.stream().flatMap(cell -> cell.weights().stream()).findFirst(),
                answered.stream().flatMap(cell -> cell.devices().stream()).distinct().toList(), tokens(answered),
                seconds(answered), rate(tokens(timed), seconds(timed)), cells.size() - answered.size(),
                (int) differences.stream().filter(Difference::equal).count(), differences.size(),
                beside.stream().mapToInt(cell -> cell.difference().filter(difference -> !difference.equal())
                        .map(Difference::token).orElse(cell.tokens())).sum(), tokens(beside));
    }

    private static int tokens(List<Cell> cells) {
        return cells.stream().mapToInt(Cell::tokens).sum();
    }

    private static double seconds(List<Cell> cells) {
        return cells.stream().mapToDouble(Cell::seconds).sum();
    }

    private static double rate(int tokens, double seconds) {
        return seconds == 0 ? 0 : tokens / seconds;
    }
}
