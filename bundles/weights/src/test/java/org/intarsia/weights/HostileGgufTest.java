package org.intarsia.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.stream.Stream;
import org.intarsia.graph.Shape;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * GGUF files that are broken or made to do harm. Each gives the one sentence that stands under its case's name in
 * hostile-gguf.properties, where {@code FILE} is the file.
 */
class HostileGgufTest {
    private static final Map<String, byte[]> FILES = new LinkedHashMap<>();
    private static final Properties MESSAGES = new Properties();
    private static final long ALLOWED_BYTES = 2 << 20;

    @TempDir
    Path folder;

    @BeforeAll
    static void readMessages() throws IOException {
        try (var reader = Files.newBufferedReader(TestFiles.resource("hostile-gguf.properties"))) {
            MESSAGES.load(reader);
        }
        // Classes that the first file loads must not count as what it allocates.
        Checkpoint.open(TestFiles.resource("gguf/types.gguf")).close();
    }

    /** A file put together by hand. */
    private static final class Bytes {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        static Bytes head(long tensors, long values) {
            return new Bytes().int32(GgufReader.MAGIC).int32(3).int64(tensors).int64(values);
        }

        Bytes int8(int value) {
            bytes.write(value);
            return this;
        }

        Bytes int32(long value) {
            MetadataValue.put(bytes, Integer.BYTES, value);
            return this;
        }

        Bytes int64(long value) {
            MetadataValue.put(bytes, Long.BYTES, value);
            return this;
        }

        Bytes text(String text) {
            MetadataValue.putText(bytes, text);
            return this;
        }

        Bytes value(String key, ValueType type) {
            return text(key).int32(type.ordinal());
        }

        Bytes tensor(String name, int type, long begin, long... ne) {
            text(name).int32(ne.length);
            for (long size : ne) {
                int64(size);
            }
            return int32(type).int64(begin);
        }

        /** Zeros up to the data, and so many bytes of it. */
        Bytes data(int count) {
            bytes.writeBytes(new byte[Math.ceilDiv(bytes.size(), 32) * 32 - bytes.size() + count]);
            return this;
        }
    }

