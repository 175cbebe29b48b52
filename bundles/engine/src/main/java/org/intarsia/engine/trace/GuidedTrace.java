package org.intarsia.engine.trace;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.intarsia.engine.api.Sampling;
import org.intarsia.engine.pipeline.Components;
import org.intarsia.engine.pipeline.GuidanceBatch;
import org.intarsia.engine.sampling.Sampler;
import org.intarsia.engine.sampling.TokenHistory;
import org.intarsia.engine.scheduler.StepRunner;
import org.intarsia.graph.Shape;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.PromptFormat;
import org.intarsia.model.api.PromptFormat.Codes;
import org.intarsia.model.api.TokenRow;
import org.intarsia.model.api.TransformerCore;
import org.intarsia.model.api.TransformerCore.Head;
import org.intarsia.weights.Tensor;

/**
 * Traces the making of a picture under guidance: from the references' streams comes the whole picture, always the best
 * code, and for the first two steps and the last one what stands behind the last norm, the scores of each stream, and
 * their mixture. The steps are made with a key/value cache, as generation does; the values are computed again without one.
 */
final class GuidedTrace {
    private static final String HIDDEN = "hidden.final_norm";

    private final Components components;
    private final Supplier<StepRunner> runners;
    private final Tracer tracer;

    /**
     * What a reference calls the streams of a picture.
     *
     * @param path    what the names of its values begin with
     * @param streams the setting that holds each stream
     * @param ends    what the names of each stream's values end with
     */
    private record Names(String path, List<String> streams, List<String> ends) {
        boolean areIn(TraceInputs given) {
            return streams.stream().allMatch(given::has);
        }
    }

    private static final List<Names> GUIDED_BY_ONE = List.of(
            new Names("gen", List.of("gen.input_ids", "gen.input_ids_uncond"), List.of("cond", "uncond")),
            new Names("gen", List.of("gen.input_ids", "gen.negative_input_ids"), List.of("cond", "uncond")));
    private static final Names GUIDED_BY_TWO = new Names("imagegen",
            List.of("imagegen.prompt_full", "imagegen.prompt_image_cond", "imagegen.prompt_uncond"),
            List.of("full", "image_cond", "uncond"));

    GuidedTrace(Components components, Supplier<StepRunner> runners, Tracer tracer) {
        this.components = components;
        this.runners = runners;
        this.tracer = tracer;
    }

    /** Adds the values of each picture whose streams are given. */
    void trace(TraceInputs given, Map<String, Tensor> values) {
        Sampling preferred = components.presentation().defaults().picture();
        GUIDED_BY_ONE.stream().filter(names -> names.areIn(given)).findFirst().ifPresent(names -> {
            double text = given.number("gen.cfg_weight").or(() -> given.number("gen.guidance_scale"))
                    .orElse(preferred.guidanceText());
            make(names, given, new double[] {text, 1 - text}, values);
        });
        if (GUIDED_BY_TWO.areIn(given)) {
            double text = given.number("imagegen.guidance_scale_text").orElse(preferred.guidanceText());
            double image = given.number("imagegen.guidance_scale_image").orElse(preferred.guidanceImage());
            make(GUIDED_BY_TWO, given, new double[] {text, image - text, 1 - image}, values);
        }
    }

    private void make(Names names, TraceInputs given, double[] weights, Map<String, Tensor> values) {
        TransformerCore core = components.core();
        PromptFormat format = core.format();
        int rows = size(given, names.path() + ".height_tokens", components.decoder().rows());
        int columns = size(given, names.path() + ".width_tokens", components.decoder().columns());
        int[] places = format.places(rows, columns);
        List<TokenRow> streams = names.streams().stream().map(name -> stream(name, given)).toList();
        int length = streams.stream().mapToInt(TokenRow::size).max().orElseThrow() + places.length;
        if (length > core.geometry().context()) {
            throw new ModelException("a picture of " + rows + " × " + columns + " codes behind " + names.streams().getFirst()
                    + " takes " + length + " tokens, but the model holds " + core.geometry().context());
        }
        GuidanceBatch guided = new GuidanceBatch(streams.getFirst().list(), streams, weights);
        int[] pictureIds = format.tokens().pictureIds();
        int[] ascending = IntStream.of(pictureIds).sorted().toArray();
        Sampler best = new Sampler(Sampling.GREEDY);
        TokenHistory none = new TokenHistory(List.of());
        Set<Integer> shown = IntStream.of(0, 1, places.length - 1).boxed().collect(Collectors.toSet());
        int[] chosen = new int[places.length];
        try (StepRunner runner = runners.get()) {
            for (int step = 0; step < places.length; step++) {
                if (shown.contains(step)) {
                    show(names, step, guided, values);
                }
                float[][] scores = runner.next(streams, Head.PICTURE);
                int id = places[step] == PromptFormat.CODE ? best.next(guided.mix(scores), ascending, none)
                        : places[step];
                streams.forEach(stream -> stream.add(id));
                chosen[step] = id;
            }
        }
        List<Integer> byCode = IntStream.of(pictureIds).boxed().toList();
        int[] codes = IntStream.range(0, places.length).filter(i -> places[i] == PromptFormat.CODE)
                .map(i -> byCode.indexOf(chosen[i])).toArray();
        put(names.path() + ".generated_token_ids", Shape.of(chosen.length), chosen, values);
        put(names.path() + ".generated_codes", Shape.of(rows, columns), codes, values);
        tracer.decode(names.path(), new Codes(rows, columns, codes), values);
    }

    private static int size(TraceInputs given, String name, int whenAbsent) {
        double size = given.number(name).orElse((double) whenAbsent);
        if (size != (int) size || size < 1) {
            throw new ModelException(name + " should be one whole number of at least 1");
        }
        return (int) size;
    }

    private TokenRow stream(String name, TraceInputs given) {
        int[] ids = given.numbers(name).orElseThrow();
        tracer.check(name, ids, components.core().geometry().vocabulary());
        return new TokenRow().add(ids);
    }

    private void show(Names names, int step, GuidanceBatch guided, Map<String, Tensor> values) {
        String path = names.path() + ".step" + step + ".";
        float[][] scores = new float[names.ends().size()][];
        float[][] logarithms = new float[scores.length][];
        for (int i = 0; i < scores.length; i++) {
            String end = names.ends().get(i);
            TokenRow stream = guided.rows().get(i);
            Map<String, Tensor> computed = tracer.compute(stream, Head.PICTURE, "scores", HIDDEN::equals);
            put(path + "hidden_" + end, lastRow(computed.get(HIDDEN), stream.size()), values);
            scores[i] = lastRow(computed.get("scores"), stream.size());
            logarithms[i] = logSoftmax(scores[i]);
            put(path + "logits_" + end, scores[i], values);
            put(path + "logprobs_" + end, logarithms[i], values);
        }
        put(path + "logits_mixed", guided.mix(scores), values);
        put(path + "mixed", guided.mix(logarithms), values);
    }

    private static float[] lastRow(Tensor tensor, int rows) {
        float[] all = tensor.floats();
        return Arrays.copyOfRange(all, all.length - all.length / rows, all.length);
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
