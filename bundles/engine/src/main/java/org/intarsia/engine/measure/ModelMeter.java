package org.intarsia.engine.measure;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.Event;
import org.intarsia.engine.api.Generation;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Meter.Decoding;
import org.intarsia.engine.api.Meter.Pace;
import org.intarsia.engine.api.Meter.Rate;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.PictureGrid;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Sampling;
import org.intarsia.model.api.Part;
import org.intarsia.model.api.Text;

/** Measures one model. To measure more sequences together, add their number to the lists below. */
final class ModelMeter {
    private static final List<String> SENTENCE = List.of("a", "red", "star", "left", "of", "a", "blue", "house");
    private static final int FEWEST_WORDS = 3;
    /** 24 sentences: with most models half a stream or so of text. */
    private static final int MOST_WORDS = 192;
    private static final List<Integer> SEQUENCES = List.of(1, 2, 4, 8);
    private static final List<Integer> PICTURES = List.of(1, 8);
    /** How many tokens make a rate. */
    private static final int FEWEST_STEPS = 16;
    private static final int MOST_STEPS = 256;
    /** The best of several short runs is steadier than a long one. */
    private static final int RUNS = 3;

    private final Model model;
    private final Goal goal;
    private final Stopwatch stopwatch;
    private final Consumer<String> progress;
    /** Stands in front of the prompts, each time another: of five digits always. */
    private int asked = 10_000;

    /**
     * How a generation went.
     *
     * @param prompt tokens of each sequence that were read
     * @param read   seconds up to the first token
     * @param steps  tokens of each sequence that followed
     * @param made   seconds from the first to the last
     * @param codes  how many a whole picture has; 0 for text
     */
    private record Ran(int prompt, double read, int steps, double made, int codes) {
        double step() {
            return made / steps;
        }
    }

    ModelMeter(Model model, Stopwatch stopwatch, Consumer<String> progress) {
        this.model = model;
        this.goal = model.makes(Goal.PICTURE) ? Goal.PICTURE : Goal.CONTINUATION;
        this.stopwatch = stopwatch;
        this.progress = progress;
    }

    Pace measure() {
        progress.accept("measuring how " + model.name() + " reads and writes");
        Request shortest = request(FEWEST_WORDS, Sampling.GREEDY);
        int codes = run(shortest, 1, 1).codes;
        double brief = stopwatch.least(() -> run(shortest, 1, 1).read);
        Request prompt = longest(brief);
        int tokens = run(prompt, 1, 1).prompt;
        double read = stopwatch.least(() -> run(prompt, 1, 1).read);
        // No token takes longer than the few words of the shortest prompt.
        SortedMap<Integer, Rate> decode = rates("tokens", SEQUENCES, read + FEWEST_STEPS * brief,
                rate -> read + FEWEST_STEPS / rate, together -> decode(prompt, together, codes));
        SortedMap<Integer, Rate> pictures = new TreeMap<>();
        if (goal == Goal.PICTURE) {
            double step = decode.get(1).perSecond().map(rate -> 1 / rate).orElse(brief);
            pictures.putAll(rates("pictures", PICTURES, codes * step, rate -> 1 / rate, this::pictures));
        }
        return new Pace(goal, tokens, tokens / read, model.bytesPerToken(), decode, pictures);
    }

    /** Measures the image decoder alone. */
    Decoding measureDecoder() {
        PictureGrid grid = model.grid();
        progress.accept("measuring the image decoder of " + model.name());
        int[] codes = new int[grid.cells()];
        Rate pictures = stopwatch.rate(0, () -> {
            // What is measured shall not compile.
            model.decode(codes);
            return Rate.of(1 / stopwatch.fastest(() -> model.decode(codes)));
        });
        return new Decoding(codes.length, grid.width(), grid.height(), pictures);
    }

