package org.intarsia.planning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Shape;
import org.intarsia.model.api.ModelException;
import org.intarsia.planning.api.Blueprint;
import org.intarsia.planning.api.Blueprint.Piece;
import org.intarsia.planning.api.Blueprint.Weight;
import org.intarsia.planning.api.Forecast;
import org.intarsia.planning.api.Forecast.Share;
import org.intarsia.planning.api.Planner.Host;
import org.intarsia.planning.api.Planner.Memory;
import org.intarsia.planning.api.Planner.Network;
import org.intarsia.planning.api.Planner.Question;
import org.intarsia.weights.Checkpoint;
import org.intarsia.weights.Weights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A blueprint has the tensors of the checkpoint, and a forecast counts them. */
class PlannerTest {
    private static final long GB = 1_000_000_000;

    @TempDir
    Path folder;

    private static Map<String, Shape> tensors(Blueprint blueprint) {
        Map<String, Shape> tensors = new TreeMap<>();
        for (Piece piece : blueprint.pieces()) {
            for (Weight weight : piece.weights()) {
                assertThat(tensors.put(weight.name(), weight.shape())).as(weight.name()).isNull();
            }
        }
        return tensors;
    }

    private static long parameters(Blueprint blueprint) {
        return blueprint.pieces().stream().mapToLong(Piece::parameters).sum();
    }

    private static Forecast forecast(String shape, Encoding encoding, List<Memory> memories, List<Memory> together, int context) {
        PlannerService planner = Workshop.planner();
        return planner.forecast(planner.blueprint(shape), new Question(List.of(encoding), memories, together,
                List.of(30.0 * GB), context, Optional.empty()));
    }

    private static Forecast.Spread spread(String shape, Encoding encoding, int context, Network network) {
        PlannerService planner = Workshop.planner();
        return planner.forecast(planner.blueprint(shape), new Question(List.of(encoding), List.of(), List.of(), List.of(), context,
                Optional.of(network))).encodings().getFirst().spread().orElseThrow();
    }

    @Test
    void layersAreDividedAmongHostsBySpeedAndAStepTakesTheTimeOfAll() {
        Host slow = new Host("slow", 64 * GB, 30.0 * GB);
        Host fast = new Host("fast", 64 * GB, 90.0 * GB);
        Forecast.Spread spread = spread("chameleon-30b", Encoding.Q8_0, 2048, new Network(List.of(slow, fast), 1.25 * GB, 1e-3));
        assertThat(spread.hosts()).extracting(Forecast.HostShare::host).containsExactly("slow", "fast");
        assertThat(spread.hosts().getFirst().pieces()).startsWith("layers 0–").endsWith(", and all that is no layer");
        assertThat(spread.hosts().getLast().pieces()).matches("layers \\d+–47");
        // The faster one takes about as long for about three times as many bytes.
        assertThat(spread.hosts().getLast().seconds() / spread.hosts().getFirst().seconds()).isBetween(0.8, 1.2);
        double reading = spread.hosts().stream().mapToDouble(Forecast.HostShare::seconds).sum();
        double hop = 1e-3 + 2.0 * Float.BYTES * 8192 / (1.25 * GB);
        assertThat(1 / spread.rates().getFirst().tokensASecond()).isCloseTo(reading + hop, within(1e-9));
        assertThat(spread.rates()).extracting(Forecast.SpreadRate::streams).containsExactly(1, 3, 8);
        // Streams share the reading of weights.
        assertThat(spread.rates().getLast().tokensASecond()).isGreaterThan(4 * spread.rates().getFirst().tokensASecond());
        long bytes = spread.hosts().stream().mapToLong(Forecast.HostShare::bytes).sum();
        Forecast whole = forecast("chameleon-30b", Encoding.Q8_0, List.of(new Memory("1kB", 1000)), List.of(), 2048);
        assertThat(bytes).isEqualTo(whole.encodings().getFirst().bytes() + whole.cacheBytes() * 2048);
    }

