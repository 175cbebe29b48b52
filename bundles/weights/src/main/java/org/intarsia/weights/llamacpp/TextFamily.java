package org.intarsia.weights.llamacpp;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * How llama.cpp holds the models of a family.
 *
 * @param modelTypes       what {@code config.json} calls the family
 * @param architecture     how llama.cpp calls it
 * @param layerTensors     the names of a layer's tensors in Hugging Face's layout, and llama.cpp's; all have weights
 * @param biases           those of them, by llama.cpp's names, that may have a bias
 * @param neighbours       whether llama.cpp rotates neighbouring elements of a head together, and not its two halves, so
 *                         that the rows of queries and keys have another order there
 * @param shiftedNorms     whether the checkpoint holds the scales of norms less 1
 * @param alwaysTied       whether llama.cpp scores tokens by the embedding table, whatever else a file holds
 * @param vocabularySize   whether the file says how many tokens there are, and how much of a head is rotated
 * @param rotaryScalings   the kinds of rotary scaling that llama.cpp follows for this family, beside none
 * @param keys             what the file says beside what every family says
 * @param known            fields of {@code config.json} that only this family has, and that {@code demands} looks at
 * @param demands          refuses what llama.cpp computes otherwise
 */
record TextFamily(Set<String> modelTypes, String architecture, Map<String, String> layerTensors, Set<String> biases,
        boolean neighbours, boolean shiftedNorms, boolean alwaysTied, boolean vocabularySize, Set<String> rotaryScalings,
        List<Key> keys, Set<String> known, Consumer<ConfigFile> demands) {

    /**
     * A number that stands in {@code config.json} and in the file's metadata.
     *
     * @param name  behind the architecture and a dot
     * @param field in {@code config.json}
     * @param whole whether it is a whole number
     */
    record Key(String name, String field, boolean whole) {
    }
}
