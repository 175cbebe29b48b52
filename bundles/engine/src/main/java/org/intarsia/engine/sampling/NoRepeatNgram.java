package org.intarsia.engine.sampling;

/**
 * Forbids tokens that would complete a run of {@code size} tokens which was there before: {@code no_repeat_ngram_size}; with
 * runs of the prompt alone, {@code encoder_no_repeat_ngram_size}.
 *
 * @param size       tokens in a run, at least 1
 * @param promptOnly whether only runs of the prompt count
 */
record NoRepeatNgram(int size, boolean promptOnly) implements LogitsProcessor {

    @Override
    public void process(Candidates candidates, TokenHistory history) {
        int prefix = history.size() - size + 1;
        if (prefix < 0) {
            return;
        }
        int end = promptOnly ? history.promptSize() : history.size();
        for (int start = 0; start + size <= end; start++) {
            int same = 0;
            while (same < size - 1 && history.at(start + same) == history.at(prefix + same)) {
                same++;
            }
            if (same == size - 1) {
                candidates.forbid(history.at(start + same));
            }
        }
    }
}
