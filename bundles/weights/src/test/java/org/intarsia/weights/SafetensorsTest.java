package org.intarsia.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {
    @TempDir
    Path folder;

    @Test
    void writesTheBytesThatTheReferenceImplementationWrites() {
        Path reference = TestFiles.resource("reference.safetensors");
        Path ours = folder.resolve("ours.safetensors");
        try (Weights weights = Safetensors.open(reference)) {
            List<Tensor> tensors = new ArrayList<>(weights.names().stream().map(weights::get).toList());
            Collections.reverse(tensors);
            Safetensors.write(ours, tensors, weights.metadata().asTexts());
        }
        assertThat(ours).hasSameBinaryContentAs(reference);
    }

    @Test
    void whatIsWrittenCanBeReadAgain() {
        Path file = folder.resolve("values.safetensors");
        Tensor floats = Tensor.of("a \"quoted\"\nname", Shape.of(2, 2), new float[] {1, 2, 3, Float.NaN});
        Tensor ids = Tensor.of("ids", Shape.of(3), new int[] {1, -2, 3});
        Safetensors.write(file, List.of(ids, floats, floats.to(Encoding.BF16).named("half")),
                Map.of("step", "17", "note", "größer"));
        Map<String, Tensor> read = Safetensors.read(file);
        assertThat(read.keySet()).containsExactly("a \"quoted\"\nname", "half", "ids");
        assertThat(read.get("ids").ints()).containsExactly(1, -2, 3);
        assertThat(read.get("half").floats()).containsExactly(1, 2, 3, Float.NaN);
        assertThat(read.get(floats.name()).floats()).containsExactly(floats.floats());
        try (Weights weights = Safetensors.open(file)) {
            assertThat(weights.metadata().asTexts()).isEqualTo(Map.of("step", "17", "note", "größer"));
        }
    }

    @Test
    void writesOverAFileThatIsMapped() {
        Path file = folder.resolve("model.safetensors");
        Safetensors.write(file, List.of(Tensor.of("t", Shape.of(1), new float[] {1})), Map.of());
        try (Weights old = Safetensors.open(file)) {
            Safetensors.write(file, List.of(old.get("t"), Tensor.of("u", Shape.of(1), new float[] {2})), Map.of());
            assertThat(old.get("t").floats()).containsExactly(1);
        }
        assertThat(Safetensors.read(file)).containsOnlyKeys("t", "u");
    }

    @Test
    void anInterruptedWriteLeavesTheOldFile() throws IOException {
        Path file = folder.resolve("model.safetensors");
        Tensor good = Tensor.of("good", Shape.of(1), new float[] {1});
        Safetensors.write(file, List.of(good), Map.of());
        byte[] before = Files.readAllBytes(file);

        Path source = folder.resolve("source.safetensors");
        Safetensors.write(source, List.of(Tensor.of("z", Shape.of(1), new int[] {1})), Map.of());
        Weights weights = Safetensors.open(source);
        Tensor gone = weights.get("z");
        weights.close();
        assertThatThrownBy(() -> Safetensors.write(file, List.of(good, gone), Map.of()))
                .isInstanceOf(IllegalStateException.class);

        assertThat(file).hasBinaryContent(before);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactlyInAnyOrder(file, source);
        }
    }

    @Test
    void saysWhatKeepsItFromWriting() throws IOException {
        Tensor tensor = Tensor.of("t", Shape.of(1), new float[] {1});
        Path nowhere = folder.resolve("missing").resolve("t.safetensors");
        assertThatThrownBy(() -> Safetensors.write(nowhere, List.of(tensor), Map.of()))
                .isInstanceOf(WeightsException.class)
                .hasMessage("'" + nowhere + "' cannot be written: the folder '" + nowhere.getParent()
                        + "' does not exist; create it first");
        Path file = folder.resolve("t.safetensors");
        assertThatThrownBy(() -> Safetensors.write(file, List.of(tensor, tensor), Map.of()))
                .isInstanceOf(WeightsException.class).hasMessage("'" + file + "' cannot hold two tensors named 't'");
        Path directory = Files.createDirectories(folder.resolve("directory").resolve("inside")).getParent();
        assertThatThrownBy(() -> Safetensors.write(directory, List.of(tensor), Map.of()))
                .isInstanceOf(WeightsException.class).hasMessage("'" + directory + "' cannot be written: it is a directory");
        assertThat(file).doesNotExist();
    }
}
