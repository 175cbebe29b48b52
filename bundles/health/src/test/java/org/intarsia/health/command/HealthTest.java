package org.intarsia.health.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.felix.hc.api.Result;
import org.junit.jupiter.api.Test;

class HealthTest {
    private static final Health.Finding WELL = Health.Finding.of("backend cpu", () -> new Result(Result.Status.OK, "fine"));
    private static final Health.Finding ABSENT = Health.Finding.of("backend gpu", () -> new Result(Result.Status.WARN, "no driver"));
    private static final Health.Finding ILL =
            Health.Finding.of("model mine", () -> new Result(Result.Status.CRITICAL, "no tokenizer"));
    private static final Health.Finding BROKEN = Health.Finding.of("model yours", () -> {
        throw new IllegalStateException("oops");
    });

    @Test
    void aWarningIsNoFailure() {
        org.intarsia.shell.api.Result result = Health.result(List.of(WELL, ABSENT));

        assertThat(result.text()).isEqualTo("OK       backend cpu: fine\nWARN     backend gpu: no driver");
        assertThat(result.failure()).isEmpty();
        assertThat(result.value()).isEqualTo(List.of(new Health.Finding("backend cpu", "OK", "fine"),
                new Health.Finding("backend gpu", "WARN", "no driver")));
    }

    @Test
    void whatIsCriticalAndWhatCannotEvenBeCheckedFails() {
        org.intarsia.shell.api.Result result = Health.result(List.of(WELL, ILL, BROKEN));

        assertThat(result.failure()).contains("2 of 3 checks failed");
        assertThat(result.text()).contains("CRITICAL model mine: no tokenizer",
                "HEALTH_CHECK_ERROR model yours: java.lang.IllegalStateException: oops");
    }

    @Test
    void saysWhoChecks() {
        assertThat(Health.result(List.of()).text()).isEqualTo("nothing is checked; install or start the bundle org.intarsia.health");
    }
}
