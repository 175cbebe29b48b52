package org.intarsia.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.IntStream;
import org.intarsia.graph.Shape;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.StreamFormat;
import org.intarsia.model.api.StreamFormat.Codes;
import org.intarsia.model.api.TokenRow;
import org.intarsia.model.api.TransformerCore;
import org.intarsia.model.api.TransformerCore.Head;
import org.intarsia.weights.Tensor;

/**
 * Traces the making of a picture under guidance: from {@code gen.input_ids} and {@code gen.input_ids_uncond} (or
 * {@code gen.negative_input_ids}) comes the whole picture, always the best code, and for the first two steps and the last
 * one what stands behind the last norm and the scores of both streams and their mixture. The steps are made with a
 * key/value cache, as generation does; the values are computed again without one.
 */
final class GuidedTrace {
    private static final String PROMPT = "gen.input_ids";
    private static final List<String> GUIDES = List.of("gen.input_ids_uncond", "gen.negative_input_ids");
    private static final String ROWS = "gen.height_tokens";
    private static final String COLUMNS = "gen.width_tokens";

    private final Components components;
    private final Steppers steppers;
    private final Preferences preferences;
    private final Tracer tracer;

    GuidedTrace(Components components, Steppers steppers, Preferences preferences, Tracer tracer) {
        this.components = components;
        this.steppers = steppers;
        this.preferences = preferences;
        this.tracer = tracer;
    }

    /** Which of these this trace takes; nothing when there are not both streams. */
    List<String> inputs(SortedMap<String, Tensor> given) {
        if (!given.containsKey(PROMPT) || guide(given).isEmpty()) {
            return List.of();
        }
        List<String> taken = new ArrayList<>(List.of(PROMPT, ROWS, COLUMNS));
        taken.addAll(GUIDES);
        return taken;
    }

    private static Optional<Tensor> guide(SortedMap<String, Tensor> given) {
        return GUIDES.stream().filter(given::containsKey).map(given::get).findFirst();
    }

    /** Adds the values. */
    void trace(SortedMap<String, Tensor> given, Map<String, Tensor> values) {
        TransformerCore core = components.core();
        StreamFormat format = core.format();
        int rows = number(given, ROWS, components.decoder().rows());
        int columns = number(given, COLUMNS, components.decoder().columns());
        int[] places = format.places(rows, columns);
        TokenRow cond = new TokenRow().add(given.get(PROMPT).ints());
        TokenRow uncond = new TokenRow().add(guide(given).orElseThrow().ints());
        int length = Math.max(cond.size(), uncond.size()) + places.length;
        if (length > core.geometry().context()) {
            throw new ModelException("a picture of " + rows + " × " + columns + " codes behind " + PROMPT + " takes " + length
                    + " tokens, but the model holds " + core.geometry().context());
        }
        double guidance = preferences.picture().guidanceText();
        Set<Integer> shown = Set.of(0, 1, places.length - 1);
        int[] chosen = new int[places.length];
        Stepper stepper = steppers.take(2, length);
        try {
            for (int step = 0; step < places.length; step++) {
                if (shown.contains(step)) {
                    show(step, cond, uncond, guidance, values);
                }
                float[][] scores = stepper.next(List.of(cond, uncond), List.of(Head.PICTURE, Head.PICTURE));
                chosen[step] = places[step] == StreamFormat.CODE
                        ? best(scores[0], scores[1], guidance, format.tokens().pictureIds()) : places[step];
                cond.add(chosen[step]);
                uncond.add(chosen[step]);
            }
        } finally {
            steppers.giveBack(stepper);
        }
        List<Integer> byCode = IntStream.of(format.tokens().pictureIds()).boxed().toList();
        int[] codes = IntStream.range(0, places.length).filter(i -> places[i] == StreamFormat.CODE)
                .map(i -> byCode.indexOf(chosen[i])).toArray();
        put("gen.generated_token_ids", Shape.of(chosen.length), chosen, values);
        put("gen.generated_codes", Shape.of(rows, columns), codes, values);
        tracer.decode("gen", new Codes(rows, columns, codes), values);
    }

    private static int number(SortedMap<String, Tensor> given, String name, int whenAbsent) {
        Tensor tensor = given.get(name);
        if (tensor == null) {
            return whenAbsent;
        }
        int[] values = tensor.ints();
        if (values.length != 1 || values[0] < 1) {
            throw new ModelException(name + " should be one number of at least 1");
        }
        return values[0];
    }

    private static int best(float[] cond, float[] uncond, double guidance, int[] ids) {
        return IntStream.of(ids).boxed().max((a, b) -> Double.compare(mixed(cond[a], uncond[a], guidance),
                mixed(cond[b], uncond[b], guidance))).orElseThrow();
    }

    private static double mixed(double cond, double uncond, double guidance) {
        return uncond + guidance * (cond - uncond);
    }

    private void show(int step, TokenRow cond, TokenRow uncond, double guidance, Map<String, Tensor> values) {
        String name = "gen.step" + step + ".";
        float[] c = last(name, "cond", cond, values);
        float[] u = last(name, "uncond", uncond, values);
        put(name + "logits_mixed", mix(c, u, guidance), values);
        float[] logC = logSoftmax(c);
        float[] logU = logSoftmax(u);
        put(name + "logprobs_cond", logC, values);
        put(name + "logprobs_uncond", logU, values);
        put(name + "mixed", mix(logC, logU, guidance), values);
    }

    /** Adds what the last token of a stream becomes, and gives its scores. */
    private float[] last(String step, String which, TokenRow row, Map<String, Tensor> values) {
        Map<String, Tensor> all = tracer.compute(row, Head.PICTURE, "scores");
        put(step + "hidden_" + which, lastRow(all.get("hidden.final_norm"), row.size()), values);
        float[] scores = lastRow(all.get("scores"), row.size());
        put(step + "logits_" + which, scores, values);
        return scores;
    }

    private static float[] lastRow(Tensor tensor, int rows) {
        float[] all = tensor.floats();
        return Arrays.copyOfRange(all, all.length - all.length / rows, all.length);
    }

    private static float[] mix(float[] cond, float[] uncond, double guidance) {
        float[] mix = new float[cond.length];
        for (int i = 0; i < mix.length; i++) {
            mix[i] = (float) mixed(cond[i], uncond[i], guidance);
        }
        return mix;
    }

    private static float[] logSoftmax(float[] scores) {
        double top = IntStream.range(0, scores.length).mapToDouble(i -> scores[i]).max().orElseThrow();
        double sum = IntStream.range(0, scores.length).mapToDouble(i -> Math.exp(scores[i] - top)).sum();
        float[] log = new float[scores.length];
        for (int i = 0; i < log.length; i++) {
            log[i] = (float) (scores[i] - top - Math.log(sum));
        }
        return log;
    }

    private static void put(String name, float[] content, Map<String, Tensor> values) {
        values.put(name, Tensor.of(name, Shape.of(content.length), content));
    }

    private static void put(String name, Shape shape, int[] content, Map<String, Tensor> values) {
        values.put(name, Tensor.of(name, shape, content));
    }
}