    static {
        file("empty", new Bytes());
        file("magic-alone", new Bytes().int32(GgufReader.MAGIC));
        file("other-magic", new Bytes().int32(0x6e6d6c67).int64(3));
        file("version-1", new Bytes().int32(GgufReader.MAGIC).int32(1).int64(0).int64(0));
        file("big-endian", new Bytes().int32(GgufReader.MAGIC).int32(0x03000000).int64(0).int64(0));
        file("many-tensors", Bytes.head(1L << 40, 0));
        file("negative-tensors", Bytes.head(-1, 0));
        file("many-values", Bytes.head(0, Long.MIN_VALUE));
        file("values-missing", Bytes.head(0, 2).value("a", ValueType.U8).int8(1));
        file("key-long", Bytes.head(0, 1).int64(1L << 62));
        file("key-cut", Bytes.head(0, 1).int64(100).int32(0));
        file("key-not-utf8", Bytes.head(0, 1).int64(1).int8(0xff).int32(0).int8(0));
        file("type-unknown", Bytes.head(0, 1).text("a").int32(13));
        file("type-negative", Bytes.head(0, 1).text("a").int32(-1));
        file("text-negative", Bytes.head(0, 1).value("a", ValueType.TEXT).int64(-1));
        file("text-cut", Bytes.head(0, 1).value("a", ValueType.TEXT).int64(1000));
        file("bool-wrong", Bytes.head(0, 1).value("a", ValueType.BOOL).int8(2));
        file("number-cut", Bytes.head(0, 1).value("a", ValueType.F64).int32(0));
        file("list-huge", Bytes.head(0, 1).value("a", ValueType.ARRAY).int32(ValueType.U64.ordinal()).int64(1L << 61));
        file("list-cut", Bytes.head(0, 1).value("a", ValueType.ARRAY).int32(ValueType.U8.ordinal()).int64(1000).int32(0));
        file("list-type", Bytes.head(0, 1).value("a", ValueType.ARRAY).int32(99).int64(0));
        Bytes deep = Bytes.head(0, 1).value("a", ValueType.ARRAY);
        for (int i = 0; i < 1000; i++) {
            deep.int32(ValueType.ARRAY.ordinal()).int64(1);
        }
        file("list-deep", deep);
        file("key-twice", Bytes.head(0, 2).value("a", ValueType.U8).int8(1).value("a", ValueType.U8).int8(1));
        file("alignment-0", Bytes.head(0, 1).value(GgufReader.ALIGNMENT, ValueType.U32).int32(0));
        file("alignment-odd", Bytes.head(0, 1).value(GgufReader.ALIGNMENT, ValueType.U32).int32(48));
        file("alignment-negative", Bytes.head(0, 1).value(GgufReader.ALIGNMENT, ValueType.U32).int32(Integer.MIN_VALUE));
        file("alignment-text", Bytes.head(0, 1).value(GgufReader.ALIGNMENT, ValueType.TEXT).text("32"));
        file("tensor-twice", Bytes.head(2, 0).tensor("a", 0, 0, 1).tensor("a", 0, 32, 1).data(64));
        file("tensor-cut", Bytes.head(1, 0).text("a").int32(4).int64(1));
        file("dimensions", Bytes.head(1, 0).text("a").int32(-1));
        file("type-unknown-size", Bytes.head(1, 0).tensor("a", 4, 0, 1L << 32, 1L << 32).data(32));
        file("size-negative", Bytes.head(1, 0).tensor("a", 0, 0, -1, -1).data(32));
        file("size-overflowing", Bytes.head(1, 0).tensor("a", 0, 0, 1L << 32, 1L << 32).data(32));
        file("bytes-overflowing", Bytes.head(1, 0).tensor("a", 0, 0, (1L << 62) + 1).data(32));
        file("elements-overflowing", Bytes.head(1, 0).tensor("a", 2, 0, 32, 1L << 58).data(32));
        file("size-0-overflowing", Bytes.head(1, 0).tensor("a", 0, 0, 0, 1L << 62, 1L << 62).data(32));
        file("rows-no-blocks", Bytes.head(1, 0).tensor("a", 12, 0, 128, 2).data(144));
        file("scalar-no-block", Bytes.head(1, 0).tensor("a", 8, 0).data(34));
        file("offset-unaligned", Bytes.head(1, 0).tensor("a", 0, 4, 1).data(32));
        file("offset-negative", Bytes.head(1, 0).tensor("a", 0, -32, 1).data(32));
        file("offset-overflowing", Bytes.head(1, 0).tensor("a", 0, Long.MAX_VALUE - 31, 64).data(32));
        file("offset-beyond", Bytes.head(1, 0).tensor("a", 0, 32, 1).data(32));
        file("no-data", Bytes.head(1, 0).tensor("a", 0, 0, 1));
        file("overlapping", Bytes.head(2, 0).tensor("b", 0, 0, 16).tensor("a", 0, 32, 8).data(96));
        file("same-place", Bytes.head(2, 0).tensor("b", 0, 0, 1).tensor("a", 0, 0, 1).data(32));
        file("ugly-name", Bytes.head(1, 0).tensor("a\nb\u001b[31m" + "c".repeat(500), 7777, 4, 1));
    }

    private static void file(String name, Bytes bytes) {
        FILES.put(name, bytes.bytes.toByteArray());
    }

    static Stream<String> files() {
        return FILES.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("files")
    void aBrokenFileGivesOneSentenceAndTakesNoMemory(String name) {
        assertRefused(name, TestFiles.write(folder.resolve("model.gguf"), FILES.get(name)));
    }

    @Test
    void aHeaderIsNotReadWithoutEnd() throws IOException {
        Path file = folder.resolve("model.gguf");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(3L << 30);
            Bytes head = Bytes.head(0, 100_000);
            for (int i = 0; i < 8; i++) {
                head.value("k" + i, ValueType.ARRAY).int32(ValueType.U64.ordinal()).int64(1 << 22);
                sparse.write(head.bytes.toByteArray());
                sparse.seek(sparse.getFilePointer() + (8 << 22));
                head.bytes.reset();
            }
        }
        assertRefused("header-long", file);
    }

    @Test
    void textsThatAreNotUtf8AreNamedWhenTheyAreAskedFor() {
        Bytes bytes = Bytes.head(0, 1).value("a", ValueType.TEXT).int64(2).int8(0xc3).int8(0x28);
        Path file = TestFiles.write(folder.resolve("model.gguf"), bytes.bytes.toByteArray());
        try (Weights weights = Checkpoint.open(file)) {
            assertThatThrownBy(() -> weights.metadata().text("a")).isInstanceOf(WeightsException.class)
                    .hasMessage("the metadata 'a' of '" + file + "' is not UTF-8 text");
        }
    }

