package org.intarsia.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.intarsia.backend.api.DeviceInfo;
import org.intarsia.backend.api.Limits;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Meter;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.Placement;
import org.intarsia.engine.testkit.StandIn;
import org.intarsia.graph.Encoding;
import org.intarsia.model.api.ModelException;
import org.intarsia.shell.api.Console;
import org.intarsia.shell.api.UsageException;
import org.intarsia.training.api.Training;
import org.intarsia.training.api.TrainingListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command asks for, and how it puts the answers side by side. */
class BenchTest {
    private final List<String> asked = new ArrayList<>();

    private final StandIn engine = new StandIn();

    private Limits limits = new Limits(200e9, 30e9);

    private final Meter meter = new Meter() {
        @Override
        public Roofline limits(Placement placement, Consumer<String> progress) {
            asked.add("limits of " + placed(placement));
            progress.accept("measuring the limits");
            return new Roofline("cpu", new DeviceInfo("cpu", "2 processors", 1 << 30, List.of()), limits);
        }

        @Override
        public List<Product> products(Placement placement, Duration each, Consumer<String> progress) {
            asked.add("products on " + placed(placement) + " for " + each);
            return List.of(
                    new Product(1, 4096, 4096, Encoding.Q8_0, 17_825_792, 33_554_432, Rate.of(1000)),
                    new Product(8, 4096, 4096, Encoding.Q8_0, 17_825_792, 268_435_456, Rate.of(500)),
                    new Product(1, 4096, 4096, Encoding.Q4_K, 9_437_184, 33_554_432, Rate.none("no kernel for Q4_K")),
                    new Product(1024, 1024, 1024, Encoding.F32, 4_194_304, 2e9, Rate.of(90)),
                    new Product(4096, 4096, 4096, Encoding.BF16, 33_554_432, 137e9, Rate.tooLong(45.25)));
        }

        @Override
        public List<Attention> attention(Placement placement, Duration each, Consumer<String> progress) {
            asked.add("attention on " + placed(placement) + " for " + each);
            return List.of(new Attention(1, 1024, 32, 8, 128, 8_388_608, 16_777_216, Rate.of(2000)),
                    new Attention(64, 1024, 32, 8, 128, 8_388_608, 1_073_741_824, Rate.of(50)),
                    new Attention(1024, 1024, 32, 8, 128, 8_388_608, 17_179_869_184L, Rate.of(5)),
                    new Attention(4096, 4096, 32, 8, 128, 33_554_432, 274_877_906_944L, Rate.tooLong(60)));
        }

        @Override
        public Decoding decoding(Model model, Duration each, Consumer<String> progress) {
            asked.add("the image decoder of " + model.name() + " for " + each);
            return new Decoding(64, 128, 96, Rate.of(12.5));
        }

        @Override
        public Pace pace(Model model, Duration each, Consumer<String> progress) {
            asked.add(model.name() + " for " + each);
            return new Pace(Goal.PICTURE, 120, 5000, 10_000_000,
                    new TreeMap<>(Map.of(1, Rate.of(600), 2, Rate.of(900), 8, Rate.tooLong(400))),
                    new TreeMap<>(Map.of(1, Rate.of(2.5), 8, Rate.tooLong(20_000))));
        }

        private String placed(Placement placement) {
            return placement.backend().orElse("the best") + placement.device().map("/"::concat).orElse("")
                    + placement.precision().map(precision -> " " + precision).orElse("");
        }
    };

    private final Training training = new Training() {
        @Override
        public List<String> recipes() {
            return List.of("picturebook");
        }

        @Override
        public void train(Options options, TrainingListener listener) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<Rate> measure(String recipe, Where where, Duration each, Consumer<String> progress) {
            asked.add(recipe + " on " + where.backend() + " for " + each);
            return List.of(new Rate("image-tokenizer", 40, 120e9), new Rate("core", 61.25, 50e9));
        }
    };

    private String call(String... words) throws Exception {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        return new Bench(meter, engine, training).call(List.of(words), Path.of(""),
                new Console(InputStream.nullInputStream(), nowhere, nowhere)).toString();
    }

