package org.intarsia.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Files that are broken or made to do harm. Each gives the one sentence that stands under its case's name in
 * hostile-files.properties, where {@code FILE} is the file and {@code FOLDER} its directory.
 */
class HostileFilesTest {
    private static final Map<String, byte[]> FILES = new LinkedHashMap<>();
    private static final Map<String, String> INDEXES = new LinkedHashMap<>();
    private static final Properties MESSAGES = new Properties();

    /** More than a parser and a message need, far less than a file can claim. */
    private static final long ALLOWED_BYTES = 2 << 20;

    @TempDir
    Path folder;

    @BeforeAll
    static void readMessages() throws IOException {
        try (var reader = Files.newBufferedReader(TestFiles.resource("hostile-files.properties"))) {
            MESSAGES.load(reader);
        }
        // Classes that the first file loads must not count as what it allocates.
        Safetensors.read(TestFiles.resource("reference.safetensors"));
    }

    static {
        FILES.put("empty", new byte[0]);
        FILES.put("seven-bytes", new byte[7]);
        FILES.put("text", "It was a dark and stormy night.".getBytes(StandardCharsets.UTF_8));
        FILES.put("header-beyond-file", prefixed(1000, "{}"));
        FILES.put("header-beyond-long", prefixed(-1, "{}"));
        FILES.put("header-empty", prefixed(0, ""));
        header("no-object", "[1]");
        header("leading-space", " {}");
        header("no-json", "{hello}");
        header("not-closed", "{\"a\":{\"dtype\":\"F32\"");
        header("two-objects", "{} {}");
        header("deep", "{\"a\":" + "[".repeat(1_000_000));
        header("deep-in-tensor", "{\"a\":{\"x\":" + "{\"x\":".repeat(100_000));
        header("long-number", tensor("a", "F32", "[" + "9".repeat(100_000) + "]", "[0,4]"));
        header("long-name", "{\"" + "a".repeat(1_000_000) + "\":1}");
        FILES.put("not-utf8", TestFiles.safetensors("{\"a\":1}", 0));
        FILES.get("not-utf8")[10] = (byte) 0xff;
        header("duplicate-tensor", "{" + entry("a", "F32", "[1]", "[0,4]") + "," + entry("a", "F32", "[1]", "[4,8]") + "}", 8);
        header("duplicate-metadata", "{\"__metadata__\":{},\"__metadata__\":{}}");
        header("duplicate-metadata-key", "{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"}}");
        header("duplicate-field", "{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F16\"}}");
        header("metadata-no-object", "{\"__metadata__\":[]}");
        header("metadata-no-text", "{\"__metadata__\":{\"k\":{\"x\":1}}}");
        header("tensor-no-object", "{\"a\":7}");
        header("no-dtype", "{\"a\":{\"shape\":[1],\"data_offsets\":[0,4]}}");
        header("no-shape", "{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}");
        header("no-offsets", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"extra\":{\"x\":[]}}}");
        header("dtype-unknown", tensor("a", "F128", "[1]", "[0,16]"), 16);
        header("dtype-no-text", "{\"a\":{\"dtype\":4}}");
        header("shape-no-array", tensor("a", "F32", "4", "[0,4]"));
        header("shape-negative", tensor("a", "F32", "[-1,-1]", "[0,4]"));
        header("shape-fraction", tensor("a", "F32", "[1.5]", "[0,6]"));
        header("shape-text", tensor("a", "F32", "[\"1\"]", "[0,4]"));
        header("shape-out-of-range", tensor("a", "F32", "[18446744073709551617]", "[0,4]"));
        header("shape-overflowing", tensor("a", "F32", "[4294967296,4294967296]", "[0,0]"));
        header("shape-overflowing-bytes", tensor("a", "F32", "[4611686018427387905]", "[0,4]"), 4);
        header("shape-long", tensor("a", "F32", "[1" + ",1".repeat(100_000) + "]", "[0,4]"), 4);
        header("offsets-negative", tensor("a", "F32", "[1]", "[-4,0]"), 4);
        header("offsets-reversed", tensor("a", "F32", "[1]", "[4,0]"), 4);
        header("offsets-one", tensor("a", "F32", "[1]", "[4]"), 4);
        header("offsets-three", tensor("a", "F32", "[1]", "[0,4,8]"), 4);
        header("offsets-too-short", tensor("a", "F32", "[2,3]", "[0,20]"), 20);
        header("offsets-too-long", tensor("a", "BF16", "[2]", "[0,8]"), 8);
        header("offsets-beyond-file", tensor("a", "U8", "[9000000000000000]", "[0,9000000000000000]"), 4);
        header("odd-half-bytes", tensor("a", "F4", "[3]", "[0,2]"), 2);
        header("truncated", "{" + entry("a", "F32", "[1]", "[0,4]") + "," + entry("b", "F32", "[2]", "[4,12]") + "}", 8);
        header("overlapping", "{" + entry("a", "F32", "[2]", "[0,8]") + "," + entry("b", "F32", "[2]", "[4,12]") + "}", 12);
        header("same-place", "{" + entry("b", "F32", "[1]", "[0,4]") + "," + entry("a", "F32", "[1]", "[0,4]") + "}", 4);
        header("gap", "{" + entry("a", "F32", "[1]", "[0,4]") + "," + entry("b", "F32", "[1]", "[8,12]") + "}", 12);
        header("gap-in-front", tensor("a", "F32", "[1]", "[4,8]"), 8);
        header("left-over", tensor("a", "F32", "[1]", "[0,4]"), 6);
        header("ugly-name", tensor("a\\nb\\u001b[31m" + "c".repeat(500), "F32", "[-1]", "[0,4]"));