    @Test
    void hostsWithTooLittleRoomAreSaidToBe() {
        Host small = new Host("small", GB, 30.0 * GB);
        assertThat(spread("chameleon-7b", Encoding.Q8_0, 2048, new Network(List.of(small, small), GB, 0)).hosts()).isEmpty();
        Host tiny = new Host("tiny", GB / 100, 30.0 * GB);
        Host large = new Host("large", 64 * GB, 30.0 * GB);
        assertThat(spread("chameleon-7b", Encoding.Q8_0, 2048, new Network(List.of(large, tiny), GB, 9)).hosts())
                .extracting(Forecast.HostShare::pieces).containsExactly("layers 0–31, and all that is no layer", "nothing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"chameleon-7b", "chameleon-30b", "janus", "emu3", "llama", "llama-tied", "qwen2", "qwen3", "mistral",
        "gemma2", "gemma3", "qwen2.5-vl", "qwen2.5-vl-flat"})
    void aConfigurationTellsTheTensorsOfTheCheckpoint(String fixture) throws IOException {
        Map<String, Shape> stored = new TreeMap<>();
        try (Weights weights = Checkpoint.open(Workshop.FIXTURES.resolve(fixture))) {
            // What a normalisation counted while it was trained, nobody reads.
            weights.names().stream().filter(name -> !name.endsWith(".num_batches_tracked"))
                    .forEach(name -> stored.put(name, weights.get(name).shape()));
        }
        Path config = Files.copy(Workshop.FIXTURES.resolve(fixture).resolve("config.json"), folder.resolve("some.json"));
        assertThat(tensors(Workshop.planner().blueprint(config.toString()))).isEqualTo(stored);
        assertThat(tensors(Workshop.planner().blueprint(Workshop.FIXTURES.resolve(fixture).toString()))).isEqualTo(stored);
    }

    /** Its pictures are those of a Chameleon checkpoint beside it, of which nothing else counts. */
    @Test
    void liquidIsPlannedWithTheVqGanBesideIt() throws IOException {
        Path chameleon = Files.createDirectory(folder.resolve("chameleon"));
        Files.copy(Workshop.FIXTURES.resolve("chameleon-7b/config.json"), chameleon.resolve("config.json"));
        for (String file : List.of("config.json", "tokenizer.json")) {
            Files.copy(Workshop.FIXTURES.resolve("liquid").resolve(file), folder.resolve(file));
        }
        Map<String, Shape> stored = new TreeMap<>();
        try (Weights language = Checkpoint.open(Workshop.FIXTURES.resolve("liquid"));
                Weights pictures = Checkpoint.open(Workshop.FIXTURES.resolve("chameleon-7b"))) {
            language.names().forEach(name -> stored.put(name, language.get(name).shape()));
            pictures.names().stream().filter(name -> name.startsWith("model.vqmodel."))
                    .forEach(name -> stored.put(name, pictures.get(name).shape()));
        }
        assertThat(tensors(Workshop.planner().blueprint(folder.toString()))).isEqualTo(stored);
    }

    @Test
    void theShapesInTheBoxHaveTheSizesTheyAreNamedAfter() {
        // 7.04 billion is what the published files of the smaller model hold, picture coder included.
        assertThat(parameters(Workshop.planner().blueprint("chameleon-7b"))).isBetween(7_000_000_000L, 7_100_000_000L);
        assertThat(parameters(Workshop.planner().blueprint("chameleon-30b"))).isBetween(34_000_000_000L, 34_500_000_000L);
        assertThat(parameters(Workshop.planner().blueprint("chameleon-405b"))).isBetween(403_000_000_000L, 405_000_000_000L);
    }

    @Test
    void aPieceIsALayerWithItsCache() {
        List<Piece> pieces = Workshop.planner().blueprint("chameleon-405b").pieces();
        assertThat(pieces.stream().map(Piece::name).toList()).startsWith("vision encoder", "embedding", "layer 0", "layer 1")
                .endsWith("layer 125", "head", "image decoder").hasSize(130);
        Piece layer = pieces.get(2);
        long dim = 16384;
        // q and o, k and v of eight heads, three of the feed-forward layer, two norms, weight and bias of each head's norm.
        assertThat(layer.parameters()).isEqualTo(2 * dim * dim + 2 * 8 * 128 * dim + 3 * 53248 * dim + 2 * dim
                + 2 * 128 * 128 + 2 * 8 * 128);
        assertThat(layer.cacheBytes()).isEqualTo(2 * 8 * 128 * Float.BYTES);
        assertThat(pieces.get(1).weights()).singleElement().matches(embedding -> !embedding.whole());
        assertThat(layer.weights()).allMatch(Weight::whole);
    }

    @Test
    void bytesFollowTheEncoding() {
        Forecast q8 = forecast("chameleon-7b", Encoding.Q8_0, List.of(new Memory("24GB", 24 * GB), new Memory("4GB", 4 * GB)),
                List.of(), 0);
        Forecast.Encoded encoded = q8.encodings().getFirst();
        // 34 bytes for 32 elements, and a little more for what cannot have blocks.
        assertThat(encoded.bytes()).isBetween(7_400_000_000L, 7_600_000_000L);
        assertThat(encoded.bytes() - encoded.bytesPerToken()).isGreaterThan(65536L * 4096);
        assertThat(q8.cacheBytes()).isEqualTo(2L * 32 * 4096 * Float.BYTES);
        assertThat(encoded.fits().get(0).fits()).isTrue();
        assertThat(encoded.fits().get(1).fits()).isFalse();
        assertThat(encoded.fits().get(1).count()).hasValueSatisfying(count -> assertThat(count).isGreaterThan(2));
        assertThat(encoded.rates()).extracting(Forecast.Rate::streams).containsExactly(1, 2, 3);
        double read = encoded.bytesPerToken() + q8.cacheBytes() * 2048.0;
        assertThat(encoded.rates().getFirst().tokensASecond()).isEqualTo(30.0 * GB / read);
    }

