package org.intarsia.shell.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The scripts and the page for a few commands, letter by letter. */
class GoldenTest {
    static Stream<Arguments> texts() {
        return Stream.of(Arguments.of("intarsia.bash", BashScript.of(Sample.REFERENCE)),
                Arguments.of("intarsia.zsh", ZshScript.of(Sample.REFERENCE)),
                Arguments.of("intarsia.fish", FishScript.of(Sample.REFERENCE)),
                Arguments.of("intarsia.1", ManualPage.of(Sample.REFERENCE, "1.2.3")));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void aTextIsAsExpected(String file, String text) throws IOException {
        try (InputStream golden = GoldenTest.class.getResourceAsStream(file)) {
            assertThat(golden).as("the golden file " + file).isNotNull();
            assertThat(text).isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void noLineOfThePageIsATypingErrorToRoff() {
        assertThat(ManualPage.of(Sample.REFERENCE, "1.2.3").lines()).allSatisfy(line ->
                assertThat(line).matches("(\\.(TH|SH|SS|TP|B|I|RI|PP|br)( .*)?)|([^.'].*)").isASCII());
    }
}