        INDEXES.put("index-no-json", "weights, please");
        INDEXES.put("index-no-object", "[]");
        INDEXES.put("index-no-map", "{\"metadata\":{\"total_size\":12}}");
        INDEXES.put("index-map-list", "{\"weight_map\":[\"a\"]}");
        INDEXES.put("index-two-maps", "{\"weight_map\":{},\"weight_map\":{}}");
        INDEXES.put("index-deep", "{\"metadata\":" + "[".repeat(100_000));
        INDEXES.put("index-duplicate", "{\"weight_map\":{\"a\":\"good.safetensors\",\"a\":\"good.safetensors\"}}");
        INDEXES.put("index-no-text", "{\"weight_map\":{\"a\":1}}");
        INDEXES.put("index-climbing", "{\"weight_map\":{\"a\":\"../good.safetensors\"}}");
        INDEXES.put("index-parent", "{\"weight_map\":{\"a\":\"..\"}}");
        INDEXES.put("index-absolute", "{\"weight_map\":{\"a\":\"/etc/passwd\"}}");
        INDEXES.put("index-backslash", "{\"weight_map\":{\"a\":\"..\\\\good.safetensors\"}}");
        INDEXES.put("index-nul", "{\"weight_map\":{\"a\":\"good\\u0000.safetensors\"}}");
        INDEXES.put("index-missing-shards", "{\"weight_map\":{\"c\":\"3.safetensors\",\"a\":\"good.safetensors\",\"b\":\"2.safetensors\"}}");
        INDEXES.put("index-absent-tensors", "{\"weight_map\":{\"a\":\"good.safetensors\",\"c\":\"good.safetensors\",\"b\":\"good.safetensors\"}}");
        INDEXES.put("index-broken-shard", "{\"weight_map\":{\"a\":\"good.safetensors\",\"b\":\"broken.safetensors\"}}");
    }

    private static void header(String name, String header) {
        header(name, header, 0);
    }

    private static void header(String name, String header, int dataBytes) {
        FILES.put(name, TestFiles.safetensors(header, dataBytes));
    }

    private static byte[] prefixed(long length, String header) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + text.length).order(ByteOrder.LITTLE_ENDIAN).putLong(length).put(text).array();
    }

    private static String tensor(String name, String dtype, String shape, String offsets) {
        return "{" + entry(name, dtype, shape, offsets) + "}";
    }

    private static String entry(String name, String dtype, String shape, String offsets) {
        return "\"" + name + "\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}";
    }

    static Stream<String> files() {
        return FILES.keySet().stream();
    }

    static Stream<String> indexes() {
        return INDEXES.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("files")
    void aBrokenFileGivesOneSentenceAndTakesNoMemory(String name) {
        Path file = TestFiles.write(folder.resolve("model.safetensors"), FILES.get(name));
        assertRefused(name, file, file);
    }

    @ParameterizedTest
    @MethodSource("indexes")
    void aBrokenIndexGivesOneSentence(String name) {
        TestFiles.write(folder.resolve("good.safetensors"), TestFiles.safetensors(tensor("a", "F32", "[1]", "[0,4]"), 4));
        TestFiles.write(folder.resolve("broken.safetensors"), TestFiles.safetensors(tensor("b", "F32", "[1]", "[0,4]"), 3));
        Path index = TestFiles.write(folder.resolve(Checkpoint.INDEX), INDEXES.get(name).getBytes(StandardCharsets.UTF_8));
        assertRefused(name, folder, index);
    }

    @Test
    void refusesAHeaderThatIsLongerThanTheFormatAllows() throws IOException {
        Path file = folder.resolve("model.safetensors");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(200_000_000);
            sparse.write(prefixed(100_000_001, "{"));
        }
        assertRefused("header-too-long", file, file);
    }

    @Test
    void readsALongEmptyHeaderWithoutHoldingIt() throws IOException {
        Path file = folder.resolve("model.safetensors");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(100_000_008);
            sparse.write(prefixed(100_000_000, "{\"a\""));
        }
        assertRefused("header-of-zeros", file, file);
    }

    @Test
    void refusesPathsWithoutACheckpoint() {
        assertRefused("no-checkpoint", folder, folder);
        assertRefused("no-path", folder.resolve("nowhere"), folder.resolve("nowhere"));
        assertThatThrownBy(() -> Safetensors.open(folder)).isInstanceOf(WeightsException.class)
                .hasMessage("'" + folder + "' is not a file");
    }

    private void assertRefused(String name, Path opened, Path named) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        Throwable problem = catchThrowable(() -> Checkpoint.open(opened));
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(problem).isInstanceOf(WeightsException.class);
        assertThat(problem.getMessage().replace(named.toString(), "FILE").replace(folder.toString(), "FOLDER"))
                .isEqualTo(MESSAGES.getProperty(name));
        assertThat(allocated).as("bytes allocated").isLessThan(ALLOWED_BYTES);
    }
}
