package org.intarsia.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

class GgufTest {
    private static final Path TYPES = TestFiles.resource("gguf/types.gguf");

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(value = Encoding.class, mode = Mode.EXCLUDE, names = {"I32", "I64", "U8"})
    void decodesEveryEncodingToTheBitsOfTheReference(Encoding encoding) {
        try (Weights weights = Checkpoint.open(TYPES);
                Weights golden = Checkpoint.open(TestFiles.resource("gguf/types.golden.safetensors"))) {
            Tensor tensor = weights.get("t." + encoding);
            assertThat(tensor.type()).isEqualTo(new TensorType(Shape.of(6, 512), encoding));
            MemorySegment expected = golden.get("t." + encoding).content();
            assertThat(tensor.to(Encoding.F32).content().mismatch(expected)).isEqualTo(-1);
            assertThat(MemorySegment.ofArray(tensor.floats()).mismatch(expected)).isEqualTo(-1);
            assertThat(tensor.floats(512, 1024)).isEqualTo(Arrays.copyOfRange(tensor.floats(), 512, 1536));
        }
    }

    @Test
    void readsMetadataOfEveryType() {
        try (Weights weights = Checkpoint.open(TYPES)) {
            Metadata metadata = weights.metadata();
            assertThat(metadata.text("general.architecture")).contains("test");
            assertThat(metadata.find("test.u8")).contains(200L);
            assertThat(metadata.find("test.i8")).contains(-100L);
            assertThat(metadata.find("test.u16")).contains(60000L);
            assertThat(metadata.find("test.i16")).contains(-30000L);
            assertThat(metadata.integer("test.u32")).contains(4000000000L);
            assertThat(metadata.integer("test.i32")).contains(-2000000000L);
            assertThat(metadata.number("test.f32")).contains(0.15625f);
            assertThat(metadata.flag("test.bool")).contains(true);
            assertThat(metadata.find("test.u64")).contains(new BigInteger("9223372036854775813"));
            assertThat(metadata.integer("test.i64")).contains(-4611686018427387904L);
            assertThat(metadata.number("test.f64")).contains(0.3333333333333333);
            assertThat(metadata.text("test.str")).contains("grüße 图像 \n tab\t");
            assertThat(metadata.numbers("test.arr_i32")).contains(List.of(3L, -1L, 2L));
            assertThat(metadata.texts("test.arr_str")).contains(List.of("a", "", "bß"));
            assertThat(metadata.numbers("test.arr_f32")).contains(List.of(0.5f, -2.25f));
            assertThat(metadata.find("test.arr_bool")).contains(List.of(true, false));
            assertThat(metadata.texts("test.empty")).contains(List.of());
            assertThat(metadata.text("test.nothing")).isEmpty();
            assertThat(metadata.keys()).hasSize(20).contains("test.empty");
            assertThat(metadata.asTexts()).containsEntry("test.u64", "9223372036854775813").doesNotContainKey("test.arr_i32");
            assertThatThrownBy(() -> metadata.text("test.u8")).isInstanceOf(WeightsException.class)
                    .hasMessage("the metadata 'test.u8' of '" + TYPES + "' is not a text");
            assertThatThrownBy(() -> metadata.texts("test.arr_i32")).isInstanceOf(WeightsException.class)
                    .hasMessage("the metadata 'test.arr_i32' of '" + TYPES + "' is not a list of texts");
        }
    }

    @Test
    void usesBlocksInPlace() {
        try (Weights weights = Checkpoint.open(TestFiles.resource("gguf/llama.gguf"))) {
            Tensor query = weights.get("blk.0.attn_q.weight");
            assertThat(query.type()).isEqualTo(new TensorType(Shape.of(256, 256), Encoding.Q4_K));
            assertThat(weights.get("blk.0.attn_q.weight").content().address()).isEqualTo(query.content().address());
            assertThat(weights.get("rope_freqs.weight").floats()).hasSize(16).startsWith(1, 1, 2.4422596f);
            assertThat(weights.metadata().texts("tokenizer.ggml.tokens").orElseThrow()).hasSize(329);
        }
    }

