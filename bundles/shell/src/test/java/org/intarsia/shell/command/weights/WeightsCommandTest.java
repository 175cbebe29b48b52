package org.intarsia.shell.command.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.intarsia.engine.api.Inspector;
import org.intarsia.engine.testkit.StandIn;
import org.intarsia.graph.Shape;
import org.intarsia.shell.api.Console;
import org.intarsia.shell.api.UsageException;
import org.intarsia.weights.Safetensors;
import org.intarsia.weights.Tensor;
import org.intarsia.weights.WeightsException;
import org.intarsia.weights.tool.Merge;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands about weights print and refuse; what they do is tested beside the tools. */
class WeightsCommandTest {
    private static final Inspector INSPECTOR = path -> new Inspector.Fit("toy", List.of(
            new Inspector.Part("tokenizer", Optional.of("huggingface"), Optional.of("org.intarsia.tokenizer 1"), List.of()),
            new Inspector.Part("image decoder", Optional.empty(), Optional.empty(), List.of("vq: it is for others", "b: no"))));

    private final WeightsCommand command = new WeightsCommand(List.of(new WeightsInspect(INSPECTOR), new WeightsVerify(),
            new WeightsDiff(), new WeightsConvert()));
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @TempDir
    Path folder;

    @BeforeEach
    void write() throws Exception {
        Files.createDirectory(folder.resolve("model"));
        Safetensors.write(folder.resolve("model/model.safetensors"), List.of(
                Tensor.of("up.weight", Shape.of(2, 32), new float[64]), Tensor.of("up.bias", Shape.of(2), new float[] {1, -1})),
                Map.of("license", "MIT"));
        Safetensors.write(folder.resolve("other.safetensors"), List.of(
                Tensor.of("up.weight", Shape.of(64), new float[64]), Tensor.of("up.bias", Shape.of(2), new float[] {1, 1}),
                Tensor.of("new", Shape.of(1), new float[] {Float.NaN})), Map.of());
    }

    private String call(String... words) throws Exception {
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        return command.call(List.of(words), folder, new Console(InputStream.nullInputStream(), out, out)).toString();
    }

    @Test
    void inspectShowsTensorsSumsAndWhatIsMissing() throws Exception {
        assertThat(call("inspect", "model").lines().map(String::strip)).containsExactly(
                "up.bias                                                          F32   [2]                         8 B",
                "up.weight                                                        F32   [2, 32]                   256 B",
                "",
                "2 tensors, 66 parameters, 264 B",
                "by encoding:",
                "F32                                           2 tensors         66 parameters      264 B",
                "by component:",
                "up                                            2 tensors         66 parameters      264 B",
                "licence: MIT (metadata)",
                "family: toy",
                "tokenizer         huggingface (org.intarsia.tokenizer 1)",
                "image decoder     missing: vq: it is for others; b: no");
        assertThat(call("inspect", "other.safetensors", "--hash")).contains("licence: not stated\nhash: sha256:")
                .endsWith("no model: a file of tensors does not say what model it is of; name its directory");
        assertThat(call("inspect", "model", "--json")).contains("\"tensors\":[{\"name\":\"up.bias\",\"encoding\":\"F32\","
                + "\"shape\":[2],\"bytes\":8},").contains("\"hash\":null,\"fit\":{\"family\":\"toy\"").doesNotContain("\n");
    }

    @Test
    void verifyFailsWithAllThatIsWrong() throws Exception {
        assertThat(call("verify", "model", "--write", "SUMS", "--all"))
                .contains("up.bias                                                          F32   from -1.00000 to 1.00000, mean 0.00000")
                .endsWith("all is well: 2 tensors of floating-point values, every value a finite number");
        assertThat(folder.resolve("SUMS")).content().endsWith("  model.safetensors\n");
        assertThat(call("verify", "model", "--manifest", "SUMS")).contains("all is well");
        assertThatThrownBy(() -> call("verify", "other.safetensors", "--manifest", "SUMS"))
                .hasMessage("2 wrong in '" + folder.resolve("other.safetensors") + "': the file 'model.safetensors' of the"
                        + " manifest is missing; the tensor 'new' holds values that are no use: 1 not a number, 0 infinite");
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("other.safetensors");
    }

    @Test
    void diffNamesEveryDifference() throws Exception {
        assertThat(call("diff", "model", "other.safetensors").lines()).containsExactly(
                "only in the second: new",
                "other shape:        up.weight is F32(2, 32) in the first, F32(64) in the second",
                "up.bias                                                          F32         most 2.00, relative 1.41",
                "tensors: 0 equal, 1 different, 1 of another shape, 1 in one only");
    }

    @Test
    void convertSaysWhatStaysAsItWas() throws Exception {
        assertThat(call("convert", "model", "small", "--encoding", "Q8_0")).isEqualTo(folder.resolve("small/model.gguf")
                + ": 352 B, 1 of 2 tensors in Q8_0\notherwise (norms, biases, convolutions, rows that are no whole blocks,"
                + " integers): 1 in F32\nform: the checkpoint's own names; read here beside its config.json, and not by llama.cpp");
        assertThatThrownBy(() -> call("convert", "model", "small.safetensors", "--encoding", "Q8_0"))
                .isInstanceOf(WeightsException.class)
                .hasMessage("safetensors files cannot hold Q8_0; name a file that ends in .gguf");
        assertThatThrownBy(() -> call("convert", "model", "small")).isInstanceOf(UsageException.class)
                .hasMessage("weights convert: --encoding E is missing");
        assertThatThrownBy(() -> call("convert", "model", "small", "--encoding", "Q9")).isInstanceOf(UsageException.class)
                .hasMessageStartingWith("weights convert: --encoding is F32 or F16 or BF16 or Q8_0 or Q4_0 or Q4_K or Q6_K, not 'Q9'");
    }

    @Test
    void mergeHandsOnWhatWasNamed() throws Exception {
        List<String> asked = new ArrayList<>();
        WeightsCommand merging = new WeightsCommand(List.of(new WeightsMerge(new StandIn(), (model, adapters, out, encoding, watcher) -> {
            asked.add(model + " " + adapters + " " + out + " " + encoding);
            return new Merge(out + "/model.safetensors", 2048, List.of("up.weight"), Map.of("up.weight", 2L));
        })));
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        assertThat(merging.call(List.of("merge", "model", "merged", "--adapter", "lines=0.5", "--encoding", "BF16"), folder,
                new Console(InputStream.nullInputStream(), out, out)).toString()).isEqualTo(folder.resolve("merged")
                + "/model.safetensors: 2.05 kB, 1 tensor changed\ntoo large for their encoding, and infinite now: 2 values of 'up.weight'");
        assertThat(asked).containsExactly(folder.resolve("model") + " [AdapterChoice[folder=" + folder.resolve("lines") + ", weight=0.5]] "
                + folder.resolve("merged") + " Optional[BF16]");
    }

    @Test
    void wrongWordsAreRefused() throws Exception {
        assertThatThrownBy(() -> call("inspekt", "model")).isInstanceOf(UsageException.class)
                .hasMessageStartingWith("weights: WHAT is convert or diff or inspect or verify, not 'inspekt'");
        assertThatThrownBy(this::call).isInstanceOf(UsageException.class).hasMessageStartingWith("weights: WHAT is missing");
        assertThat(call("--help")).contains("convert, diff, inspect, verify; `weights WHAT --help` explains each");
        assertThat(call("diff", "--help")).startsWith("weights diff A B");
        assertThat(command.chosen(List.of("diff", "model"))).isInstanceOf(WeightsDiff.class);
        assertThat(command.chosen(List.of())).isSameAs(command);
    }
}
