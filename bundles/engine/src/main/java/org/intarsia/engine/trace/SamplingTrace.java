package org.intarsia.engine.trace;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.intarsia.engine.api.Sampling;
import org.intarsia.engine.sampling.Sampler;
import org.intarsia.engine.sampling.TokenHistory;
import org.intarsia.graph.Shape;
import org.intarsia.model.api.ModelException;
import org.intarsia.weights.Tensor;

/**
 * Traces how a token is chosen: for each {@code sampling.I.chain}, counted from 0, {@code sampling.I.probs}, the
 * probabilities of the token behind {@code text.input_ids}. A chain is {@code "temperature 1.4, top_k 40"} and the like.
 */
final class SamplingTrace {
    /** As {@link Sampler} applies them. */
    private static final List<String> STEPS = List.of("repetition_penalty", "temperature", "top_k", "top_p", "min_p");

    private SamplingTrace() {
    }

    /**
     * Adds the values.
     *
     * @param scores of each place of the stream
     * @param ids    the stream
     */
    static void trace(TraceInputs given, Tensor scores, int[] ids, Map<String, Tensor> values) {
        float[] all = scores.floats();
        int vocabulary = all.length / ids.length;
        float[] last = new float[vocabulary];
        System.arraycopy(all, all.length - vocabulary, last, 0, vocabulary);
        TokenHistory history = new TokenHistory(IntStream.of(ids).boxed().toList());
        int[] everyToken = IntStream.range(0, vocabulary).toArray();
        for (int number = 0; ; number++) {
            String name = "sampling." + number + ".chain";
            Optional<String> chain = given.words(name);
            if (chain.isEmpty()) {
                return;
            }
            double[] exact = new Sampler(sampling(name, chain.get())).probabilities(last, everyToken, history);
            float[] probabilities = new float[vocabulary];
            IntStream.range(0, vocabulary).forEach(id -> probabilities[id] = (float) exact[id]);
            String result = "sampling." + number + ".probs";
            values.put(result, Tensor.of(result, Shape.of(vocabulary), probabilities));
        }
    }

    /** What a chain says; steps that it leaves out change nothing. */
    static Sampling sampling(String name, String chain) {
        Map<String, Double> steps = new HashMap<>();
        int before = -1;
        for (String step : chain.split(", ")) {
            String[] words = step.split(" ");
            int place = STEPS.indexOf(words[0]);
            if (words.length != 2 || place <= before) {
                throw wrong(name, chain);
            }
            before = place;
            try {
                steps.put(words[0], Double.valueOf(words[1]));
            } catch (NumberFormatException e) {
                throw wrong(name, chain);
            }
        }
        double topK = steps.getOrDefault("top_k", 0.0);
        double temperature = steps.getOrDefault("temperature", 1.0);
        if (topK != (int) topK || temperature == 0) {
            throw wrong(name, chain);
        }
        return Sampling.builder().temperature(temperature).topK((int) topK).topP(steps.getOrDefault("top_p", 1.0))
                .minP(steps.getOrDefault("min_p", 0.0)).repetitionPenalty(steps.getOrDefault("repetition_penalty", 1.0)).build();
    }

    private static ModelException wrong(String name, String chain) {
        return new ModelException(name + " should be some of " + String.join(", ", STEPS) + " in this order, each with a number"
                + " (of top_k a whole one, of temperature not 0), not '" + chain + "'");
    }
}