    @Test
    void everyRateStandsBesideTheLimit() throws Exception {
        assertThat(call()).isEqualTo("""
                cpu/cpu: 2 processors
                limits                                200.0 GFLOP/s in F32, copies 30.0 GB/s
                matrix products, fast     weights   GFLOP/s of limit weights GB/s of copies
                  1 × 4096 · 4096 × 4096    Q8_0       33.6     17 %         17.8      59 %
                  8 × 4096 · 4096 × 4096    Q8_0      134.2     67 %          8.9      30 %
                  1 × 4096 · 4096 × 4096    Q4_K  not measured: no kernel for Q4_K
                  1024 × 1024 · 1024 × 1024 F32       180.0     90 %
                  4096 × 4096 · 4096 × 4096 BF16  not measured: one run would take about 45 s; --seconds 5 would
                attention, 32 heads on 8 of 128     GFLOP/s of limit   cache GB/s of copies
                  the last token of 1024               33.6     17 %         16.8      56 %
                  the last 64 tokens of 1024           53.7     27 %
                  a prompt of 1024                     85.9     43 %
                  a prompt of 4096                not measured: one run would take about 60 s; --seconds 7 would
                model picturebook, exact
                  reads 120 tokens at once           5000.0 tokens/s
                  makes tokens, one alone             600.0 tokens/s, 6.0 GB/s of weights, 20 % of copies
                  makes tokens, 2 at once             900.0 tokens/s, 4.5 GB/s of weights, 15 % of copies
                  makes tokens, 8 at once         not measured: one run would take about 7 min; --seconds 41 would
                  makes pictures, one alone            2.50 pictures/s
                  makes pictures, 8 at once       not measured: one run would take about 6 h; --seconds 2001 would
                image decoder, 128 × 96 pixels        12.50 pictures/s
                training                          samples/s      GFLOP/s  of limit
                  picturebook image-tokenizer          40.0        120.0      60 %
                  picturebook core                     61.3         50.0      25 %""");
        assertThat(asked).containsExactly("limits of the best", "picturebook for PT3S",
                "the image decoder of picturebook for PT3S", "products on cpu/cpu for PT3S", "attention on cpu/cpu for PT3S",
                "picturebook on cpu for PT3S");
        assertThat(engine.opened).containsExactly("picturebook on cpu");
        assertThat(engine.closed).isOne();
    }

    @Test
    void fastDevicesAreToldInALargerUnit() throws Exception {
        limits = new Limits(50e12, 2e12);
        assertThat(call("--only", "products").lines().skip(1)).startsWith(
                "limits                                 50.0 TFLOP/s in F32, copies 2000.0 GB/s");
    }

