package org.intarsia.engine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.intarsia.engine.api.Event;
import org.intarsia.engine.api.Generation;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Sampling;
import org.intarsia.model.api.Text;

/**
 * Measures what callers of one model get together, beside what one gets alone in the same run. Arguments: the directory of a model
 * that makes text or pictures, and the tokens of each text (64 where not given).
 *
 * <p>{@code -Xmx} must hold the scores of all; {@code backends/cpu/README.md} says how such a class is started.
 */
final class SchedulerBenchmark {
    private static final int[] CALLERS = {1, 8, 32};
    private static final int PICTURES = 8;
    private static final int WARM = 2;
    private static final int LONG_PROMPT = 2000;

    private final OpenModel model;
    private final int tokens;
    private int asked = 10_000;

    private SchedulerBenchmark(OpenModel model, int tokens) {
        this.model = model;
        this.tokens = tokens;
    }

    /** Runs it. */
    public static void main(String[] arguments) throws InterruptedException {
        int tokens = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 64;
        try (OpenModel model = new Workshop().withAllFamilies().open(Path.of(arguments[0]))) {
            SchedulerBenchmark benchmark = new SchedulerBenchmark(model, tokens);
            if (model.makes(Goal.PICTURE)) {
                benchmark.pictures();
            } else {
                benchmark.texts();
                benchmark.longPrompt();
            }
        }
    }

    private void texts() throws InterruptedException {
        double alone = 0;
        for (int callers : CALLERS) {
            List<Request> requests = IntStream.range(0, callers).mapToObj(i -> text(8, tokens)).toList();
            call(requests, event -> { });
            double[] ends = new double[callers];
            long start = System.nanoTime();
            call(requests.stream().map(each -> text(8, tokens)).toList(), (number, event) -> {
                if (event instanceof Event.Finished) {
                    ends[number] = (System.nanoTime() - start) / 1e9;
                }
            });
            Arrays.sort(ends);
            double rate = callers * tokens / ends[callers - 1];
            alone = callers == 1 ? rate : alone;
            print("%d callers: %.1f tokens/s together, %.2f times one; slowest / fastest %.2f", callers, rate, rate / alone,
                    ends[callers - 1] / ends[0]);
        }
    }

    /** The gaps between the tokens of eight texts, before and while another caller's long prompt is read. */
    private void longPrompt() throws InterruptedException {
        int callers = PICTURES;
        List<List<Long>> times = IntStream.range(0, callers).<List<Long>>mapToObj(i -> new ArrayList<>()).toList();
        CountDownLatch going = new CountDownLatch(callers);
        List<Generation> generations = new ArrayList<>();
        for (int number = 0; number < callers; number++) {
            List<Long> own = times.get(number);
            generations.add(model.prepare(List.of(text(8, 1500)), event -> {
                if (event instanceof Event.TextPiece) {
                    own.add(System.nanoTime());
                    if (own.size() == tokens) {
                        going.countDown();
                    }
                }
            }).start());
        }
        going.await();
        long began = System.nanoTime();
        long[] read = new long[1];
        model.prepare(List.of(text(LONG_PROMPT, 1)), event -> {
            if (event instanceof Event.Reading reading && reading.done() > 0) {
                read[0] = System.nanoTime();
            }
        }).run();
        generations.forEach(Generation::cancel);
        for (Generation each : generations) {
            each.await();
        }
        List<Double> usual = new ArrayList<>();
        List<Double> meanwhile = new ArrayList<>();
        for (List<Long> own : times) {
            for (int i = 1; i < own.size(); i++) {
                double gap = (own.get(i) - own.get(i - 1)) / 1e6;
                if (own.get(i) < began) {
                    usual.add(gap);
                } else if (own.get(i - 1) < read[0]) {
                    meanwhile.add(gap);
                }
            }
        }
        print("a prompt of about %d tokens beside %d that write: read in %.1f s; gaps %.0f ms before (median), meanwhile %.0f ms (median)"
                + " and %.0f ms (longest), %.2f times the usual", LONG_PROMPT, callers, (read[0] - began) / 1e9, quantile(usual, 0.5),
                quantile(meanwhile, 0.5), quantile(meanwhile, 1), quantile(meanwhile, 1) / quantile(usual, 0.5));
    }

    private void pictures() throws InterruptedException {
        SortedMap<String, List<Double>> seconds = new TreeMap<>();
        long[] token = new long[2];
        for (int i = 0; i < 2; i++) {
            int number = i;
            long start = System.nanoTime();
            model.prepare(List.of(picture()), event -> {
                if (event instanceof Event.PictureProgress && token[number] == 0) {
                    token[number] = System.nanoTime() - start;
                }
            }).run();
        }
        print("first token of the first picture after %.0f ms, of the second after %.1f ms", token[0] / 1e6, token[1] / 1e6);
        for (int turn = 0; turn < WARM + 5; turn++) {
            for (String how : List.of("one call", "callers")) {
                List<Request> requests = IntStream.range(0, PICTURES).mapToObj(i -> picture()).toList();
                long start = System.nanoTime();
                if (how.equals("callers")) {
                    call(requests, event -> { });
                } else {
                    model.prepare(requests, event -> { }).run();
                }
                if (turn >= WARM) {
                    seconds.computeIfAbsent(how, key -> new ArrayList<>()).add((System.nanoTime() - start) / 1e9);
                }
            }
        }
        double together = PICTURES / quantile(seconds.get("one call"), 0.5);
        double callers = PICTURES / quantile(seconds.get("callers"), 0.5);
        print("%d pictures in one call: %.1f pictures/s; asked for by %d callers: %.1f, %.2f times that", PICTURES, together, PICTURES,
                callers, callers / together);
    }

    private void call(List<Request> requests, Consumer<Event> listener) throws InterruptedException {
        call(requests, (number, event) -> listener.accept(event));
    }

    /** Takes the events of several callers. */
    private interface Listener {
        void accept(int number, Event event);
    }

    private void call(List<Request> requests, Listener listener) throws InterruptedException {
        List<Generation> generations = new ArrayList<>();
        for (int number = 0; number < requests.size(); number++) {
            int caller = number;
            generations.add(model.prepare(List.of(requests.get(number)), event -> listener.accept(caller, event)).start());
        }
        for (Generation each : generations) {
            each.await();
        }
    }

    private Request text(int words, int most) {
        String text = asked++ + " " + Collections.nCopies(words / 2, "the fox").stream().collect(Collectors.joining(" "));
        return new Request(List.of(new Text(text)), Goal.CONTINUATION,
                Sampling.builder().temperature(0.8).seed(asked).logitBias(Map.of(2, -100.0)).maxTokens(most).build());
    }

    private Request picture() {
        return new Request(List.of(new Text("a red star left of a blue house")), Goal.PICTURE, model.sampling(Goal.PICTURE).withSeed(asked++));
    }

    private static double quantile(List<Double> values, double part) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get((int) Math.min(sorted.size() - 1, part * sorted.size()));
    }

    private static void print(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
