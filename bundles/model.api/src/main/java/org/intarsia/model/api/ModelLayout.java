package org.intarsia.model.api;

import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Writes down a new model of a family, for those who train one from nothing, so that other programs load it as they load
 * published ones. Safe for use by several threads.
 */
@ConsumerType
public interface ModelLayout {

    /**
     * A text vocabulary of byte pairs (Sennrich et al., 2016).
     *
     * @param tokens in the order of their ids; the 256 bytes first, in the printable spelling of GPT-2's vocabulary
     * @param merges the pairs that are joined, those that are joined first in front
     */
    record BytePairs(List<String> tokens, List<List<String>> merges) {
        public BytePairs {
            tokens = List.copyOf(tokens);
            merges = List.copyOf(merges);
        }
    }

    /**
     * Returns all files beside the weights whose content follows from the configuration and the vocabulary.
     *
     * @param config {@code config.json} without what the vocabulary decides: sizes, and the number of picture codes
     * @param text   the vocabulary; the family adds its special tokens, and those of picture codes
     * @return JSON by file name; {@code config.json} and {@code tokenizer.json} among them
     */
    Map<String, String> files(String config, BytePairs text);
}