    @Test
    void writesTheBytesThatTheReferenceWrote() throws IOException {
        Path ours = folder.resolve("ours.gguf");
        for (String name : List.of("gguf/types.gguf", "gguf/llama.gguf")) {
            Path reference = TestFiles.resource(name);
            try (Weights weights = Checkpoint.open(reference)) {
                TensorWriter.gguf(ours, weights.names().stream().map(weights::get).map(TensorSource::of).toList(),
                        weights.metadata()).write();
            }
            // The order of tensors and metadata differs; nothing else does.
            assertThat(Files.size(ours)).isEqualTo(Files.size(reference));
            try (Weights weights = Checkpoint.open(reference); Weights again = Checkpoint.open(ours)) {
                assertThat(again.hash()).isEqualTo(weights.hash());
                assertThat(again.metadata().keys()).isEqualTo(weights.metadata().keys());
                again.metadata().keys().forEach(key -> assertThat(again.metadata().stored().get(key)
                        .mismatch(weights.metadata().stored().get(key))).as(key).isEqualTo(-1));
            }
        }
    }

    @Test
    void writesMetadataFromJavaValues() {
        Path file = folder.resolve("small.gguf");
        Map<String, Object> values = Map.of("a", "text", "b", true, "c", 7, "d", -7, "e", 1L << 40, "f", 0.1f, "g", 0.1,
                "h", List.of("x", "y"), "i", List.of(List.of(1, -2), List.of(3)), "j", List.of());
        Tensor scalar = Tensor.of("steps", Shape.SCALAR, new int[] {3}).to(Encoding.I64);
        Tensor cube = Tensor.of("größe", Shape.of(1, 2, 1, 2, 1), new float[] {1, 2, 3, 4});
        TensorWriter.gguf(file, List.of(TensorSource.of(cube), TensorSource.of(scalar)), Metadata.of(values)).write();
        try (Weights weights = Checkpoint.open(folder)) {
            Metadata metadata = weights.metadata();
            assertThat(metadata.find("c")).contains(7L);
            assertThat(metadata.find("d")).contains(-7L);
            assertThat(metadata.find("e")).contains(1L << 40);
            assertThat(metadata.find("f")).contains(0.1f);
            assertThat(metadata.find("i")).contains(List.of(List.of(1L, -2L), List.of(3L)));
            assertThat(metadata.asTexts()).containsEntry("a", "text").containsEntry("b", "true").doesNotContainKey("h");
            assertThat(weights.get("steps").ints()).containsExactly(3);
            assertThat(weights.get("größe").shape()).isEqualTo(Shape.of(1, 2, 1, 2, 1));
            assertThat(weights.get("größe").floats()).containsExactly(1, 2, 3, 4);
        }
        assertThatThrownBy(() -> Metadata.of(Map.of("a", List.of(1, "2")))).isInstanceOf(WeightsException.class)
                .hasMessage("the metadata 'a' is a list of different types");
        assertThatThrownBy(() -> Metadata.of(Map.of("a", folder))).isInstanceOf(WeightsException.class)
                .hasMessageStartingWith("the metadata 'a' cannot be written as ");
    }