    /** The longest prompt that leaves room for an answer and does not take too long; the shortest takes so many seconds. */
    private Request longest(double brief) {
        int words = FEWEST_WORDS;
        double seconds = brief;
        while (words < MOST_WORDS && !stopwatch.isTooLong(2 * seconds)) {
            Request longer = request(2 * words, Sampling.GREEDY);
            if (model.room(longer) < FEWEST_STEPS) {
                break;
            }
            words *= 2;
            seconds = run(longer, 1, 1).read;
        }
        return request(words, Sampling.GREEDY);
    }

    /**
     * Rates of several sequences together.
     *
     * @param what    what they make
     * @param counts  how many run together, ascending
     * @param alone   how many seconds a run of one is expected to take
     * @param seconds how many a run takes for each of them, from the rate of all
     * @param measure measures so many together
     */
    private SortedMap<Integer, Rate> rates(String what, List<Integer> counts, double alone, DoubleUnaryOperator seconds,
            IntFunction<Rate> measure) {
        SortedMap<Integer, Rate> rates = new TreeMap<>();
        double one = alone;
        for (int together : counts) {
            Stopwatch.goOn();
            progress.accept("measuring the " + what + " of " + model.name() + ", " + together + " at once");
            // Together they take no longer than one after the other.
            Rate rate = stopwatch.rate(together * one, () -> measure.apply(together));
            one = rate.perSecond().map(seconds::applyAsDouble).orElse(one);
            rates.put(together, rate);
        }
        return rates;
    }

    private Rate decode(Request prompt, int together, int codes) {
        // Up to the last code but one: the decoder of pictures takes no part in this.
        int most = codes > 0 ? codes - 1 : MOST_STEPS;
        int fewest = Math.min(FEWEST_STEPS, most);
        // What is measured shall not compile.
        run(prompt, together, fewest);
        Ran few = run(prompt, together, fewest);
        if (few.steps == 0) {
            return Rate.none("the model ends its text at once");
        }
        int steps = Math.clamp((long) (stopwatch.each().toNanos() / 1e9 / RUNS / few.step()), fewest, most);
        return Rate.of(together / stopwatch.least(() -> run(prompt, together, steps).step()));
    }

    private Rate pictures(int together) {
        List<Request> requests = Collections.nCopies(together, request(SENTENCE.size(), model.sampling(Goal.PICTURE)));
        return Rate.of(together / stopwatch.fastest(() -> model.prepare(requests, event -> Stopwatch.goOn()).run()));
    }

    /** Requests of the same length together, up to so many tokens of each. */
    private Ran run(Request request, int together, int tokens) {
        List<Request> limited = Stream.generate(() -> begunOtherwise(request, tokens)).limit(together).toList();
        List<Long> times = new ArrayList<>();
        Generation[] generation = new Generation[1];
        int[] codes = new int[1];
        long start = System.nanoTime();
        generation[0] = model.prepare(limited, event -> {
            Stopwatch.goOn();
            // What else is told, such as that the prompt is being read, is no token.
            if (event.request() == 0 && (event instanceof Event.TextPiece || event instanceof Event.PictureProgress)) {
                times.add(System.nanoTime());
                if (event instanceof Event.PictureProgress news) {
                    codes[0] = news.total();
                    if (times.size() == tokens) {
                        generation[0].cancel();
                    }
                }
            }
        });
        Answer answer = generation[0].run().getFirst();
        return new Ran(answer.prompt().size(), (times.getFirst() - start) / 1e9, answer.ids().size() - 1,
                (times.getLast() - times.getFirst()) / 1e9, codes[0]);
    }

    /** What begins as a prompt before does is not read again, and would not be measured. */
    private Request begunOtherwise(Request request, int tokens) {
        List<Part> parts = new ArrayList<>(request.parts());
        parts.addFirst(new Text(asked++ + " "));
        return new Request(parts, goal, request.sampling().withMaxTokens(tokens));
    }

    private Request request(int words, Sampling sampling) {
        String text = IntStream.range(0, words).mapToObj(word -> SENTENCE.get(word % SENTENCE.size()))
                .collect(Collectors.joining(" "));
        return new Request(List.of(new Text(text)), goal, sampling);
    }
}
