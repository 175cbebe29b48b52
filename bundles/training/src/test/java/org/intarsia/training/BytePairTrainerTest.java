package org.intarsia.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BytePairTrainerTest {
    @Test
    void theMostFrequentPairIsMergedFirst() {
        BytePairTrainer.Vocabulary vocabulary = BytePairTrainer.train(Stream.of("ab ab ab", "abc"), 259);

        assertThat(vocabulary.tokens()).hasSize(258).startsWith("!", "\"").doesNotHaveDuplicates();
        assertThat(vocabulary.merges()).containsExactly(List.of("a", "b"), List.of("Ġ", "ab"))
                .hasSize(vocabulary.tokens().size() - 256);
    }

    @Test
    void itStopsWhenNoPairComesTwice() {
        assertThat(BytePairTrainer.train(Stream.of("xyz"), 1000).merges()).isEmpty();
    }

    @Test
    void lettersOutsideOfAsciiAreTheirBytes() {
        BytePairTrainer.Vocabulary vocabulary = BytePairTrainer.train(Stream.of("ü ü"), 257);

        assertThat(vocabulary.tokens().getLast()).isEqualTo("Ã¼");
    }
}
