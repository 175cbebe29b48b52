package org.intarsia.planning.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.intarsia.engine.testkit.StandIn;
import org.intarsia.graph.Encoding;
import org.intarsia.model.api.TransformerCore;
import org.intarsia.planning.api.Blueprint;
import org.intarsia.planning.api.Forecast;
import org.intarsia.planning.api.Planner;
import org.intarsia.shell.api.Command;
import org.intarsia.shell.api.Console;
import org.intarsia.shell.api.UsageException;
import org.intarsia.weights.tool.ProgressListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands around planning ask, write and print. */
class PlanTest {
    private static final TransformerCore.Geometry GEOMETRY = new TransformerCore.Geometry(1000, 4096, 2, 4, 16, 64);

    @TempDir
    Path folder;

    private final List<Object> asked = new ArrayList<>();

    /** Remembers what it was asked, and answers always the same. */
    private final Planner planner = new Planner() {
        @Override
        public Blueprint blueprint(String nameOrPath) {
            asked.add(nameOrPath);
            return new Blueprint("as the planner calls it", "toy", GEOMETRY, List.of(), Map.of(), Map.of());
        }

        @Override
        public Forecast forecast(Blueprint blueprint, Question question) {
            asked.add(question);
            return new Forecast(blueprint.name(), blueprint.family(), "planned, not measured", GEOMETRY,
                    List.of(new Forecast.Component("transformer core", 20, 1_234_567)),
                    Map.of("image decoder", "toy says: not mine"), 4096, 1000, Map.of("one token", 500L),
                    List.of(new Forecast.Encoded(Encoding.Q8_0, 1_320_000, 1_300_000,
                            List.of(new Forecast.Rate(3e10, 1, 12_345.6), new Forecast.Rate(3e10, 2, 1.5)),
                            List.of(new Forecast.Fit("24GB", 2_000_000, true, Optional.of(1)),
                                    new Forecast.Fit("1MB", 2_000_000, false, Optional.of(2)),
                                    new Forecast.Fit("1kB", 2_000_000, false, Optional.empty())),
                            Optional.of(new Forecast.Split(List.of(new Forecast.Share("1MB", "layers 0–1", 900_000)),
                                    new Forecast.Share("left", "head", 420_000))),
                            Optional.of(new Forecast.Spread(List.of(
                                    new Forecast.HostShare("1GB@30GB/s", "layer 0, and all that is no layer", 800_000, 0.0123),
                                    new Forecast.HostShare("1GB@9GB/s", "layer 1", 520_000, 0.002)),
                                    List.of(new Forecast.SpreadRate(1, 69.44), new Forecast.SpreadRate(3, 208.3)))))));
        }

        @Override
        public long write(String nameOrPath, Encoding encoding, Path directory, long seed, ProgressListener listener) {
            asked.addAll(List.of(nameOrPath, encoding, directory, seed));
            listener.at("random weights", 5_000_000_000L, 10_000_000_000L);
            return 10_000_000_000L;
        }
    };

    private String call(Command command, String... words) throws Exception {
        PrintStream out = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        return command.call(List.of(words), folder, new Console(InputStream.nullInputStream(), out, out)).toString();
    }

    private Plan plan() {
        return new Plan(planner, new StandIn(), List.of());
    }

    @Test
    void planPrintsTables() throws Exception {
        assertThat(call(plan(), "small")).isEqualTo("""
                small, family toy: planned, not measured
                2 layers, hidden size 64, 4 key heads of 16, vocabulary 1000, context 4096

                component             tensors       parameters
                transformer core           20        1,234,567
                all                        20        1,234,567
                no image decoder: toy says: not mine

                keys and values: 1.00 kB a token; for 4096 tokens 4.10 MB, under guidance with 2 streams 8.19 MB, with 3 12.3 MB
                intermediate values: one token 500 B

                encoding      weights read a token             24GB              1MB              1kB
                Q8_0          1.32 MB      1.30 MB             fits        2 of them        too small

                tokens/s at most, by bandwidth; 1 / 2 / 3 streams, cache half full
                                        30.0 GB/s
                Q8_0                 12346 / 1.50

                Q8_0 on these devices:
                   1 1MB            900 kB  layers 0–1
                  no room for       420 kB  head

                Q8_0 over these hosts, with the time of a step of one stream:
                   1 1GB@30GB/s             800 kB      12.3 ms  layer 0, and all that is no layer
                   2 1GB@9GB/s              520 kB      2.00 ms  layer 1
                  tokens/s at most: 1 stream 69.4, 3 streams 208""");
        assertThat(asked.getFirst()).isEqualTo("small");
    }

