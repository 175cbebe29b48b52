package org.intarsia.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StandardOutputTest {
    @Test
    void whatCannotBeWrittenIsThrownThroughThePrintStream() {
        PrintStream full = StandardOutput.stream(new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException("No space left on device");
            }
        }, StandardCharsets.UTF_8);
        assertThatThrownBy(() -> full.println("a line")).isInstanceOf(StandardOutput.Failed.class)
                .hasMessage("standard output cannot be written (No space left on device)");
        assertThatThrownBy(full::flush).isInstanceOf(StandardOutput.Failed.class);
        assertThat(Failure.of(new StandardOutput.Failed(new IOException("Broken pipe"))))
                .isEqualTo(new Failure(1, "standard output cannot be written (Broken pipe)"));
    }

    @Test
    void eachLineIsThereAtOnce() {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        StandardOutput.stream(written, StandardCharsets.UTF_8).println("grün");
        assertThat(written.toString(StandardCharsets.UTF_8)).isEqualTo("grün" + System.lineSeparator());
    }
}
