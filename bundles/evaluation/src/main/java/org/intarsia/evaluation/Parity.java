package org.intarsia.evaluation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.intarsia.engine.api.Differences;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Sampling;
import org.intarsia.graph.Shape;
import org.intarsia.model.api.Text;
import org.intarsia.weights.Safetensors;
import org.intarsia.weights.Tensor;

/** Whether a model chooses the same tokens, and paints the same pictures, wherever it runs. */
final class Parity {
    private static final int AT_ONCE = 10;
    private static final String TAG = "parity";

    private final Model expected;
    private final Model actual;

    /**
     * @param expected the model where it is trusted
     * @param actual   the same model elsewhere
     */
    Parity(Model expected, Model actual) {
        this.expected = expected;
        this.actual = actual;
    }

    /**
     * What came out.
     *
     * @param prompts     how many were tried, each a picture of the likeliest tokens
     * @param same        how many gave the same tokens
     * @param divergences the first place of each prompt where the tokens differ
     * @param pixels      the largest difference of a channel, of 255, between pictures of the same tokens
     */
    public record Compared(int prompts, int same, List<Divergence> divergences, int pixels) {
        /** One step of 255 may be a matter of rounding. */
        boolean passed() {
            return same == prompts && pixels <= 1;
        }
    }

    /**
     * Where two runs part.
     *
     * @param place       the number of the chosen token, from 0
     * @param expected    the token that is chosen where the model is trusted
     * @param actual      the token that is chosen elsewhere
     * @param expectedGap how much higher the logit of the former is where the model is trusted
     * @param actualGap   how much higher the logit of the latter is elsewhere
     */
    public record Divergence(String prompt, int place, int expected, int actual, double expectedGap, double actualGap) {
        String sentence() {
            return String.format(Locale.ROOT,
                    "\"%s\" parts at token %d: %d instead of %d, whose logit is %.2e lower here and %.2e higher there",
                    prompt, place, actual, expected, actualGap, expectedGap);
        }
    }

    /**
     * Compares.
     *
     * @param done hears how many prompts are through, and may throw to end it
     */
    Compared compare(List<String> prompts, IntConsumer done) {
        List<Divergence> divergences = new ArrayList<>();
        int pixels = 0;
        for (int first = 0; first < prompts.size(); first += AT_ONCE) {
            done.accept(first);
            List<Request> requests = prompts.subList(first, Math.min(prompts.size(), first + AT_ONCE)).stream()
                    .map(prompt -> new Request(List.of(new Text(prompt)), Goal.PICTURE, Sampling.GREEDY)).toList();
            List<Answer> there = expected.prepare(requests, event -> { }).run();
            List<Answer> here = actual.prepare(requests, event -> { }).run();
            for (int i = 0; i < requests.size(); i++) {
                Optional<Divergence> divergence = divergence(prompts.get(first + i), there.get(i), here.get(i));
                divergence.ifPresent(divergences::add);
                if (divergence.isEmpty()) {
                    pixels = Math.max(pixels, Differences.colours(there.get(i).images(), here.get(i).images()));
                }
            }
        }
        return new Compared(prompts.size(), prompts.size() - divergences.size(), List.copyOf(divergences), pixels);
    }

    private Optional<Divergence> divergence(String prompt, Answer there, Answer here) {
        OptionalInt first = Differences.firstToken(there.ids(), here.ids());
        if (first.isEmpty()) {
            return Optional.empty();
        }
        int place = first.getAsInt();
        int[] stream = Stream.concat(there.prompt().stream(), there.ids().subList(0, place).stream())
                .mapToInt(Integer::intValue).toArray();
        int right = there.ids().get(place);
        int wrong = here.ids().get(place);
        return Optional.of(new Divergence(prompt, place, right, wrong, gap(expected, stream, right, wrong),
                gap(actual, stream, wrong, right)));
    }

    /** How much higher the logit of one token is than that of another, behind a stream. */
    private static double gap(Model model, int[] stream, int higher, int lower) {
        try {
            Path folder = Files.createTempDirectory("intarsia-parity-");
            Path inputs = folder.resolve("inputs.safetensors");
            Path outputs = folder.resolve("outputs.safetensors");
            try {
                Safetensors.write(inputs, List.of(Tensor.of(TAG + ".input_ids", Shape.of(stream.length), stream)), Map.of());
                model.trace(inputs, outputs);
                SortedMap<String, Tensor> values = Safetensors.read(outputs);
                float[] logits = values.getOrDefault(TAG + ".logits_raw", values.get(TAG + ".logits")).floats();
                int last = logits.length / stream.length * (stream.length - 1);
                return logits[last + higher] - logits[last + lower];
            } finally {
                Files.deleteIfExists(inputs);
                Files.deleteIfExists(outputs);
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the folder for temporary files cannot be used: " + e.getMessage(), e);
        }
    }
}
