package org.intarsia.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.intarsia.backend.cpu.CpuBackend;
import org.intarsia.engine.api.AdapterChoice;
import org.intarsia.engine.api.Placement;
import org.intarsia.engine.files.OpenedFiles;
import org.intarsia.engine.measure.Recorder;
import org.intarsia.engine.pipeline.Components;
import org.intarsia.engine.pipeline.DeviceBinding;
import org.intarsia.engine.registry.Registry;
import org.intarsia.engine.registry.Settings;
import org.intarsia.engine.scheduler.SchedulerLimits;
import org.intarsia.engine.scheduler.StepRunner;
import org.intarsia.families.ChameleonFamily;
import org.intarsia.families.Emu3Family;
import org.intarsia.families.Gemma2Family;
import org.intarsia.families.Gemma3Family;
import org.intarsia.families.JanusFamily;
import org.intarsia.families.LiquidFamily;
import org.intarsia.families.LlamaFamily;
import org.intarsia.families.MistralFamily;
import org.intarsia.families.Qwen25VlFamily;
import org.intarsia.families.Qwen2Family;
import org.intarsia.families.Qwen3Family;
import org.intarsia.image.decoder.ChameleonDecoderFactory;
import org.intarsia.image.decoder.Emu3DecoderFactory;
import org.intarsia.image.decoder.JanusDecoderFactory;
import org.intarsia.model.api.TokenRow;
import org.intarsia.model.api.TransformerCore.Head;
import org.intarsia.tokenizer.HuggingFaceTokenizerFactory;
import org.intarsia.transformer.core.ChameleonCoreFactory;
import org.intarsia.transformer.core.Emu3CoreFactory;
import org.intarsia.transformer.core.Gemma2CoreFactory;
import org.intarsia.transformer.core.Gemma3CoreFactory;
import org.intarsia.transformer.core.JanusCoreFactory;
import org.intarsia.transformer.core.LiquidCoreFactory;
import org.intarsia.transformer.core.LlamaCoreFactory;
import org.intarsia.transformer.core.MistralCoreFactory;
import org.intarsia.transformer.core.Qwen25VlCoreFactory;
import org.intarsia.transformer.core.Qwen2CoreFactory;
import org.intarsia.transformer.core.Qwen3CoreFactory;
import org.intarsia.vision.encoder.ChameleonEncoderFactory;
import org.intarsia.vision.encoder.Emu3EncoderFactory;
import org.intarsia.vision.encoder.JanusEncoderFactory;
import org.intarsia.vision.encoder.Qwen25VlTowerFactory;
import org.osgi.framework.Constants;

/** The real components and the real backend in a registry, without a framework; the tiny models of the references. */
public final class Workshop {
    public static final Path FIXTURES = Path.of("../transformer.core/src/test/resources/fixtures");

    static final SchedulerLimits LIMITS = new SchedulerLimits(256, 512, 1024, 1L << 30);

    public final Registry registry;
    final Recorder recorder = new Recorder();
    public final CpuBackend backend = new CpuBackend();
    public final HuggingFaceTokenizerFactory tokenizer = new HuggingFaceTokenizerFactory();
    final ChameleonCoreFactory core = new ChameleonCoreFactory();
    final ChameleonEncoderFactory encoder = new ChameleonEncoderFactory();
    final ChameleonDecoderFactory decoder = new ChameleonDecoderFactory();
    final ChameleonFamily family = new ChameleonFamily();

    public Workshop() {
        this(Duration.ZERO, Duration.ofSeconds(600));
    }

    /**
     * @param patience how long generations wait for what has left
     * @param grace    how long they keep it
     */
    Workshop(Duration patience, Duration grace) {
        this(patience, grace, LIMITS);
    }

    /** @param limits how much a model takes on at once */
    Workshop(SchedulerLimits limits) {
        this(Duration.ZERO, Duration.ofSeconds(600), limits);
    }