    @Test
    void quantisesInPieces() {
        float[] values = new float[3 * 256 * 100];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.sin(i);
        }
        Tensor tensor = Tensor.of("t", Shape.of(300, 256), values);
        Path file = folder.resolve("model.gguf");
        TensorWriter.gguf(file, List.of(TensorSource.of(tensor, Encoding.Q6_K), TensorSource.of(tensor).named("as it is")),
                Metadata.of(Map.of())).write();
        try (Weights weights = Checkpoint.open(folder)) {
            assertThat(weights.get("t").content().mismatch(tensor.to(Encoding.Q6_K).content())).isEqualTo(-1);
            assertThat(weights.get("t").floats()).usingComparatorWithPrecision(0.04f).containsExactly(values);
            assertThat(weights.get("as it is").floats()).isEqualTo(values);
        }
        assertThatThrownBy(() -> tensor.to(Encoding.Q3_K)).isInstanceOf(WeightsException.class).hasMessage("the tensor 't' of"
                + " type F32(300, 256) cannot be stored as Q3_K: values are quantised only into [Q4_0, Q8_0, Q4_K, Q6_K]");
        assertThatThrownBy(() -> Tensor.of("n", Shape.of(2, 32), new float[64]).to(Encoding.Q4_K))
                .isInstanceOf(WeightsException.class).hasMessage("the tensor 'n' of type F32(2, 32) cannot be stored as Q4_K:"
                        + " its rows are not made of whole blocks of 256 elements");
        assertThatThrownBy(() -> Tensor.of("n", Shape.of(32), floats(32, Float.NaN)).to(Encoding.Q8_0))
                .isInstanceOf(WeightsException.class).hasMessage("the tensor 'n' of type F32(32) cannot be quantised"
                        + " (blocks: NaN cannot be stored in Q8_0)");
        assertThatThrownBy(() -> Safetensors.write(file, List.of(tensor.to(Encoding.Q8_0)), Map.of()))
                .isInstanceOf(WeightsException.class).hasMessage("safetensors files cannot hold Q8_0");
    }

    private static float[] floats(int count, float value) {
        float[] values = new float[count];
        Arrays.fill(values, value);
        return values;
    }

    @Test
    void misshapenBlocksAreNamedLikeOthers() {
        Tensor tensor = Tensor.of("t", Shape.of(4, 32), new float[128]).to(Encoding.Q8_0);
        Parameters parameters = new Parameters(Weights.of(List.of(tensor)));
        assertThat(parameters.get(new GraphBuilder(), "t", 4, 32).encoding()).isEqualTo(Encoding.Q8_0);
        assertThat(parameters.get(new GraphBuilder(), "t", 32, 4).encoding()).isEqualTo(Encoding.F32);
        assertThatThrownBy(() -> parameters.check(name -> true)).isInstanceOf(WeightsException.class)
                .hasMessage("the checkpoint does not fit its config.json: 1 misshapen: t is (4, 32) but should be (32, 4)");
    }

    @Test
    void joinsTheFilesThatOneWasSplitInto() {
        Tensor a = Tensor.of("a", Shape.of(1), new float[] {1});
        part(1, a, 2);
        Path second = part(2, a.named("b"), 2);
        try (Weights weights = Checkpoint.open(folder)) {
            assertThat(weights.names()).containsExactly("a", "b");
            assertThat(weights.metadata().integer("split.no")).contains(0L);
        }
        Path alone = TestFiles.write(folder.resolve("alone.gguf"), TestFiles.read(second));
        assertThatThrownBy(() -> Checkpoint.open(alone)).isInstanceOf(WeightsException.class)
                .hasMessage("'" + alone + "' is one of 2 parts, but is not named like one, as in NAME-00001-of-00002.gguf;"
                        + " name them all so");
        assertThatThrownBy(() -> Checkpoint.open(folder)).isInstanceOf(WeightsException.class)
                .hasMessage("the directory '" + folder + "' has several GGUF files: name one of alone.gguf,"
                        + " m-00001-of-00002.gguf, m-00002-of-00002.gguf");
        Path lonely = part(1, a, 3);
        assertThatThrownBy(() -> Checkpoint.open(lonely)).isInstanceOf(WeightsException.class).hasMessage("'" + lonely
                + "' is one of 3 parts, of which these are not beside it: m-00002-of-00003.gguf, m-00003-of-00003.gguf");
        part(2, a, 2);
        assertThatThrownBy(() -> Checkpoint.open(second)).isInstanceOf(WeightsException.class)
                .hasMessage("the parts of '" + second + "' hold the tensor 'a' twice");
    }

    @Test
    void partsThatDoNotBelongTogetherAreRefused() throws IOException {
        Path first = folder.resolve("m-00001-of-00002.gguf");
        Path second = folder.resolve("m-00002-of-00002.gguf");
        writePart(first, 1, 2, Map.of("split.tensors.count", 2));
        writePart(second, 2, 2, Map.of("split.tensors.count", 2));
        Checkpoint.open(second).close();
        writePart(second, 2, 2, Map.of("split.tensors.count", 3));
        assertThatThrownBy(() -> Checkpoint.open(first)).isInstanceOf(WeightsException.class)
                .hasMessage("the parts of '" + first + "' hold 2 tensors, but should hold 3; get them again");
        writePart(second, 2, 3, Map.of());
        assertThatThrownBy(() -> Checkpoint.open(first)).isInstanceOf(WeightsException.class).hasMessage("'" + second
                + "' is part 2 of 2 by its name, but part 2 of 3 by its content; get the parts of one model, under their own names");
        writePart(second, 1, 2, Map.of());
        assertThatThrownBy(() -> Checkpoint.open(first)).isInstanceOf(WeightsException.class)
                .hasMessageStartingWith("'" + second + "' is part 2 of 2 by its name, but part 1 of 2 by its content");
    }

    private Path part(int number, Tensor tensor, int count) {
        Path file = folder.resolve("m-%05d-of-%05d.gguf".formatted(number, count));
        TensorWriter.gguf(file, List.of(TensorSource.of(tensor)), Metadata.of(Map.of("split.no", number - 1,
                "split.count", count))).write();
        return file;
    }

    private void writePart(Path file, int part, int of, Map<String, ?> metadata) {
        TensorWriter.gguf(file, List.of(TensorSource.of(Tensor.of("t" + part, Shape.of(1), new float[] {part}))),
                Metadata.of(metadata).with(Metadata.of(Map.of("split.count", of, "split.no", part - 1)))).write();
    }

    @ParameterizedTest
    @ValueSource(strings = {".gguf", ".GGUF"})
    void anyPartStandsForTheWhole(String ending) throws IOException {
        writePart(folder.resolve("m-00001-of-00002" + ending), 1, 2, Map.of("general.architecture", "toy"));
        writePart(folder.resolve("m-00002-of-00002" + ending), 2, 2, Map.of());
        for (Path named : List.of(folder, folder.resolve("m-00001-of-00002" + ending),
                folder.resolve("m-00002-of-00002" + ending))) {
            try (Weights weights = Checkpoint.open(named)) {
                assertThat(weights.names()).containsExactly("t1", "t2");
                assertThat(weights.metadata().text("general.architecture")).as(named.toString()).contains("toy");
            }
        }
        Files.delete(folder.resolve("m-00001-of-00002" + ending));
        assertThatThrownBy(() -> Checkpoint.open(folder)).isInstanceOf(WeightsException.class)
                .hasMessage("'" + folder.resolve("m-00002-of-00002" + ending) + "' is one of 2 parts, of which these are not"
                        + " beside it: m-00001-of-00002" + ending);
    }

    @Test
    void partsAreFoundBesideTheLinksOfAHubCache() throws IOException {
        Path blobs = Files.createDirectory(folder.resolve("blobs"));
        Path snapshot = Files.createDirectory(folder.resolve("snapshot"));
        writePart(blobs.resolve("0a"), 1, 2, Map.of("general.architecture", "toy"));
        writePart(blobs.resolve("0b"), 2, 2, Map.of());
        Files.createSymbolicLink(snapshot.resolve("m-00001-of-00002.gguf"), Path.of("../blobs/0a"));
        Files.createSymbolicLink(snapshot.resolve("m-00002-of-00002.gguf"), Path.of("../blobs/0b"));
        try (Weights weights = Checkpoint.open(snapshot)) {
            assertThat(weights.names()).containsExactly("t1", "t2");
        }
    }

    @Test
    void aPathLeadsToItsGgufFile() throws IOException {
        Path file = Files.copy(TYPES, folder.resolve("0123abcd"));
        assertThat(Checkpoint.gguf(file)).contains(file);
        assertThat(Checkpoint.gguf(folder)).isEmpty();
        Path named = Files.createSymbolicLink(folder.resolve("Types.GGUF"), file);
        assertThat(Checkpoint.gguf(folder)).contains(named);
        Path other = Files.writeString(folder.resolve("other.gguf"), "");
        assertThatThrownBy(() -> Checkpoint.gguf(folder)).isInstanceOf(WeightsException.class)
                .hasMessage("the directory '" + folder + "' has several GGUF files: name one of Types.GGUF, other.gguf");
        Files.delete(other);
        Files.createFile(folder.resolve(Checkpoint.SINGLE));
        assertThat(Checkpoint.gguf(folder)).isEmpty();
        assertThat(Checkpoint.gguf(folder.resolve(Checkpoint.SINGLE))).isEmpty();
    }
}
