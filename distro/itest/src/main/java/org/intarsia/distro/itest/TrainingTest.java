package org.intarsia.distro.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.intarsia.training.api.Training;
import org.intarsia.training.api.TrainingException;
import org.intarsia.training.api.TrainingListener;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole training, in miniature: the recipe of the picture book with tiny networks and a few steps a stage. */
class TrainingTest {
    private static final Training.Where CPU = new Training.Where("cpu", Optional.empty());

    private final Platform platform = new Platform();

    @TempDir
    private Path folder;
    private Path recipe;

    @BeforeEach
    void writeRecipe() throws IOException {
        recipe = Recipes.tiny(folder);
    }

    @Test
    void interruptedAndResumedItGivesTheSameWeights() throws Exception {
        Path whole = folder.resolve("whole");
        Path pieces = folder.resolve("pieces");
        train(whole, false, Integer.MAX_VALUE);
        train(pieces, false, 6);
        // Once in each stage, and once where nothing has been done since the last stop.
        train(pieces, true, 5);
        train(pieces, true, 7);
        train(pieces, true, 0);
        train(pieces, true, Integer.MAX_VALUE);

        for (String file : List.of("config.json", "tokenizer.json", "model.safetensors")) {
            assertThat(pieces.resolve(file)).as(file).hasSameBinaryContentAs(whole.resolve(file));
        }
    }

    @Test
    void aModelIsWholeOrNotThere() throws Exception {
        Path out = folder.resolve("out");
        train(out, false, 6);

        assertThat(out.resolve("model.safetensors")).doesNotExist();
        try (var files = Files.walk(out)) {
            assertThat(files).noneMatch(file -> file.toString().endsWith(".part"));
        }
    }

    @Test
    void whatLiesInTheFolderIsNotOverwritten() throws Exception {
        assertThatThrownBy(() -> train(folder, false, 0)).isInstanceOf(TrainingException.class)
                .hasMessage("the folder " + folder
                        + " is not empty: give --resume to go on with what is in it, or another folder");
    }

    @Test
    void anUnknownRecipeOrBackendIsOneSentence() throws Exception {
        Training training = platform.service(Training.class);
        Path out = folder.resolve("out");

        assertThatThrownBy(() -> training.train(new Training.Options("nowhere", out, false, CPU, 0), new Patience(0)))
                .hasMessage("there is no recipe 'nowhere': give a JSON file, or one of [picturebook, wide]");
        assertThatThrownBy(() -> training.train(
                new Training.Options(recipe.toString(), out, false, new Training.Where("abacus", Optional.empty()), 0), new Patience(0)))
                .hasMessage("there is no backend 'abacus'; installed are [cpu, opencl, vulkan]");
    }

    @Test
    void measuringSaysHowFastTheStagesTrain() throws Exception {
        List<Training.Rate> rates = platform.service(Training.class)
                .measure(recipe.toString(), CPU, Duration.ofMillis(200), message -> assertThat(message).isNotBlank());

        assertThat(rates).extracting(Training.Rate::stage).containsExactly("image-tokenizer", "core");
        assertThat(rates).allSatisfy(rate -> {
            assertThat(rate.samplesPerSecond()).isPositive().isFinite();
            assertThat(rate.floatOperationsPerSecond()).isPositive().isFinite();
        });
    }

    private void train(Path out, boolean resume, int steps) throws InterruptedException {
        Training.Options options = new Training.Options(recipe.toString(), out, resume, CPU, 0);
        platform.service(Training.class).train(options, new Patience(steps));
    }

    /** Cancels after so many steps. */
    private static final class Patience implements TrainingListener {
        private int left;

        Patience(int steps) {
            left = steps;
        }

        @Override
        public void onStep(Step step) {
            assertThat(step.loss()).isPositive().isFinite();
        }

        @Override
        public void onMessage(String message) {
            assertThat(message).isNotBlank();
        }

        @Override
        public boolean isCancelled() {
            return left-- <= 0;
        }
    }
}
