package org.intarsia.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorWriterTest {
    private static final int ELEMENTS = 5 * (1 << 22);

    @TempDir
    Path folder;

    private final List<Long> made = new ArrayList<>();

    /** Five pieces of 16 MiB, each of which begins with its own number. */
    private TensorWriter writer(Path file, String origin) {
        TensorSource source = new TensorSource("t", TensorType.i32(Shape.of(ELEMENTS)), (target, first) -> {
            made.add(first >> 22);
            target.fill((byte) 0);
            target.set(Elements.INT, 0, (int) (first >> 22) + 1);
        });
        return TensorWriter.safetensors(file, List.of(source), Map.of()).resumable(origin).keptEvery(1);
    }

    private void interrupt(Path file, String origin, int pieces) {
        assertThatThrownBy(() -> writer(file, origin).onProgress(written -> {
            if (written > pieces * (16L << 20)) {
                throw new CancellationException("enough");
            }
        }).write()).isInstanceOf(CancellationException.class);
        assertThat(file).doesNotExist();
    }

    @Test
    void goesOnWhereItWasInterrupted() throws IOException {
        Path file = folder.resolve("t.safetensors");
        interrupt(file, "a", 3);
        assertThat(made).containsExactly(0L, 1L, 2L);
        made.clear();
        List<Long> progress = new ArrayList<>();
        TensorWriter writer = writer(file, "a").onProgress(progress::add);
        writer.write();
        // The last piece is made again, since it may be torn.
        assertThat(made).containsExactly(2L, 3L, 4L);
        assertThat(progress).hasSize(5).endsWith(writer.bytes());
        assertComplete(file);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void beginsAnewWhereSomethingElseIsToBeWritten() {
        Path file = folder.resolve("t.safetensors");
        interrupt(file, "a", 3);
        made.clear();
        writer(file, "b").write();
        assertThat(made).containsExactly(0L, 1L, 2L, 3L, 4L);
        assertComplete(file);
    }

    @Test
    void doesNotTrustWhatDoesNotBeginRight() throws IOException {
        Path file = folder.resolve("t.safetensors");
        interrupt(file, "a", 3);
        try (Stream<Path> files = Files.list(folder);
                FileChannel part = FileChannel.open(files.findFirst().orElseThrow(), StandardOpenOption.WRITE)) {
            part.write(java.nio.ByteBuffer.allocate(8), 0);
        }
        made.clear();
        writer(file, "a").write();
        assertThat(made).containsExactly(0L, 1L, 2L, 3L, 4L);
        assertComplete(file);
    }

    @Test
    void doesNotWriteAFileTwiceAtATime() {
        Path file = folder.resolve("t.safetensors");
        TensorSource nested = new TensorSource("t", TensorType.i32(1), (target, first) -> writer(file).write());
        assertThatThrownBy(() -> TensorWriter.safetensors(file, List.of(nested), Map.of()).resumable("a").write())
                .isInstanceOf(WeightsException.class).hasMessage("'" + file + "' is being written already");
    }

    private static TensorWriter writer(Path file) {
        TensorSource plain = new TensorSource("t", TensorType.i32(1), (target, first) -> target.fill((byte) 0));
        return TensorWriter.safetensors(file, List.of(plain), Map.of()).resumable("a");
    }

    private static void assertComplete(Path file) {
        try (Weights weights = Checkpoint.open(file)) {
            Tensor tensor = weights.get("t");
            for (int piece = 0; piece < 5; piece++) {
                assertThat(tensor.content().get(Elements.INT, piece * (16L << 20))).isEqualTo(piece + 1);
                assertThat(tensor.content().get(Elements.INT, piece * (16L << 20) + 4)).isZero();
            }
        }
    }
}
