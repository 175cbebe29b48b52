package org.intarsia.shell.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.intarsia.backend.api.DeviceInfo;
import org.intarsia.backend.api.Limits;
import org.intarsia.engine.api.Meter;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.Placement;
import org.intarsia.shell.Console;
import org.intarsia.shell.UsageException;
import org.intarsia.training.api.Training;
import org.intarsia.training.api.TrainingListener;
import org.junit.jupiter.api.Test;

/** What the command asks for, and how it puts the answers side by side. */
class BenchTest {
    private final List<String> asked = new ArrayList<>();

    private final StandIn engine = new StandIn();

    private final Meter meter = new Meter() {
        @Override
        public Rates measure(Placement placement, Duration each, Consumer<String> progress) {
            asked.add("products on " + placement.backend().orElse("the best") + placement.device().map("/"::concat).orElse("") + " for " + each);
            return new Rates("cpu", new DeviceInfo("cpu", "2 processors", 1 << 30, List.of()), new Limits(200e9, 30e9),
                    List.of(new Product(1024, 1024, 1024, 180e9), new Product(1, 4096, 512, 3.25e9)));
        }

        @Override
        public Pace measure(Model model, Duration each, Consumer<String> progress) {
            asked.add(model.name() + " for " + each);
            return new Pace(120, 5000, 600, 6e9, new TreeMap<>(Map.of(1, 2.5, 8, 9.75)));
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
                limits                                            200.0 GFLOP/s, copies 30.0 GB/s
                matrix products, F32                            GFLOP/s of limit
                  1024 × 1024 · 1024 × 1024                       180.0     90 %
                  1 × 4096 · 4096 × 512                             3.3      2 %
                model picturebook
                  reads 120 tokens at once                       5000.0 tokens/s
                  makes one token after the other                 600.0 tokens/s, 6.0 GB/s of weights, 20 % of copies
                  makes pictures, 1 at once                        2.50 pictures/s
                  makes pictures, 8 at once                        9.75 pictures/s
                training                           samples/s    GFLOP/s of limit
                  picturebook image-tokenizer           40.0      120.0     60 %
                  picturebook core                      61.3       50.0     25 %""");
        assertThat(asked).containsExactly("products on the best for PT3S", "picturebook for PT3S",
                "picturebook on cpu for PT3S");
        assertThat(engine.opened).containsExactly("picturebook on cpu");
        assertThat(engine.closed).isOne();
    }

    @Test
    void programsGetTheSameNumbers() throws Exception {
        assertThat(call("--backend", "vulkan", "--device", "card", "--seconds", "0.5", "--json"))
                .startsWith("{\"backend\":\"cpu\",\"device\":{\"name\":\"cpu\",")
                .contains("\"limits\":{\"floatOperations\":2.0E11,\"bytes\":3.0E10}",
                        "{\"rows\":1024,\"inner\":1024,\"columns\":1024,\"floatOperationsPerSecond\":1.8E11,\"shareOfLimit\":0.9}",
                        "{\"recipe\":\"picturebook\",\"stage\":\"core\",\"samplesPerSecond\":61.25,"
                                + "\"floatOperationsPerSecond\":5.0E10,\"shareOfLimit\":0.25}",
                        "\"model\":{\"name\":\"picturebook\",\"pace\":{\"promptTokens\":120,\"prefillPerSecond\":5000.0,"
                                + "\"decodePerSecond\":600.0,\"decodeBytes\":6.0E9,"
                                + "\"picturesPerSecond\":{\"1\":2.5,\"8\":9.75}},\"shareOfCopies\":0.2}");
        assertThat(asked).containsExactly("products on vulkan/card for PT0.5S", "picturebook for PT0.5S",
                "picturebook on cpu for PT0.5S");
    }

    @Test
    void aTimeIsANumber() {
        assertThatThrownBy(() -> call("--seconds", "long")).isInstanceOf(UsageException.class)
                .hasMessage("bench: --seconds takes a number, not 'long'");
        assertThat(asked).isEmpty();
    }
}
