package org.intarsia.distro.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.intarsia.engine.api.AdapterChoice;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.Engine;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.Origin;
import org.intarsia.engine.api.PictureFiles;
import org.intarsia.engine.api.Placement;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Sampling;
import org.intarsia.model.api.Text;
import org.intarsia.training.api.LoraTraining;
import org.intarsia.training.api.Training;
import org.intarsia.training.api.TrainingException;
import org.intarsia.training.api.TrainingListener;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An adapter over the shipped model learns pictures and captions, both ways, and the model is as before without it. */
class AdapterTest {
    private static final Placement CPU = Placement.on(Optional.of("cpu"));
    private static final Sampling GREEDY = Sampling.builder().temperature(0).maxTokens(8).build();
    private static final Request PICTURE = new Request(List.of(new Text("a red star")), Goal.PICTURE, GREEDY);

    private final Platform platform = new Platform();
    private final List<Double> losses = new ArrayList<>();
    private final List<String> messages = new ArrayList<>();

    @TempDir
    private Path folder;
    private Path data;
    private Answer before;

    @BeforeEach
    void paint() throws Exception {
        data = Files.createDirectory(folder.resolve("data"));
        try (Model model = open(List.of())) {
            before = model.answer(PICTURE);
            PictureFiles.write(data.resolve("star.png"), before.images().getFirst());
        }
        Files.writeString(data.resolve("star.txt"), "a green zebra");
    }

    @Test
    void itLearnsBothWaysAndLeavesTheModelAlone() throws Exception {
        Path out = folder.resolve("lora");
        assertThat(train(out, false, 12, Integer.MAX_VALUE).samples()).isEqualTo(2);
        // Steps of pictures and of captions take turns; both are learned.
        assertThat(losses.get(10) + losses.get(11)).isLessThan(losses.get(0) + losses.get(1));

        try (Model with = open(List.of(new AdapterChoice(out, 1))); Model without = open(List.of())) {
            Request asked = new Request(List.of(before.images().getFirst()), Goal.ANSWER, GREEDY);
            Answer caption = with.answer(asked);
            assertThat(caption.text().strip()).isNotEqualTo(without.answer(asked).text().strip());
            Origin origin = caption.origin();
            assertThat(origin.adapters()).extracting(Origin.Adapted::name).containsExactly("lora");
            assertThat(origin.weights()).isEqualTo(before.origin().weights());
            assertThat(without.answer(PICTURE)).isEqualTo(before);
        }
    }

    @Test
    void interruptedAndResumedItGivesTheSameAdapter() throws Exception {
        Path whole = folder.resolve("whole");
        Path pieces = folder.resolve("pieces");
        train(whole, false, 5, Integer.MAX_VALUE);
        assertThat(train(pieces, false, 5, 2).done()).isFalse();
        assertThat(train(pieces, true, 5, Integer.MAX_VALUE).done()).isTrue();

        assertThat(pieces.resolve("adapter_model.safetensors")).hasSameBinaryContentAs(whole.resolve("adapter_model.safetensors"));
        assertThat(messages).contains("stopped; --resume goes on from here");
    }

    @Test
    void whatIsNoPictureIsListed() throws Exception {
        Files.write(data.resolve("broken.png"), new byte[] {1, 2, 3});
        Files.writeString(data.resolve("broken.txt"), "a star");
        LoraTraining.Outcome outcome = train(folder.resolve("lora"), false, 1, Integer.MAX_VALUE);
        assertThat(outcome.samples()).isEqualTo(2);
        assertThat(outcome.skipped()).singleElement().asString().startsWith("broken.png: ");
        assertThatThrownBy(() -> train(folder.resolve("lora"), false, 1, 1)).isInstanceOf(TrainingException.class)
                .hasMessageContaining("is not empty: give --resume");
    }

    private Model open(List<AdapterChoice> adapters) throws InterruptedException {
        return platform.service(Engine.class).open(Engine.DEFAULT_MODEL, CPU, adapters);
    }

    private LoraTraining.Outcome train(Path out, boolean resume, int steps, int most) throws InterruptedException, IOException {
        int begun = losses.size();
        return platform.service(LoraTraining.class).train(new LoraTraining.Options(Engine.DEFAULT_MODEL, data, out, resume,
                new Training.Where("cpu", Optional.empty()), new LoraTraining.Shape(8, 16, false, List.of("all-linear")), Optional.empty(),
                new LoraTraining.Schedule(steps, 1, 5e-3, 1024, 0), Optional.empty()), new TrainingListener() {
                    @Override
                    public void onStep(Step step) {
                        losses.add(step.loss());
                    }

                    @Override
                    public void onMessage(String message) {
                        messages.add(message);
                    }

                    @Override
                    public boolean isCancelled() {
                        return losses.size() - begun >= most;
                    }
                });
    }
}
