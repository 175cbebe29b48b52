package org.intarsia.training.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.cpu.CpuBackend;
import org.intarsia.model.adapters.Adapter;
import org.intarsia.training.api.LoraTraining;
import org.intarsia.training.api.LoraTraining.Options;
import org.intarsia.training.api.LoraTraining.Schedule;
import org.intarsia.training.api.Training;
import org.intarsia.training.api.TrainingException;
import org.intarsia.training.api.TrainingListener;
import org.intarsia.weights.LowRank;
import org.intarsia.weights.Safetensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Adapters are trained as PEFT and torch's AdamW train them, and an interrupted training gives the same bits. The losses of
 * {@code lora/FIXTURE.safetensors} are those of PEFT from the adapter {@code plain} over the same texts, with the same settings.
 */
class LoraRunTest {
    private static final Path DATA = Path.of("src/test/resources/lora");
    private static final Path ADAPTERS = Path.of("../engine/src/test/resources/adapters");
    private static final LoraTraining.Shape SHAPE = new LoraTraining.Shape(4, 8, false, List.of("q_proj", "down_proj"));

    @TempDir
    Path folder;

    private final List<String> messages = new ArrayList<>();

    @ParameterizedTest
    @CsvSource({"llama, 6", "chameleon-7b, 6"})
    void followsTheLossesOfPeft(String fixture, int samples) {
        float[] expected = Safetensors.read(DATA.resolve(fixture + ".safetensors")).get("losses").floats();
        List<Double> losses = new ArrayList<>();
        Options options = options(folder.resolve("out"), DATA.resolve("data.jsonl"),
                Optional.of(ADAPTERS.resolve(fixture).resolve("plain")), false, new Schedule(expected.length, samples, 2e-3, 1024, 0));
        assertThat(run(fixture, options, losses, Integer.MAX_VALUE).done()).isTrue();
        assertThat(losses).hasSameSizeAs(expected);
        for (int step = 0; step < expected.length; step++) {
            assertThat(Math.abs(losses.get(step) / expected[step] - 1)).as("step %d: %s, %s", step, losses.get(step), expected[step])
                    .isLessThanOrEqualTo(1e-4);
        }
        assertThat(losses.getLast()).isLessThan(losses.getFirst());
    }

    @Test
    void resumedIsTheSameBits() throws IOException {
        Path data = DATA.resolve("data.jsonl");
        Schedule schedule = new Schedule(11, 2, 5e-3, 16, 7);
        Path whole = folder.resolve("whole");
        List<Double> losses = new ArrayList<>();
        run("llama", options(whole, data, Optional.empty(), false, schedule), losses, Integer.MAX_VALUE);
        Path parts = folder.resolve("parts");
        List<Double> again = new ArrayList<>();
        assertThat(run("llama", options(parts, data, Optional.empty(), false, schedule), again, 4).done()).isFalse();
        assertThat(parts.resolve("adapter_model.safetensors")).doesNotExist();
        assertThat(run("llama", options(parts, data, Optional.empty(), true, schedule), again, Integer.MAX_VALUE).done()).isTrue();
        assertThat(again).isEqualTo(losses);
        assertThat(parts.resolve("adapter_model.safetensors")).hasSameBinaryContentAs(whole.resolve("adapter_model.safetensors"));
        assertThat(messages).contains("stopped; --resume goes on from here", "stage lora goes on after step 4");

        assertThatThrownBy(() -> run("llama", options(parts, data, Optional.empty(), true, new Schedule(11, 2, 5e-3, 16, 8)), again, 99))
                .isInstanceOf(TrainingException.class).hasMessageContaining("was begun with other settings").hasMessageContaining("seed 8");
        try (Adapter adapter = Adapter.open(whole)) {
            assertThat(adapter.pairs()).hasSize(6).containsKey("model.layers.0.mlp.down_proj");
            LowRank pair = adapter.pairs().get("model.layers.1.self_attn.q_proj");
            assertThat(pair.rank()).isEqualTo(4);
            assertThat(pair.scale()).isEqualTo(2);
            assertThat(pair.b().floats()).isNotEqualTo(new float[pair.b().floats().length]);
        }
    }

    @Test
    void whatCannotBeUsedIsListed() throws IOException {
        Path data = Files.createDirectory(folder.resolve("data"));
        Files.writeString(data.resolve("a.txt"), "the red fox");
        Files.write(data.resolve("b.txt"), new byte[] {(byte) 0xFF, (byte) 0xFE, 0});
        Files.writeString(data.resolve("c.jsonl"), "{\"text\": \"the dog\"}\n{\"text\": \n{\"prompt\": \"the\"}\n");
        Files.writeString(data.resolve("metadata.jsonl"), "{\"file_name\": \"../x.png\", \"text\": \"a star\"}\n"
                + "{\"file_name\": \"no.png\", \"text\": \"a star\"}\n");
        Files.writeString(data.resolve("d.csv"), "a,b");
        Files.write(data.resolve("e.png"), new byte[] {1});
        LoraTraining.Outcome outcome = run("llama", options(folder.resolve("out"), data, Optional.empty(), false,
                new Schedule(2, 4, 1e-3, 32, 0)), new ArrayList<>(), Integer.MAX_VALUE);
        assertThat(outcome.samples()).isEqualTo(2);
        assertThat(outcome.skipped()).hasSize(7).anyMatch(clause -> clause.equals("b.txt: not text in UTF-8"))
                .anyMatch(clause -> clause.startsWith("c.jsonl, line 2: no valid JSON"))
                .anyMatch(clause -> clause.startsWith("c.jsonl, line 3: neither \"text\""))
                .anyMatch(clause -> clause.equals("metadata.jsonl, line 1: the picture ../x.png is not in the folder of the file"))
                .anyMatch(clause -> clause.equals("metadata.jsonl, line 2: there is no picture no.png"))
                .anyMatch(clause -> clause.equals("d.csv: neither text nor JSON lines nor a picture"))
                .anyMatch(clause -> clause.startsWith("e.png: no caption"));

        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertThatThrownBy(() -> run("llama", options(folder.resolve("other"), empty, Optional.empty(), false,
                new Schedule(2, 4, 1e-3, 32, 0)), new ArrayList<>(), 9)).hasMessageContaining("hold no sample");
    }

    @Test
    void unknownTargetsAreAnswered() {
        Options options = new Options("base", DATA, folder.resolve("out"), false, new Training.Where("cpu", Optional.empty()),
                new LoraTraining.Shape(4, 8, false, List.of("query")), Optional.empty(), new Schedule(1, 1, 1e-3, 32, 0), Optional.empty());
        assertThatThrownBy(() -> run("llama", options, new ArrayList<>(), 9)).isInstanceOf(TrainingException.class)
                .hasMessage("no linear layer of the model's transformer is called query; there are: down_proj, gate_proj, k_proj, lm_head,"
                        + " o_proj, q_proj, up_proj, v_proj");
    }

    private static Options options(Path out, Path data, Optional<Path> start, boolean resume, Schedule schedule) {
        return new Options("base", data, out, resume, new Training.Where("cpu", Optional.empty()), SHAPE, start, schedule,
                Optional.empty());
    }

    private LoraTraining.Outcome run(String fixture, Options options, List<Double> losses, int most) {
        TrainingListener listener = new TrainingListener() {
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
                return losses.size() >= most;
            }
        };
        try (FixtureParts parts = new FixtureParts(fixture); Device device = new CpuBackend().open()) {
            return new LoraRun(options, parts, "base", device, listener).run();
        }
    }
}