    @Test
    void planReadsSizesAndRates() throws Exception {
        call(plan(), "small", "--encoding", "Q4_K", "--encoding", "BF16", "--memory", "2x80GB,1.5GiB", "--bandwidth",
                "3.35TB/s,900MB/s", "--context", "100");
        Planner.Memory large = new Planner.Memory("80GB", 80_000_000_000L);
        Planner.Memory small = new Planner.Memory("1.5GiB", 3L << 29);
        assertThat(asked.getLast()).isEqualTo(new Planner.Question(List.of(Encoding.Q4_K, Encoding.BF16),
                List.of(large, small), List.of(large, large, small), List.of(3.35e12, 9e8), 100, Optional.empty()));
    }

    @Test
    void planReadsHosts() throws Exception {
        call(plan(), "small", "--hosts", "64GB@30GB/s,2x24GiB@1.5TB/s", "--link", "5GB/s", "--round-trip", "0.5");
        Planner.Host first = new Planner.Host("64GB@30GB/s", 64_000_000_000L, 3e10);
        Planner.Host other = new Planner.Host("24GiB@1.5TB/s", 24L << 30, 1.5e12);
        assertThat(((Planner.Question) asked.getLast()).network()).hasValue(new Planner.Network(List.of(first, other, other), 5e9, 5e-4));
        call(plan(), "small", "--hosts", "1GB@1GB/s");
        assertThat(((Planner.Question) asked.getLast()).network().orElseThrow().link()).isEqualTo(1.25e9);
    }

    @Test
    void wrongCallsAreRefused() {
        assertThatThrownBy(() -> call(plan(), "small", "--memory", "24")).isInstanceOf(UsageException.class)
                .hasMessage("plan: --memory takes values such as 24GB or 22.5GiB, not '24'");
        assertThatThrownBy(() -> call(plan(), "small", "--memory", "0x24GB")).isInstanceOf(UsageException.class)
                .hasMessage("plan: --memory takes sizes such as 24GB or 8x80GB, not a number of '0'");
        assertThatThrownBy(() -> call(plan(), "small", "--hosts", "24GB")).isInstanceOf(UsageException.class)
                .hasMessage("plan: --hosts takes hosts such as 64GB@30GB/s or 4x24GB@900GB/s, not '24GB'");
        assertThatThrownBy(() -> call(plan(), "small", "--hosts", "24GB@9")).isInstanceOf(UsageException.class)
                .hasMessage("plan: --hosts takes values such as 24GB/s or 22.5GiB/s, not '9'");
        assertThatThrownBy(() -> call(plan(), "small", "--link", "1GB/s")).isInstanceOf(UsageException.class)
                .hasMessage("plan: --link and --round-trip are about --hosts, which is not given");
        assertThatThrownBy(() -> call(plan(), "small", "--bandwidth", "30GB")).isInstanceOf(UsageException.class)
                .hasMessage("plan: --bandwidth takes values such as 24GB/s or 22.5GiB/s, not '30GB'");
        assertThatThrownBy(() -> call(plan(), "small", "--encoding", "I32")).isInstanceOf(UsageException.class)
                .hasMessageStartingWith("plan: --encoding is F32 or F16 or BF16 or Q4_0");
        assertThatThrownBy(() -> call(new WeightsRandom(planner), "small")).isInstanceOf(UsageException.class)
                .hasMessage("weights random: --out DIR is missing");
        assertThatThrownBy(() -> call(new WeightsRandom(planner), "small", "--out", "x", "--encoding", "Q2_K"))
                .isInstanceOf(UsageException.class)
                .hasMessage("weights random: --encoding is F32 or F16 or BF16 or Q8_0 or Q4_0 or Q4_K, not 'Q2_K'; did you mean Q4_K?");
    }

    @Test
    void randomWeightsAreWritten() throws Exception {
        String text = call(new WeightsRandom(planner), "small", "--out", "made", "--encoding", "Q8_0", "--seed", "3");
        assertThat(text).startsWith(folder.resolve("made") + ": 10.0 GB of random weights in ");
        assertThat(asked).containsExactly("small", Encoding.Q8_0, folder.resolve("made"), 3L);
    }
}