    @Test
    void noLineIsLongerThanHundredCharacters() throws Exception {
        assertThat(call().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
    }

    @Test
    void programsGetAllNumbers() throws Exception {
        assertThat(call("--backend", "vulkan", "--device", "card", "--seconds", "0.5", "--json"))
                .startsWith("{\"backend\":\"cpu\",\"device\":{\"name\":\"cpu\",")
                .doesNotContain("\n")
                .contains("\"limits\":{\"floatOperations\":2.0E11,\"bytes\":3.0E10},\"precision\":\"fast\"",
                        "\"attention\":[{\"queries\":1,\"context\":1024,\"heads\":32,\"keyHeads\":8,\"headDim\":128,"
                                + "\"runsPerSecond\":2000.0,\"floatOperationsPerSecond\":3.3554432E10,",
                        "\"decoder\":{\"name\":\"picturebook\",\"codes\":64,\"width\":128,\"height\":96,"
                                + "\"picturesPerSecond\":12.5,\"unmeasured\":null}",
                        "\"encoding\":\"BF16\",\"floatOperationsPerSecond\":null,\"shareOfLimit\":null,"
                                + "\"weightBytesPerSecond\":null,\"shareOfCopies\":null,\"unmeasured\":{\"reason\":\"one run would take"
                                + " about 45 s; --seconds 5 would\",\"runSeconds\":45.25}}",
                        "\"model\":{\"name\":\"picturebook\",\"precision\":\"exact\",\"makes\":\"pictures\",\"promptTokens\":120,\"prefillPerSecond\":5000.0,"
                                + "\"decode\":[{\"together\":1,\"tokensPerSecond\":600.0,\"weightBytesPerSecond\":6.0E9,"
                                + "\"shareOfCopies\":0.2,\"unmeasured\":null}",
                        "\"pictures\":[{\"together\":1,\"picturesPerSecond\":2.5,\"unmeasured\":null}",
                        "{\"recipe\":\"picturebook\",\"stage\":\"core\",\"samplesPerSecond\":61.25,"
                                + "\"floatOperationsPerSecond\":5.0E10,\"shareOfLimit\":0.25}",
                        "{\"rows\":1024,\"inner\":1024,\"columns\":1024,\"encoding\":\"F32\",\"floatOperationsPerSecond\":1.8E11,"
                                + "\"shareOfLimit\":0.9,\"weightBytesPerSecond\":3.7748736E8,\"shareOfCopies\":0.01258");
        assertThat(asked).containsExactly("limits of vulkan/card", "picturebook for PT0.5S",
                "the image decoder of picturebook for PT0.5S", "products on cpu/cpu for PT0.5S",
                "attention on cpu/cpu for PT0.5S", "picturebook on cpu for PT0.5S");
    }

    @Test
    void onePartAloneIsMeasured() throws Exception {
        assertThat(call("--only", "model", "--json")).contains("\"products\":[],\"attention\":[],\"model\":{\"name\":\"picturebook\"",
                "\"decoder\":null,\"training\":[]");
        assertThat(asked).containsExactly("limits of the best", "picturebook for PT3S");
        asked.clear();
        assertThat(call("--only", "decoder", "--json")).contains("\"model\":null,\"decoder\":{\"name\":\"picturebook\"");
        assertThat(asked).containsExactly("limits of the best", "the image decoder of picturebook for PT3S");
        asked.clear();
        assertThat(call("--only", "limits").lines()).hasSize(2);
        assertThat(asked).containsExactly("limits of the best");
        asked.clear();
        assertThat(call("--only", "training", "--only", "products", "--json")).contains("\"model\":null");
        assertThat(asked).containsExactly("limits of the best", "products on cpu/cpu for PT3S", "picturebook on cpu for PT3S");
        assertThatThrownBy(() -> call("--only", "modle")).isInstanceOf(UsageException.class)
                .hasMessageStartingWith("bench: --only is limits or products or attention or model or decoder or training, not 'modle'");
    }

    @Test
    void theModelComputesAsExactlyAsWasAskedFor() throws Exception {
        assertThat(call("--only", "model", "--precision", "fast")).contains("model picturebook, fast");
        assertThat(engine.opened).containsExactly("picturebook on cpu fast");
    }

    @Test
    void productsAndAttentionComputeAsExactlyAsWasAskedFor() throws Exception {
        assertThat(call("--only", "products", "--only", "attention", "--precision", "fast"))
                .contains("matrix products, fast     weights");
        assertThat(asked).containsExactly("limits of the best fast", "products on cpu/cpu fast for PT3S",
                "attention on cpu/cpu fast for PT3S");
    }

    @Test
    void anEarlierRunStandsBesideIt(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("baseline.json");
        assertThat(call("--only", "model", "--only", "products", "--baseline", file.toString()))
                .endsWith("\nkept in " + file + " for later runs with --baseline");
        assertThat(Files.readString(file)).contains("\"device\" : \"cpu/cpu: 2 processors\"",
                "\"product 1 × 4096 · 4096 × 4096 Q8_0, fast\" : 0.594", "\"model picturebook, exact: makes tokens, one alone\" : 0.2");
        limits = new Limits(100e9, 30e9);

        assertThat(call("--only", "model", "--only", "decoder", "--baseline", file.toString())).endsWith("""
                shares of the limits                                         then      now  times
                  model picturebook, exact: reads 120 tokens at once      25.0000  50.0000   2.00
                  model picturebook, exact: makes tokens, one alone        0.2000   0.2000   1.00
                  model picturebook, exact: makes tokens, 2 at once        0.1500   0.1500   1.00
                  model picturebook, exact: makes pictures, one alone      0.0125   0.0250   2.00
                  image decoder of picturebook                                  –   0.1250
                then: cpu/cpu: 2 processors
                not measured now: 3 more""");
        assertThat(call("--only", "decoder", "--baseline", file.toString(), "--json")).contains("\"baseline\":{\"device\":"
                + "\"cpu/cpu: 2 processors\",\"changes\":[{\"what\":\"image decoder of picturebook\",\"then\":null,\"now\":0.125}],"
                + "\"left\":7}}");
    }

    @Test
    void theLimitsAloneAreNotKept(@TempDir Path folder) {
        Path file = folder.resolve("baseline.json");
        assertThatThrownBy(() -> call("--only", "limits", "--baseline", file.toString())).isInstanceOf(UsageException.class)
                .hasMessage("bench: nothing was measured that --baseline could keep; leave out --only, or name other parts");
        assertThat(file).doesNotExist();
    }

    @Test
    void anotherFileIsRefusedBeforeAnythingIsMeasured(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("other.json");
        for (String content : List.of("", "[", "{}", "[1]", "{\"device\":\"cpu\",\"shares\":{\"a\":\"b\"}}", "{\"shares\":{\"a\":1}}",
                "{\"device\":\"cpu\",\"shares\":{\"a\":-1}}")) {
            Files.writeString(file, content);
            assertThatThrownBy(() -> call("--baseline", file.toString())).isInstanceOf(UsageException.class).hasMessage("bench: " + file
                    + " holds no shares of an earlier run: name another file, or remove this one to keep those of the next run");
            assertThat(file).hasContent(content);
        }
        assertThatThrownBy(() -> call("--baseline", folder.resolve("none/file").toString())).isInstanceOf(UsageException.class)
                .hasMessage("bench: there is no folder for " + folder.resolve("none/file") + ": make it first");
        assertThat(asked).isEmpty();
    }

    @Test
    void aModelThatIsNotThereEndsItEarly() {
        assertThatThrownBy(() -> call("--model", "none")).isInstanceOf(ModelException.class).hasMessage("there is no model none");
        assertThat(asked).containsExactly("limits of the best");
    }

    @Test
    void anInterruptEndsIt() {
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(this::call).isInstanceOf(CancellationException.class).hasMessage("bench was interrupted");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(asked).containsExactly("limits of the best");
    }

    @Test
    void aTimeIsANumber() {
        assertThatThrownBy(() -> call("--seconds", "long")).isInstanceOf(UsageException.class)
                .hasMessage("bench: --seconds takes a number, not 'long'");
        assertThat(asked).isEmpty();
    }
}