    private Workshop(Duration patience, Duration grace, SchedulerLimits limits) {
        registry = new Registry(id -> "bundle" + id, "0.1.0", new Settings(patience, grace, limits));
        registry.addBackend(backend, properties(1));
        registry.addTransformerCore(core, properties(2));
        registry.addVisionEncoder(encoder, properties(3));
        registry.addImageDecoder(decoder, properties(4));
        registry.addTokenizer(tokenizer, properties(5));
        registry.addFamily(family, properties(13));
        registry.addFamily(new JanusFamily(), properties(14));
        registry.addFamily(new Emu3Family(), properties(15));
        registry.addFamily(new LlamaFamily(), properties(16));
        registry.addFamily(new Qwen2Family(), properties(17));
        registry.addFamily(new Qwen3Family(), properties(18));
        registry.addFamily(new MistralFamily(), properties(19));
        registry.addFamily(new Gemma2Family(), properties(30));
        registry.addFamily(new Gemma3Family(), properties(31));
        registry.addFamily(new Qwen25VlFamily(), properties(32));
        registry.addFamily(new LiquidFamily(), properties(33));
    }

    /** The component factories of all other families, too. */
    public Workshop withAllFamilies() {
        registry.addTransformerCore(new LlamaCoreFactory(), properties(6));
        registry.addTransformerCore(new JanusCoreFactory(), properties(7));
        registry.addTransformerCore(new Emu3CoreFactory(), properties(8));
        registry.addVisionEncoder(new JanusEncoderFactory(), properties(9));
        registry.addVisionEncoder(new Emu3EncoderFactory(), properties(10));
        registry.addImageDecoder(new JanusDecoderFactory(), properties(11));
        registry.addImageDecoder(new Emu3DecoderFactory(), properties(12));
        registry.addTransformerCore(new Qwen2CoreFactory(), properties(13));
        registry.addTransformerCore(new Qwen3CoreFactory(), properties(14));
        registry.addTransformerCore(new MistralCoreFactory(), properties(15));
        registry.addTransformerCore(new Gemma2CoreFactory(), properties(16));
        registry.addTransformerCore(new Gemma3CoreFactory(), properties(17));
        registry.addTransformerCore(new Qwen25VlCoreFactory(), properties(18));
        registry.addTransformerCore(new LiquidCoreFactory(), properties(20));
        registry.addVisionEncoder(new Qwen25VlTowerFactory(), properties(19));
        return this;
    }

    /** The fixture of Liquid in a folder, with the VQ-GAN of a Chameleon beside it. */
    static Path liquid(Path folder) {
        try {
            for (String name : List.of("liquid", "chameleon-7b")) {
                Path target = Files.createDirectories(name.equals("liquid") ? folder : folder.resolve("chameleon"));
                try (Stream<Path> files = Files.list(FIXTURES.resolve(name))) {
                    for (Path file : files.toList()) {
                        Files.copy(file, target.resolve(file.getFileName()));
                    }
                }
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Service properties as a framework would give them. */
    public static Map<String, Object> properties(long id) {
        Map<String, Object> properties = new HashMap<>();
        properties.put(Constants.SERVICE_ID, id);
        properties.put(Constants.SERVICE_BUNDLEID, id);
        return properties;
    }

    /** A runner of these components, which the caller closes. */
    static StepRunner runner(Components components, DeviceBinding binding) {
        return binding.runner(components.core(), components.presentation().weights(), LIMITS);
    }

    /** The scores of the token that follows in each stream, from a cache of their own. */
    float[][] scores(OpenModel model, List<TokenRow> streams, Head head) {
        DeviceBinding binding = new DeviceBinding(model.name(), registry, Placement.ANYWHERE, recorder);
        return model.using(() -> {
            try (StepRunner runner = runner(model.pipelines().take().components(), binding)) {
                return runner.next(streams, head);
            } finally {
                binding.drop();
            }
        });
    }

    public OpenModel open(String fixture) {
        return open(FIXTURES.resolve(fixture));
    }

    public OpenModel open(Path directory) {
        return open(directory, Placement.ANYWHERE);
    }

    OpenModel open(Path directory, Placement placement) {
        return open(directory, placement, List.of());
    }

    OpenModel open(Path directory, Placement placement, List<AdapterChoice> adapters) {
        OpenModel model = ModelModule.compose(directory.getFileName().toString(), placement, OpenedFiles.open(directory, adapters),
                registry, recorder);
        model.check();
        return model;
    }
}
