package org.intarsia.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
    @TempDir
    Path folder;

    @Test
    void readsEveryTypeOfAFileThatTheReferenceImplementationWrote() {
        try (Weights weights = Checkpoint.open(TestFiles.resource("reference.safetensors"))) {
            assertThat(weights.names())
                    .containsExactly("a.f16", "b.f32", "c.bf16", "empty", "größe", "ids", "scalar", "steps");
            assertThat(weights.metadata().asTexts()).containsExactly(Map.entry("format", "pt"));
            assertThat(weights.get("b.f32").type()).isEqualTo(TensorType.f32(2, 3));
            assertThat(weights.get("b.f32").floats())
                    .containsExactly(1.5f, -0.0f, Float.POSITIVE_INFINITY, Float.MAX_VALUE, Float.MIN_VALUE, -2.25f);
            assertThat(weights.get("a.f16").floats()).containsExactly(1.5f, -65504f, 0x1p-24f, 0.33300781f);
            assertThat(weights.get("c.bf16").floats())
                    .containsExactly(1.5f, -0x1.fep127f, Float.intBitsToFloat(0x10000), Float.POSITIVE_INFINITY);
            assertThat(weights.get("ids").ints()).containsExactly(1, Integer.MIN_VALUE, Integer.MAX_VALUE);
            assertThat(weights.get("steps").ints()).containsExactly(-7, Integer.MAX_VALUE);
            assertThat(weights.get("scalar").shape()).isEqualTo(Shape.SCALAR);
            assertThat(weights.get("scalar").floats()).containsExactly(0.5f);
            assertThat(weights.get("empty").floats()).isEmpty();
            assertThat(weights.get("größe").floats()).containsExactly(2);
        }
    }

    @Test
    void joinsShards() {
        try (Weights weights = Checkpoint.open(TestFiles.resource("llama"))) {
            assertThat(weights.names()).hasSize(30);
            assertThat(weights.get("model.embed_tokens.weight").type()).isEqualTo(TensorType.f32(362, 64));
            assertThat(weights.get("model.norm.weight").content().isReadOnly()).isTrue();
            // Computed by a program of a few lines that knows nothing of this one.
            assertThat(weights.hash()).isEqualTo("df4329cbcf5c943e83d9163ae423a43d0c9e34f529a7bf94e512785258f19e3a");
        }
    }

    @Test
    void hashDoesNotDependOnTheFilesThatHoldTheTensors() {
        Path single = folder.resolve("model.safetensors");
        try (Weights shards = Checkpoint.open(TestFiles.resource("llama").resolve(Checkpoint.INDEX))) {
            Safetensors.write(single, shards.names().stream().map(shards::get).toList(), shards.metadata().asTexts());
            try (Weights one = Checkpoint.open(folder)) {
                assertThat(one.hash()).isEqualTo(shards.hash());
                assertThat(Weights.of(Safetensors.read(single).values()).hash()).isEqualTo(shards.hash());
            }
        }
    }

    @Test
    void mapsMoreThanTwoGibibytes() throws IOException {
        long many = 3L << 30;
        String header = "{\"big\":{\"dtype\":\"F32\",\"shape\":[3," + (many / 12) + "],\"data_offsets\":[0," + many + "]},"
                + "\"end\":{\"dtype\":\"I32\",\"shape\":[1],\"data_offsets\":[" + many + "," + (many + 4) + "]}}    ";
        byte[] head = header.getBytes(StandardCharsets.UTF_8);
        Path file = folder.resolve("sparse.safetensors");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE,
                StandardOpenOption.SPARSE)) {
            int padded = Math.ceilDiv(head.length, 8) * 8;
            ByteBuffer start = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN).putLong(padded).put(head);
            while (start.hasRemaining()) {
                start.put((byte) ' ');
            }
            channel.write(start.flip());
            channel.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putFloat(2.5f).putInt(42).flip(),
                    start.limit() + many - 4);
        }
        try (Weights weights = Checkpoint.open(file)) {
            Tensor big = weights.get("big");
            assertThat(big.content().byteSize()).isEqualTo(many);
            assertThat(big.content().getAtIndex(ValueLayout.JAVA_FLOAT, many / 4 - 1)).isEqualTo(2.5f);
            assertThat(weights.get("end").ints()).containsExactly(42);
            assertThatThrownBy(() -> new Tensor("big", TensorType.f32(1), big.content()))
                    .hasMessage("the tensor 'big' of type F32(1) takes 4 bytes, but its content has 3221225472");
        }
    }

    @Test
    void copiesTensorsThatAreNotAligned() {
        String header = "{\"uneven\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";
        assertThat(header.length() % 4).isNotZero();
        byte[] file = TestFiles.safetensors(header, 8);
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putFloat(file.length - 8, 1.5f).putFloat(file.length - 4, -2);
        try (Weights weights = Checkpoint.open(TestFiles.write(folder.resolve("uneven.safetensors"), file))) {
            Tensor uneven = weights.get("uneven");
            assertThat(uneven.content().address() % 4).isZero();
            assertThat(uneven.floats()).containsExactly(1.5f, -2);
            assertThat(weights.get("uneven").content().address()).isEqualTo(uneven.content().address());
        }
    }

    @Test
    void namesTensorsWhoseTypeCannotBeUsed() {
        String header = "{\"mask\":{\"dtype\":\"BOOL\",\"shape\":[2],\"data_offsets\":[0,2]}}";
        Path file = TestFiles.write(folder.resolve("mask.safetensors"), TestFiles.safetensors(header, 2));
        try (Weights weights = Checkpoint.open(file)) {
            assertThatThrownBy(() -> weights.get("mask")).isInstanceOf(WeightsException.class)
                    .hasMessage("the tensor 'mask' of '" + file + "' has the dtype BOOL, which is not supported;"
                            + " U8, F16, BF16, I32, F32, I64 are");
            assertThat(weights.hash()).hasSize(64);
        }
    }

    @Test
    void closingIsSaidInASentenceOfItsOwn() {
        Path file = TestFiles.resource("reference.safetensors");
        Weights weights = Checkpoint.open(file);
        Tensor tensor = weights.get("ids");
        weights.close();
        weights.close();
        assertThatThrownBy(() -> weights.find("ids")).isInstanceOf(WeightsException.class)
                .hasMessage("the weights of '" + file + "' are closed already");
        assertThatThrownBy(weights::hash).isInstanceOf(WeightsException.class);
        assertThatThrownBy(tensor::ints).isInstanceOf(IllegalStateException.class);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void unmapsWhatIsClosedAndWhatIsBroken() throws IOException {
        Path good = TestFiles.write(folder.resolve("good.safetensors"),
                Files.readAllBytes(TestFiles.resource("reference.safetensors")));
        Weights weights = Checkpoint.open(good);
        assertThat(mappings()).contains("good.safetensors");
        weights.close();
        assertThat(mappings()).doesNotContain("good.safetensors");

        Path broken = TestFiles.write(folder.resolve("broken.safetensors"), TestFiles.safetensors("{]", 0));
        assertThatThrownBy(() -> Checkpoint.open(broken)).isInstanceOf(WeightsException.class);
        assertThat(mappings()).doesNotContain("broken.safetensors");
    }

    private static String mappings() throws IOException {
        return Files.readString(Path.of("/proc/self/maps"));
    }

    @Test
    void conversionKeepsTypesApart() {
        Tensor floats = Tensor.of("f", Shape.of(2), new float[] {1, 2});
        assertThatThrownBy(() -> floats.to(Encoding.I32)).isInstanceOf(WeightsException.class);
        assertThatThrownBy(floats::ints).isInstanceOf(WeightsException.class);
        assertThatThrownBy(() -> Tensor.of("f", Shape.of(3), new float[2])).isInstanceOf(WeightsException.class)
                .hasMessage("the tensor 'f' of type F32(3) takes 3 values, but 2 are given");
    }

    @Test
    void metadataMayBeNull() {
        try (Weights weights = Checkpoint.open(TestFiles.resource("edges/meta_null.safetensors"))) {
            assertThat(weights.names()).hasSize(1);
            assertThat(weights.metadata().keys()).isEmpty();
        }
    }

    @Test
    void aPointerOfGitLfsIsCalledSo() throws IOException {
        String pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0".repeat(64) + "\nsize 12345\n";
        for (String name : List.of("model.safetensors", "model.gguf", "0123abcd", "model.safetensors.index.json")) {
            Path file = Files.writeString(folder.resolve(name), pointer);
            assertThatThrownBy(() -> Checkpoint.open(file)).isInstanceOf(WeightsException.class).hasMessage("'" + file
                    + "' is a pointer of Git LFS and not the file itself; get it with `git lfs pull` in its folder");
        }
    }
}
