package org.intarsia.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.intarsia.backend.api.Device;
import org.intarsia.training.api.Training;
import org.intarsia.training.recipe.Recipe;
import org.intarsia.training.recipe.Stage;
import org.intarsia.training.trainer.StageLoop;
import org.intarsia.training.trainer.Trainer;

/** How fast the stages of a recipe train: the very steps of a training, in a folder that is gone afterwards. */
final class Measurement {
    /** The decoder alone does a part of what the image tokenizer does. */
    private static final List<Stage> STAGES = List.of(Stage.IMAGE_TOKENIZER, Stage.CORE);

    private Measurement() {
    }

    static List<Training.Rate> run(Recipe recipe, Device device, Stages.Factories factories, Duration each,
            Consumer<String> progress) {
        try {
            Path folder = Files.createTempDirectory("intarsia-measurement-");
            try (Stages stages = new Stages(recipe, folder, device, factories, progress,
                    Thread.currentThread()::isInterrupted)) {
                List<Training.Rate> rates = new ArrayList<>();
                for (Stage stage : STAGES) {
                    progress.accept("measuring the training of " + recipe.name() + ", stage " + stage);
                    rates.add(stages.use(stage, stages.fresh(), stage.of(recipe).steps(),
                            (trainer, work) -> measure(stage, trainer, work, each)));
                }
                return rates;
            } finally {
                delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the folder for temporary files cannot be used: " + e.getMessage(), e);
        }
    }

    private static Training.Rate measure(Stage stage, Trainer trainer, StageLoop.Work work, Duration time) {
        int step = 0;
        long start = System.nanoTime();
        // The first steps compile plans, and run before the just-in-time compiler is done.
        do {
            work.step(step++);
        } while (System.nanoTime() - start < time.toNanos() / 2);
        double before = trainer.operations();
        long samples = 0;
        start = System.nanoTime();
        long now;
        do {
            samples += work.step(step++).samples();
            now = System.nanoTime();
        } while (now - start < time.toNanos());
        double seconds = (now - start) / 1e9;
        return new Training.Rate(stage.toString(), samples / seconds, (trainer.operations() - before) / seconds);
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
