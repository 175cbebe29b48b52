package org.intarsia.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.intarsia.weights.Tensor;

/** What tests of layouts have in common: one model in two of them is the same, bit by bit. */
final class Layouts {
    private Layouts() {
    }

    static void assertSameModel(String family, Path actualFolder, Path expectedFolder) {
        try (Presented expected = Presented.open(expectedFolder); Presented actual = Presented.open(actualFolder)) {
            assertThat(actual.family()).isEqualTo(family);
            assertThat(actual.weights().names()).isEqualTo(expected.weights().names());
            for (String name : expected.weights().names()) {
                assertSameBits(name, actual.weights().get(name), expected.weights().get(name));
            }
            assertThat(actual.weightsHash()).isEqualTo(expected.weightsHash());
        }
    }

    static void assertSameBits(String name, Tensor actual, Tensor expected) {
        assertThat(actual.type()).as(name).isEqualTo(expected.type());
        assertThat(actual.content().mismatch(expected.content())).as(name).isEqualTo(-1);
    }
}
