package org.intarsia.engine.sampling;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.intarsia.engine.api.Sampling;
import org.intarsia.model.api.ModelException;

/**
 * The processors of a request in transformers' order: first those that change scores, of which greedy decoding is made, too; then
 * those that shape and cut the distribution that is drawn from. What changes nothing is left out. A further processor
 * gets one line in {@link #of}, or in {@link GenerationRules} where the model's files ask for it.
 *
 * @param processors change scores
 * @param warpers    are left out by greedy decoding
 */
record ProcessorChain(List<LogitsProcessor> processors, List<LogitsProcessor> warpers) {

    /**
     * Composes what a request and its model's rules ask for.
     *
     * @param ends tells the tokens that end a text
     */
    static ProcessorChain of(Sampling sampling, GenerationRules rules, IntPredicate ends) {
        List<LogitsProcessor> processors = new ArrayList<>();
        sampling.logitBias().forEach((id, bias) -> processors.add(new SequenceBias(new int[] {id}, bias)));
        processors.addAll(rules.beforePenalty());
        add(processors, sampling.repetitionPenalty() != 1, new RepetitionPenalty(sampling.repetitionPenalty()));
        add(processors, sampling.presencePenalty() != 0 || sampling.frequencyPenalty() != 0,
                new OccurrencePenalty(sampling.presencePenalty(), sampling.frequencyPenalty()));
        processors.addAll(rules.behindPenalty(ends));
        List<LogitsProcessor> warpers = new ArrayList<>();
        if (sampling.temperature() > 0) {
            add(warpers, sampling.temperature() != 1, new Temperature(sampling.temperature()));
            add(warpers, sampling.topK() > 0, new TopK(sampling.topK()));
            add(warpers, sampling.topP() < 1, new TopP(sampling.topP()));
            add(warpers, sampling.minP() > 0, new MinP(sampling.minP()));
            warpers.addAll(rules.warpers());
        }
        return new ProcessorChain(List.copyOf(processors), List.copyOf(warpers));
    }

    private static void add(List<LogitsProcessor> chain, boolean needed, LogitsProcessor processor) {
        if (needed) {
            chain.add(processor);
        }
    }

    /** @throws ModelException where the processors forbid every token */
    void process(Candidates candidates, TokenHistory history) {
        processors.forEach(processor -> processor.process(candidates, history));
        if (candidates.score(candidates.best()) == Double.NEGATIVE_INFINITY) {
            throw new ModelException("no token is left that could follow: generation_config.json of the model forbids them all"
                    + " (suppress_tokens, bad_words_ids, no_repeat_ngram_size and the like)");
        }
        warpers.forEach(warper -> warper.process(candidates, history));
    }
}
