package org.intarsia.distro;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A conversion whose process is killed goes on in the next process. */
class ConvertIT extends Launched {
    /** 200 MB in BF16, 400 MB in F32. */
    private static final String CONFIG = """
            {"model_type": "llama", "hidden_size": 384, "intermediate_size": 1024, "num_hidden_layers": 1,
             "num_attention_heads": 4, "vocab_size": 128256, "max_position_embeddings": 64}""";
    /** Of what is there, so much is written again: the disk may not have it yet. */
    private static final long UNSAFE = 128 << 20;
    private static final long KILLED_AT = UNSAFE + (32 << 20);
    /** Behind the header and before what is written again. */
    private static final long MARKED = 1 << 20;

    @Test
    void aConversionThatIsKilledGoesOnToTheSameBytes() throws Exception {
        Files.writeString(folder.resolve("config.json"), CONFIG);
        assertThat(call("weights", "random", "config.json", "--out", "in").status()).isZero();
        assertThat(convert("whole").status()).isZero();

        Path out = Files.createDirectory(folder.resolve("out"));
        Process process = start("weights", "convert", "in", "out", "--encoding", "F32");
        killWhenHalfwayIn(out, process);
        Path part = files(out).getFirst();
        assertThat(files(out)).hasSize(1);
        assertThat(part.getFileName().toString()).startsWith(".model.safetensors.").endsWith(".part");
        // A sign that the second process keeps what the first one made.
        invert(part);

        assertThat(convert("out").status()).isZero();
        invert(out.resolve("model.safetensors"));
        List<Path> expected = files(folder.resolve("whole"));
        assertThat(files(out)).extracting(Path::getFileName).isEqualTo(expected.stream().map(Path::getFileName).toList());
        for (Path file : expected) {
            assertThat(Files.mismatch(file, out.resolve(file.getFileName()))).as(file.toString()).isEqualTo(-1);
        }
    }

    private Call convert(String out) throws IOException, InterruptedException {
        return call("weights", "convert", "in", out, "--encoding", "F32");
    }

    private static void killWhenHalfwayIn(Path out, Process process) throws IOException, InterruptedException {
        try (WatchService watcher = out.getFileSystem().newWatchService()) {
            out.register(watcher, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
            while (bytes(out) < KILLED_AT) {
                Optional<WatchKey> change = Optional.ofNullable(watcher.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
                assertThat(change).as("something was written").isPresent();
                change.get().pollEvents();
                change.get().reset();
            }
        }
        process.destroyForcibly().waitFor();
    }

    private static long bytes(Path folder) throws IOException {
        long bytes = 0;
        for (Path file : files(folder)) {
            bytes += Files.size(file);
        }
        return bytes;
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    /** Turns the bits of one byte around. */
    private static void invert(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, MARKED);
            channel.write(ByteBuffer.wrap(new byte[] {(byte) ~one.get(0)}), MARKED);
        }
    }
}