    @Test
    void aSplitIsContiguousFillsEveryDeviceAndLosesNothing() {
        List<Memory> eight = java.util.Collections.nCopies(8, new Memory("80GB", 80 * GB));
        Forecast.Encoded encoded = forecast("chameleon-405b", Encoding.Q8_0, eight.subList(0, 1), eight, 2048).encodings()
                .getFirst();
        Forecast.Split split = encoded.together().orElseThrow();
        assertThat(split.left().bytes()).isZero();
        assertThat(split.shares()).hasSize(encoded.fits().getFirst().count().orElseThrow());
        assertThat(split.shares()).allMatch(share -> share.bytes() <= 80 * GB);
        assertThat(split.shares().getFirst().pieces()).startsWith("vision encoder, embedding, layers 0–");
        assertThat(split.shares().getLast().pieces()).endsWith("–125, head, image decoder");
        assertThat(split.shares().stream().mapToLong(Share::bytes).sum())
                .isEqualTo(encoded.bytes() + 2048L * 126 * 2 * 8 * 128 * Float.BYTES);
    }

    @Test
    void whatHasNoRoomIsNamed() {
        List<Memory> two = List.of(new Memory("24GB", 24 * GB), new Memory("1kB", 1000));
        Forecast.Encoded encoded = forecast("chameleon-405b", Encoding.BF16, two, two, 2048).encodings().getFirst();
        assertThat(encoded.together().orElseThrow().left().pieces()).endsWith("–125, head, image decoder");
        assertThat(encoded.fits().get(1).count()).isEqualTo(Optional.empty());
    }

    @Test
    void wrongQuestionsGetOneSentence() {
        PlannerService planner = Workshop.planner();
        assertThatThrownBy(() -> planner.blueprint("chameleon-8b")).isInstanceOf(ModelException.class)
                .hasMessage("there is no configuration 'chameleon-8b': it is neither a file nor a directory, nor one in the box"
                        + " (chameleon-7b, chameleon-30b, chameleon-405b, janus-pro-1b)");
        assertThatThrownBy(() -> planner.blueprint(folder.toString())).isInstanceOf(ModelException.class)
                .hasMessage("the directory '" + folder + "' has no config.json");
        assertThatThrownBy(() -> new PlannerService(List.of(), List.of(), List.of(), Workshop.FAMILIES).blueprint("chameleon-7b"))
                .isInstanceOf(ModelException.class).hasMessage("no transformer core can serve 'chameleon-7b': no bundle that"
                        + " has one is installed");
        assertThatThrownBy(() -> forecast("chameleon-7b", Encoding.BF16, List.of(), List.of(), 4097))
                .isInstanceOf(ModelException.class).hasMessage("model chameleon-7b has streams of at most 4096 tokens, so 4097"
                        + " cannot be planned; take less");
    }

    /** The settings of transformers 5 stand in processor_config.json. */
    @Test
    void findsThePicturesSettingsWhereTheNewerLayoutHasThem() throws IOException {
        Files.writeString(folder.resolve("config.json"), Files.readString(
                Path.of("src/main/resources/org/intarsia/planning/shapes/chameleon-7b.json")));
        Files.writeString(folder.resolve("processor_config.json"), """
                {"image_processor": {"image_processor_type": "ChameleonImageProcessor", "size": {"shortest_edge": 256},
                 "crop_size": {"height": 256, "width": 256}}, "processor_class": "ChameleonProcessor"}""");
        Configuration found = Configuration.find(folder.toString(), Workshop.FAMILIES);
        assertThat(found.files()).doesNotContainKey("preprocessor_config.json");
        long smaller = Workshop.planner().blueprint(folder.toString()).work().get("coding a picture");
        assertThat(Workshop.planner().blueprint("chameleon-7b").work().get("coding a picture")).isGreaterThan(3 * smaller);
    }

    @Test
    void aBrokenConfigurationIsNamed() throws IOException {
        Path config = Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"chameleon\", \"vocab_size\": 100}");
        assertThatThrownBy(() -> Workshop.planner().blueprint(config.toString())).isInstanceOf(ModelException.class)
                .hasMessageContaining("too few for the special ones of family chameleon");
        Files.writeString(config, "[1]");
        assertThatThrownBy(() -> Workshop.planner().blueprint(config.toString())).isInstanceOf(ModelException.class)
                .hasMessage("'" + config + "' should hold a JSON object");
    }
}
