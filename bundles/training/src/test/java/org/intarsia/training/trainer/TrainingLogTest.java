package org.intarsia.training.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingLogTest {
    @TempDir
    private Path folder;

    @Test
    void whatCameAfterACheckpointIsForgotten() {
        TrainingLog log = new TrainingLog(folder);
        for (int step = 20; step <= 100; step += 20) {
            log.step("core", step, 1.0 / step, 10, 2);
        }
        log.rewind("core", 60);

        assertThat(new TrainingLog(folder).seconds()).isEqualTo(6);
    }

    @Test
    void aLineCutShortByADyingProcessIsNoEntry() throws IOException {
        TrainingLog log = new TrainingLog(folder);
        log.step("core", 20, 1, 10, 2);
        Files.writeString(folder.resolve("log.jsonl"), "{\"stage\": \"co", StandardOpenOption.APPEND);

        assertThat(new TrainingLog(folder).seconds()).isEqualTo(2);
    }

    @Test
    void theCurveIsThinnedButKeepsTheEnd() {
        TrainingLog log = new TrainingLog(folder);
        for (int step = 1; step <= 1000; step++) {
            log.step("core", step, step, 10, 2);
        }

        assertThat(log.curve(100)).hasSize(100);
        assertThat(log.curve(100).get(99).path("step").asInt()).isEqualTo(1000);
        assertThat(log.curve(100).get(0).path("step").asInt()).isEqualTo(10);
    }
}
