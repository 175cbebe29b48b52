package org.intarsia.weights.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Shape;
import org.intarsia.weights.Checkpoint;
import org.intarsia.weights.Metadata;
import org.intarsia.weights.Safetensors;
import org.intarsia.weights.Tensor;
import org.intarsia.weights.TensorInfo;
import org.intarsia.weights.TensorSource;
import org.intarsia.weights.TensorWriter;
import org.intarsia.weights.Weights;
import org.intarsia.weights.WeightsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToolsTest {
    private static final ProgressListener NOBODY = (what, bytes, of) -> { };

    @TempDir
    Path folder;

    private static Path resource(String name) {
        try {
            return Path.of(ToolsTest.class.getResource("/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(name, e);
        }
    }

    private static float[] normal(int count, long seed) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** A directory with a matrix, a norm, a book of codes, and what stands beside weights. */
    private Path model() throws IOException {
        Path model = Files.createDirectory(folder.resolve("model"));
        Safetensors.write(model.resolve(Checkpoint.SINGLE), List.of(
                Tensor.of("model.layers.0.mlp.up_proj.weight", Shape.of(3, 256), normal(768, 1)),
                Tensor.of("model.layers.0.narrow.weight", Shape.of(3, 16), normal(48, 2)),
                Tensor.of("model.norm.weight", Shape.of(256), normal(256, 3)).to(Encoding.BF16),
                Tensor.of("model.layers.0.q_norm.weight", Shape.of(2, 32), normal(64, 4)),
                Tensor.of("model.vqmodel.quantize.embedding.weight", Shape.of(4, 32), normal(128, 5)),
                Tensor.of("steps", Shape.SCALAR, new int[] {7})), Map.of("format", "pt"));
        Files.writeString(model.resolve("config.json"), "{\"model_type\": \"toy\"}");
        Files.writeString(model.resolve("README.md"), "---\nlicense: apache-2.0\n---\n");
        return model;
    }

    @Test
    void convertingTheFixtureGivesTheBitsOfTheReference() {
        Path out = folder.resolve("out.safetensors");
        Conversion done = Conversion.of(resource("gguf/types.gguf"), out, Encoding.F32, NOBODY);
        assertThat(done.converted()).isEqualTo(13);
        assertThat(done.kept()).isEmpty();
        try (Weights ours = Checkpoint.open(out); Weights golden = Checkpoint.open(resource("gguf/types.golden.safetensors"))) {
            assertThat(ours.names()).isEqualTo(golden.names());
            for (String name : golden.names()) {
                assertThat(ours.get(name).type()).isEqualTo(golden.get(name).type());
                assertThat(ours.get(name).content().mismatch(golden.get(name).content())).as(name).isEqualTo(-1);
            }
            assertThat(ours.metadata().text("general.architecture")).contains("test");
        }
    }

    @ParameterizedTest
    @CsvSource({"Q8_0, 0.0065", "Q4_0, 0.1", "Q4_K, 0.08", "Q6_K, 0.02"})
    void quantisesMatricesOfADirectoryAndLeavesTheRest(Encoding encoding, double bound) throws IOException {
        Path model = model();
        Path out = folder.resolve("out");
        Conversion done = Conversion.of(model, out, encoding, NOBODY);
        assertThat(done.file()).isEqualTo(out.resolve("model.gguf").toString());
        assertThat(done.bytes()).isEqualTo(Files.size(out.resolve("model.gguf")));
        assertThat(done.converted()).isEqualTo(1);
        assertThat(done.kept().keySet()).containsExactly("BF16", "F32", "I32");
        assertThat(out.resolve("config.json")).hasSameTextualContentAs(model.resolve("config.json"));
        try (Stream<Path> files = Files.list(out)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("model.gguf", "config.json", "README.md");
        }
        Comparison found = Comparison.of(model, out, NOBODY);
        assertThat(found.equal()).isEqualTo(5);
        assertThat(found.differences()).singleElement().satisfies(difference -> {
            assertThat(difference.name()).isEqualTo("model.layers.0.mlp.up_proj.weight");
            assertThat(difference.second()).isEqualTo(encoding.toString());
            assertThat(difference.relative()).isBetween(bound / 4, bound);
        });
        assertThat(found.same()).isFalse();
        Path back = folder.resolve("back");
        Conversion.of(out, back, Encoding.F32, NOBODY);
        assertThat(back.resolve(Checkpoint.SINGLE)).exists();
        assertThatThrownBy(() -> Conversion.of(out, back, encoding, NOBODY)).isInstanceOf(WeightsException.class)
                .hasMessage("'" + back + "' has other weights already, model.safetensors; name another directory");
    }

    @Test
    void refusesWhatCannotBeWritten() throws IOException {
        Path model = model();
        assertThatThrownBy(() -> Conversion.of(model, folder.resolve("a.safetensors"), Encoding.Q8_0, NOBODY))
                .isInstanceOf(WeightsException.class)
                .hasMessage("safetensors files cannot hold Q8_0; name a file that ends in .gguf");
        assertThatThrownBy(() -> Conversion.of(model.resolve(Checkpoint.SINGLE), folder.resolve("a.bin"), Encoding.F16, NOBODY))
                .isInstanceOf(WeightsException.class).hasMessage("'" + folder.resolve("a.bin")
                        + "' should end in .safetensors or .gguf, which says what is written");
        Path text = Files.writeString(folder.resolve("text"), "no directory");
        assertThatThrownBy(() -> Conversion.of(model, text, Encoding.F16, NOBODY)).isInstanceOf(WeightsException.class)
                .hasMessageStartingWith("'" + text + "' is not a directory; ");
    }

    @Test
    void whatIsConvertedIsNotOverwritten() throws IOException {
        Path model = model();
        Path weights = model.resolve(Checkpoint.SINGLE);
        byte[] before = Files.readAllBytes(weights);
        Path link = Files.createSymbolicLink(folder.resolve("link.safetensors"), weights);
        for (Path[] pair : new Path[][] {{model, model}, {model, weights}, {weights, weights}, {link, weights}, {weights, link}}) {
            assertThatThrownBy(() -> Conversion.of(pair[0], pair[1], Encoding.BF16, NOBODY)).isInstanceOf(WeightsException.class)
                    .hasMessageContaining("would be lost");
        }
        assertThat(weights).hasBinaryContent(before);
    }

    @Test
    void anInterruptedConversionLeavesNothingButWhatItGoesOnFrom() throws IOException {
        Path out = folder.resolve("out.gguf");
        Path in = model().resolve(Checkpoint.SINGLE);
        assertThatThrownBy(() -> Conversion.of(in, out, Encoding.Q8_0, (what, bytes, of) -> {
            throw new CancellationException("enough");
        })).isInstanceOf(CancellationException.class);
        assertThat(out).doesNotExist();
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".part")))
                    .singleElement().satisfies(name -> assertThat(name).startsWith(".out.gguf."));
        }
        Conversion.of(in, out, Encoding.Q8_0, NOBODY);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("model", "out.gguf");
        }
        assertThat(Comparison.of(in, out, NOBODY).differences()).hasSize(1);
    }

    @Test
    void partsBecomeOneFileThatSaysNothingOfParts() {
        Tensor tensor = Tensor.of("a", Shape.of(2), new float[] {1, 2});
        for (int part = 1; part <= 2; part++) {
            TensorWriter.gguf(folder.resolve("m-0000%d-of-00002.gguf".formatted(part)),
                    List.of(TensorSource.of(tensor).named("t" + part)), Metadata.of(Map.of("split.count", 2,
                            "split.no", part - 1, "general.file_type", 0, "general.architecture", "toy"))).write();
        }
        Path out = folder.resolve("whole.gguf");
        Conversion.of(folder.resolve("m-00001-of-00002.gguf"), out, Encoding.F16, NOBODY);
        try (Weights weights = Checkpoint.open(out)) {
            assertThat(weights.names()).containsExactly("t1", "t2");
            assertThat(weights.metadata().asTexts()).containsExactly(entry("general.architecture", "toy"),
                    entry("general.file_type", "1"));
            assertThat(weights.get("t2").floats()).containsExactly(1, 2);
        }
    }

    @Test
    void inspectsWithoutReadingTheContent() throws IOException {
        Inspection found = Inspection.of(model(), false);
        assertThat(found.licence()).isEqualTo("apache-2.0 (README.md)");
        assertThat(found.hash()).isEmpty();
        assertThat(found.parameters()).isEqualTo(768 + 48 + 256 + 64 + 128 + 1);
        assertThat(found.bytes()).isEqualTo(4 * (768 + 48 + 64 + 128 + 1) + 2 * 256);
        assertThat(found.encodings()).containsExactly(new Inspection.Share("F32", 4, 1008, 4032),
                new Inspection.Share("BF16", 1, 256, 512), new Inspection.Share("I32", 1, 1, 4));
        assertThat(found.components()).extracting(Inspection.Share::name)
                .containsExactly("model.layers", "model.norm", "model.vqmodel.quantize", "steps");
        assertThat(Inspection.of(resource("gguf/types.gguf"), true).hash()).isPresent();
        assertThat(Inspection.of(resource("gguf/types.gguf"), false).licence()).isEqualTo(Inspection.UNSTATED);
        assertThat(Inspection.component("model.vqmodel.encoder.down.0.block.1.conv.weight")).isEqualTo("model.vqmodel.encoder");
    }

    @Test
    void seesTensorsThatCannotBeUsed() throws IOException {
        byte[] header = "{\"mask\":{\"dtype\":\"BOOL\",\"shape\":[8],\"data_offsets\":[0,8]}}  ".getBytes();
        Path file = folder.resolve("mask.safetensors");
        Files.write(file, java.nio.ByteBuffer.allocate(16 + header.length).order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length).put(header).array());
        assertThat(Inspection.of(file, false).tensors()).containsExactly(new TensorInfo("mask", "BOOL", Shape.of(8), 8));
        assertThat(Verification.of(file, Optional.empty(), false, NOBODY).unchecked()).containsExactly("mask");
        assertThat(Comparison.of(file, file, NOBODY).uncompared()).containsExactly("mask");
    }

    @Test
    void verifiesValuesAndHashes() throws IOException {
        Path model = model();
        Verification good = Verification.of(model, Optional.empty(), true, NOBODY);
        assertThat(good.wrong()).isEmpty();
        assertThat(good.hashes()).containsOnlyKeys("README.md", "config.json", "model.safetensors");
        assertThat(good.ranges()).hasSize(5).first().satisfies(range -> {
            assertThat(range.least()).isLessThan(-2);
            assertThat(range.most()).isGreaterThan(2);
            assertThat(range.mean()).isBetween(-0.2, 0.2);
        });
        Path manifest = folder.resolve("SHA256SUMS");
        new Manifest(good.hashes()).write(manifest);
        assertThat(Files.readString(manifest)).startsWith(good.hashes().get("README.md") + "  README.md\n");
        assertThat(Verification.of(model, Optional.of(Manifest.read(manifest)), false, NOBODY).wrong()).isEmpty();

        Files.writeString(model.resolve("config.json"), "{}");
        Files.delete(model.resolve("README.md"));
        Safetensors.write(model.resolve(Checkpoint.SINGLE), List.of(Tensor.of("t", Shape.of(4),
                new float[] {1, Float.NaN, Float.NEGATIVE_INFINITY, 3})), Map.of());
        Verification bad = Verification.of(model, Optional.of(Manifest.read(manifest)), false, NOBODY);
        assertThat(bad.wrong()).hasSize(4).satisfiesExactly(
                missing -> assertThat(missing).isEqualTo("the file 'README.md' of the manifest is missing"),
                changed -> assertThat(changed).startsWith("the file 'config.json' has the SHA-256 ").contains("but should have"),
                changed -> assertThat(changed).startsWith("the file 'model.safetensors' has the SHA-256 "),
                value -> assertThat(value).isEqualTo("the tensor 't' holds values that are no use: 1 not a number, 1 infinite"));
        assertThat(bad.ranges()).singleElement().satisfies(range -> assertThat(range.mean()).isEqualTo(2));

        Path text = Files.writeString(folder.resolve("text"), "hello\n");
        assertThatThrownBy(() -> Manifest.read(text)).isInstanceOf(WeightsException.class).hasMessage("'" + text
                + "' is no manifest: its lines should be HASH  NAME, each with another name");
    }

    @Test
    void comparesValues() {
        Path a = folder.resolve("a.safetensors");
        Path b = folder.resolve("b.safetensors");
        float[] values = normal(3 << 20, 1);
        float[] changed = values.clone();
        changed[2_500_000] += 0.5f;
        Safetensors.write(a, List.of(Tensor.of("big", Shape.of(3 << 20), values), Tensor.of("gone", Shape.of(1), new float[1]),
                Tensor.of("ids", Shape.of(2), new int[] {1, 2}), Tensor.of("nan", Shape.of(1), new float[] {Float.NaN}),
                Tensor.of("shape", Shape.of(2, 3), new float[6]), Tensor.of("x", Shape.of(1), new float[] {1})), Map.of());
        Safetensors.write(b, List.of(Tensor.of("big", Shape.of(3 << 20), changed), Tensor.of("new", Shape.of(1), new float[1]),
                Tensor.of("ids", Shape.of(2), new int[] {1, 4}), Tensor.of("nan", Shape.of(1), new float[] {Float.NaN}),
                Tensor.of("shape", Shape.of(3, 2), new float[6]), Tensor.of("x", Shape.of(1), new float[] {Float.NaN})),
                Map.of());
        long[] seen = new long[1];
        Comparison found = Comparison.of(a, b, (what, bytes, of) -> {
            assertThat(bytes).isGreaterThanOrEqualTo(seen[0]).isLessThanOrEqualTo(of);
            seen[0] = bytes;
        });
        assertThat(found.onlyInFirst()).containsExactly("gone");
        assertThat(found.onlyInSecond()).containsExactly("new");
        assertThat(found.misshapen()).containsExactly(new Comparison.Misshapen("shape", "F32(2, 3)", "F32(3, 2)"));
        assertThat(found.equal()).isEqualTo(1);
        assertThat(found.differences()).extracting(Comparison.Difference::name).containsExactly("big", "ids", "x");
        assertThat(found.differences().getFirst().most()).isCloseTo(0.5, org.assertj.core.data.Offset.offset(1e-6));
        assertThat(found.differences().getFirst().relative()).isBetween(0.000281, 0.000283);
        assertThat(found.differences().get(1).most()).isEqualTo(2);
        assertThat(found.differences().get(2).most()).isNaN();
        assertThat(Comparison.of(a, a, NOBODY).same()).isTrue();
        assertThatThrownBy(() -> Comparison.of(a, b, (what, bytes, of) -> {
            throw new CancellationException("enough");
        })).isInstanceOf(CancellationException.class);
    }

    @ParameterizedTest
    @CsvSource({"F16, 256, 1e30", "BF16, 2, 3.4028235e38", "F32, 0, 3.4028235e38"})
    void valuesThatOverflowAreCounted(Encoding encoding, long expected, float large) {
        Path in = folder.resolve("in.safetensors");
        float[] values = new float[300];
        Arrays.fill(values, 0, 256, 65520);
        values[0] = large;
        values[299] = -large;
        values[280] = Float.POSITIVE_INFINITY;
        values[281] = 65519;
        Safetensors.write(in, List.of(Tensor.of("big", Shape.of(300), values), Tensor.of("ids", Shape.of(1), new int[] {1}),
                Tensor.of("small", Shape.of(2), new float[] {1, Float.NaN})), Map.of());
        Conversion done = Conversion.of(in, folder.resolve("out.gguf"), encoding, NOBODY);
        // In F16 the last of the large ones counts, too.
        long counted = encoding == Encoding.F16 ? expected + 1 : expected;
        assertThat(done.overflows()).isEqualTo(counted == 0 ? Map.of() : Map.of("big", counted));
    }

    @Test
    void whatAnInterruptedConversionWroteIsCounted() {
        float[] values = new float[100];
        Arrays.fill(values, 90, 100, 1e30f);
        values[5] = 1e30f;
        Tensor tensor = Tensor.of("t", Shape.of(100), values);
        Overflows overflows = new Overflows(tensor, Encoding.F16);
        overflows.counting(TensorSource.of(tensor, Encoding.F16)).content().accept(MemorySegment.ofArray(new short[40]), 60);
        assertThat(overflows.count()).isEqualTo(11);
        assertThat(overflows.count()).isEqualTo(11);
    }

    @Test
    void theCaseOfBrainFloatsBeyondHalfFloats() {
        assertThat(Conversion.of(resource("edges/big.safetensors"), folder.resolve("o.safetensors"), Encoding.F16, NOBODY)
                .overflows()).isEqualTo(Map.of("big", 256L));
    }

    @Test
    void anEncodingThatTheFormatLacksIsNamed() {
        assertThatThrownBy(() -> Conversion.of(resource("edges/u8.safetensors"), folder.resolve("u.gguf"), Encoding.F16, NOBODY))
                .isInstanceOf(WeightsException.class)
                .hasMessageMatching("GGUF files cannot hold the tensor '.+' of type U8; name a file that ends in .safetensors");
    }

    @Test
    void whatOtherInterruptedWritingsLeftIsSwept() throws IOException {
        Path in = model().resolve(Checkpoint.SINGLE);
        Path out = folder.resolve("out.gguf");
        assertThatThrownBy(() -> Conversion.of(in, out, Encoding.Q8_0, (what, bytes, of) -> {
            throw new CancellationException("enough");
        })).isInstanceOf(CancellationException.class);
        // As a killed process leaves it, and two that are not ours.
        Files.writeString(folder.resolve(".out.gguf." + UUID.randomUUID() + ".part"), "torn");
        Files.writeString(folder.resolve(".out.gguf.mine.part"), "mine");
        Files.writeString(folder.resolve(".other.gguf.0123456789abcdef.part"), "other");
        Conversion.of(in, out, Encoding.F16, NOBODY);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("model", "out.gguf",
                    ".out.gguf.mine.part", ".other.gguf.0123456789abcdef.part");
        }
    }

    @Test
    void whatCannotBeWrittenLeavesNothingBehind() throws IOException {
        float[] large = new float[64];
        Arrays.fill(large, 1e30f);
        Path in = folder.resolve("in.safetensors");
        TensorWriter.safetensors(in, List.of(TensorSource.of(Tensor.of("large", Shape.of(1, 64), large))), Map.of()).write();
        assertThatThrownBy(() -> Conversion.of(in, folder.resolve("out.gguf"), Encoding.Q8_0, NOBODY))
                .hasMessageContaining("too large for Q8_0");
        Path taken = Files.createDirectories(folder.resolve("taken/not empty")).getParent();
        assertThatThrownBy(() -> Manifest.of(in, NOBODY).write(taken)).isInstanceOf(WeightsException.class);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("in.safetensors", "taken");
        }
    }

    /** The lines are those that sha256sum of GNU coreutils 9.1 writes. */
    @Test
    void manifestsEscapeAsSha256sumDoes() throws IOException {
        String hash = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
        Path place = Files.createDirectory(folder.resolve("odd"));
        for (String name : List.of("a\nb", "back\\slash", "c\rd", "plain name", " star*")) {
            Files.writeString(place.resolve(name), "hello");
        }
        Manifest manifest = Manifest.of(place, NOBODY);
        assertThat(manifest.lines()).containsExactly(hash + "   star*", "\\" + hash + "  a\\nb",
                "\\" + hash + "  back\\\\slash", "\\" + hash + "  c\\rd", hash + "  plain name");
        Path sums = folder.resolve("SUMS");
        manifest.write(sums);
        assertThat(Manifest.read(sums)).isEqualTo(manifest);
        Files.writeString(sums, "\\" + hash + "  wrong\\tescape\n");
        assertThatThrownBy(() -> Manifest.read(sums)).isInstanceOf(WeightsException.class).hasMessageContaining("no manifest");
        Files.writeString(sums, hash + " *plain name\r\n");
        assertThat(Manifest.read(sums).hashes()).containsOnlyKeys("plain name");
    }
}
