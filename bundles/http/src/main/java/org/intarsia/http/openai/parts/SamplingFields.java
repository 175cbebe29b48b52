package org.intarsia.http.openai.parts;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Sampling;

/**
 * Reads how tokens are chosen. What a request leaves out is as the model likes it best. What would change the choice, and is
 * not done here, is refused rather than ignored.
 */
public final class SamplingFields {
    /** Beyond this each token is as likely as any other, whatever the model says. */
    private static final double HOTTEST = 10;
    private static final double MOST_GUIDANCE = 1000;
    /** Seeds that nobody gave are short enough to be typed again. */
    private static final long FRESH_SEEDS = 1_000_000_000;

    private SamplingFields() {
    }

    /** Returns the seed, or a new one. */
    public static long seed(Fields fields) {
        return fields.whole("seed", Long.MIN_VALUE, Long.MAX_VALUE)
                .orElseGet(() -> ThreadLocalRandom.current().nextLong(FRESH_SEEDS));
    }

    /** Returns what the model likes best, changed by temperature, filters and penalties of the request. */
    public static Sampling read(Fields fields, Sampling best) {
        refuse(fields);
        double topP = fields.decimal("top_p", 0, 1).orElse(best.topP());
        if (topP == 0) {
            throw fields.wrong("top_p", "must be above 0; temperature 0 takes the likeliest token always");
        }
        double penalty = fields.decimal("repetition_penalty", 0, 1000).orElse(best.repetitionPenalty());
        if (penalty == 0) {
            throw fields.wrong("repetition_penalty", "must be above 0; 1 leaves all tokens as likely as they are");
        }
        // vLLM and its clients write -1 for all.
        long topK = fields.whole("top_k", -1, Integer.MAX_VALUE).orElse((long) best.topK());
        return best.toBuilder().temperature(fields.decimal("temperature", 0, HOTTEST).orElse(best.temperature()))
                .topK((int) Math.max(0, topK)).topP(topP).minP(fields.decimal("min_p", 0, 1).orElse(best.minP()))
                .repetitionPenalty(penalty)
                .presencePenalty(penalty(fields, "presence_penalty").orElse(best.presencePenalty()))
                .frequencyPenalty(penalty(fields, "frequency_penalty").orElse(best.frequencyPenalty()))
                .logitBias(logitBias(fields).orElse(best.logitBias())).build();
    }

    private static Optional<Double> penalty(Fields fields, String name) {
        return fields.decimal(name, -Sampling.MOST_PENALTY, Sampling.MOST_PENALTY);
    }

    /** An object of numbers by the ids of tokens, as OpenAI's API has it. */
    private static Optional<Map<Integer, Double>> logitBias(Fields fields) {
        return fields.node("logit_bias").map(sent -> {
            Fields biases = fields.object("logit_bias");
            if (sent.size() > Sampling.MOST_BIASES) {
                throw fields.wrong("logit_bias", "may name " + Sampling.MOST_BIASES + " tokens at most, not " + sent.size());
            }
            Map<Integer, Double> known = new TreeMap<>();
            for (String token : biases.names()) {
                if (!token.matches("\\d{1,9}")) {
                    throw fields.wrong("logit_bias", "must name tokens by their ids, not by '" + token + "'");
                }
                biases.decimal(token, -Sampling.MOST_BIAS, Sampling.MOST_BIAS).ifPresent(bias -> known.put(Integer.valueOf(token), bias));
            }
            return known;
        });
    }

    /** Returns the choice for pictures, with the guidance of the request. */
    public static Sampling guidance(Fields fields, Sampling best) {
        return best.toBuilder().guidance(
                fields.decimal(List.of("guidance", "guidance_scale", "cfg_scale"), -MOST_GUIDANCE, MOST_GUIDANCE)
                        .orElse(best.guidanceText()),
                fields.decimal("guidance_image", -MOST_GUIDANCE, MOST_GUIDANCE).orElse(best.guidanceImage())).build();
    }

    /** Returns the choice with the most tokens that a request allows, by the first of these names that it has. */
    public static Sampling length(Fields fields, Sampling best, String... names) {
        return fields.whole(List.of(names), 1, Integer.MAX_VALUE).map(most -> best.withMaxTokens(most.intValue())).orElse(best);
    }

    /** Returns the strings before which text ends. */
    public static List<String> stop(Fields fields) {
        List<String> stop = fields.texts("stop").stream().filter(text -> !text.isEmpty()).toList();
        if (stop.size() > Request.MOST_STOPS) {
            throw fields.wrong("stop", "may hold " + Request.MOST_STOPS + " texts at most, not " + stop.size());
        }
        return stop;
    }

    private static void refuse(Fields fields) {
        if (fields.text("negative_prompt").filter(text -> !text.isBlank()).isPresent()) {
            throw fields.wrong("negative_prompt", "is not followed by this server's models, and leaving it out silently would give"
                    + " another picture than was asked for: remove it");
        }
    }
}