    @Test
    void emptyTensorsNeedNoPlaceForData() {
        Bytes bytes = Bytes.head(2, 0).tensor("a", 0, 0, 0).tensor("b", 0, 0, 4, 0);
        assertThat(bytes.bytes.size() % GgufReader.USUAL_ALIGNMENT).isNotZero();
        Path file = TestFiles.write(folder.resolve("model.gguf"), bytes.bytes.toByteArray());
        try (Weights weights = Checkpoint.open(file)) {
            assertThat(weights.get("a").floats()).isEmpty();
            assertThat(weights.get("b").shape()).isEqualTo(Shape.of(0, 4));
        }
    }

    @Test
    void namesTensorsWhoseTypeCannotBeUsed() {
        Bytes bytes = Bytes.head(2, 0).tensor("a", 24, 0, 7).tensor("b", 39, 32, 32).data(64);
        Path file = TestFiles.write(folder.resolve("model.gguf"), bytes.bytes.toByteArray());
        try (Weights weights = Checkpoint.open(file)) {
            assertThatThrownBy(() -> weights.get("b")).isInstanceOf(WeightsException.class).hasMessage("the tensor 'b' of '"
                    + file + "' has the dtype MXFP4, which is not supported; F32, F16, Q4_0, Q4_1, Q5_0,"
                    + " Q5_1, Q8_0, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, I32, I64, BF16 are");
            assertThat(weights.hash()).hasSize(64);
        }
    }

    /** As quantisations that are newer than this reader have it: whoever does not need such a tensor need not know its type. */
    @Test
    void aTensorOfAnUnknownTypeIsNamedOnlyToThoseWhoAskForIt() {
        byte[] content = Bytes.head(2, 0).tensor("new", 4711, 0, 64).tensor("old", 0, 64, 1).data(96).bytes.toByteArray();
        Path file = TestFiles.write(folder.resolve("model.gguf"), content);
        try (Weights weights = Checkpoint.open(file)) {
            assertThat(weights.list()).containsExactly(new TensorInfo("new", "type 4711", Shape.of(64), 64),
                    new TensorInfo("old", "F32", Shape.of(1), 4));
            assertThat(weights.get("old").floats()).containsExactly(0);
            assertThat(catchThrowable(() -> weights.get("new"))).isInstanceOf(WeightsException.class)
                    .hasMessageStartingWith("the tensor 'new' of '" + file + "' has the dtype type 4711, which is not supported");
        }
    }

    /** Whatever is changed in a good file, it can be used to its end, or one typed error says why not. */
    @Test
    void mutatedFilesEndInWeightsOrInOneError() {
        byte[] good = TestFiles.read(TestFiles.resource("gguf/types.gguf"));
        int head = 1800;
        Random random = new Random(5);
        int refused = 0;
        for (int i = 0; i < 3000; i++) {
            byte[] bad = good.clone();
            for (int changes = random.nextInt(3); changes >= 0; changes--) {
                int at = random.nextInt(head);
                bad[at] = switch (random.nextInt(4)) {
                    case 0 -> 0;
                    case 1 -> (byte) 0xff;
                    case 2 -> (byte) (bad[at] ^ 1 << random.nextInt(8));
                    default -> (byte) random.nextInt(256);
                };
            }
            Path file = TestFiles.write(folder.resolve("model.gguf"), bad);
            try (Weights weights = Checkpoint.open(file)) {
                weights.metadata().keys().forEach(weights.metadata()::find);
                for (String name : weights.names()) {
                    Tensor tensor = weights.get(name);
                    assertThat(tensor.type().encoding().isInteger() ? tensor.ints().length : tensor.floats().length)
                            .isEqualTo((int) tensor.shape().elements());
                }
            } catch (WeightsException e) {
                assertThat(e.getMessage()).doesNotContain("\n");
                refused++;
            }
        }
        assertThat(refused).isBetween(1000, 2999);
    }

    private void assertRefused(String name, Path file) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        Throwable problem = catchThrowable(() -> Checkpoint.open(file));
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(problem).isInstanceOf(WeightsException.class);
        assertThat(problem.getMessage().replace(file.toString(), "FILE")).isEqualTo(MESSAGES.getProperty(name));
        assertThat(allocated).as("bytes allocated").isLessThan(ALLOWED_BYTES);
    }
}
