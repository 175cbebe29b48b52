package org.intarsia.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.intarsia.backend.api.BackendException;
import org.intarsia.engine.api.Engine;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.PictureFiles;
import org.intarsia.engine.api.Placement;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Sampling;
import org.intarsia.engine.files.ModelBundles;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.Text;
import org.intarsia.weights.WeightsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/**
 * Every sentence of the engine that a user may get to read stands in {@code messages.txt}, a line each, in the
 * order of this test. Whoever changes one sees it there.
 */
class MessagesTest {
    private static final Path GOLDEN = Path.of("src/test/resources/messages.txt");
    private static final Request PICTURE = new Request(List.of(new Text("a fox")), Goal.PICTURE, Sampling.GREEDY);

    @TempDir
    Path folder;

    private final Workshop workshop = new Workshop();
    private final Engine engine = new EngineService(new ModelBundles(noBundles(), () -> { }), workshop.registry,
            workshop.recorder, EngineStopTest.NO_USE);
    private final Map<String, String> sentences = new LinkedHashMap<>();

    /** A framework without bundles: models come from directories only. */
    static BundleContext noBundles() {
        return (BundleContext) Proxy.newProxyInstance(BundleContext.class.getClassLoader(), new Class<?>[] {BundleContext.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getBundles" -> new Bundle[0];
                    case "getDataFile" -> new File("target", (String) arguments[0]);
                    case "addBundleListener", "removeBundleListener" -> null;
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    @Test
    void areOneClearSentenceEach() throws IOException {
        pictures();
        models();
        requests();
        services();
        String all = sentences.entrySet().stream().map(entry -> entry.getKey() + ": " + entry.getValue())
                .collect(Collectors.joining("\n", "", "\n"));
        assertThat(all).isEqualTo(Files.readString(GOLDEN));
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.filter(file -> file.toString().endsWith(".part"))).isEmpty();
        }
    }

    private void pictures() throws IOException {
        Image image = new Image(2, 1, new byte[6]);
        Path text = Files.writeString(folder.resolve("note.png"), "this is no picture");
        failsElsewhere("note.png", () -> PictureFiles.read(text));
        fails("a folder that does not exist", () -> PictureFiles.write(folder.resolve("nowhere/out.png"), image));
        fails("a folder in place of a file", () -> PictureFiles.write(folder, image));
    }

    private void models() throws IOException {
        fails("no such model", () -> engine.open("picturebok", Placement.ANYWHERE));
        failsElsewhere("config.json", () -> run(Files.createDirectory(folder.resolve("empty")), PICTURE));
        failsElsewhere("model.safetensors", () -> run(copyWithout("weightless", "model.safetensors"), PICTURE));
        fails("no tokenizer.json", () -> run(copyWithout("wordless", "tokenizer.json"), PICTURE));
        failsElsewhere("preprocessor_config.json", () -> run(copyWithout("blind", "preprocessor_config.json"), new Request(
                List.of(new Image(2, 1, new byte[6])), Goal.ANSWER, Sampling.GREEDY)));
        Path truncated = copyWithout("truncated", "");
        shorten(truncated.resolve("model.safetensors"), 500_000);
        failsElsewhere("model.safetensors", () -> run(truncated, PICTURE));
        Path garbled = copyWithout("garbled", "");
        Files.writeString(garbled.resolve("config.json"), "{ \"model_type\": ");
        failsElsewhere("config.json", () -> run(garbled, PICTURE));
        Path hot = copyWithout("hot", "");
        Files.writeString(hot.resolve("generation_config.json"), "{ \"temperature\": -1 }");
        fails("a generation_config.json out of range", () -> run(hot, PICTURE));
        Path strange = copyWithout("strange", "");
        Files.writeString(strange.resolve("config.json"), "{ \"model_type\": \"parrot\" }");
        fails("a family that nobody knows", () -> run(strange, PICTURE));
    }

    private void requests() {
        Path model = Workshop.FIXTURES.resolve("chameleon-7b");
        fails("a prompt that is too long", () -> run(model,
                new Request(List.of(new Text("fox ".repeat(300))), Goal.PICTURE, Sampling.GREEDY)));
        fails("a temperature below 0", () -> Sampling.builder().temperature(-1).build());
        fails("a top-p above 1", () -> Sampling.builder().topP(1.5).build());
        fails("no such backend", () -> {
            try (Model opened = engine.open(model.toString(), Placement.on(Optional.of("abacus")))) {
                opened.answer(PICTURE);
            }
        });
        fails("codes of another picture", () -> {
            try (Model opened = engine.open(model.toString(), Placement.ANYWHERE)) {
                opened.decode(new int[3]);
            }
        });
    }

    private void services() {
        Path model = Workshop.FIXTURES.resolve("chameleon-7b");
        workshop.registry.removeImageDecoder(workshop.decoder);
        fails("no image decoder", () -> run(model, PICTURE));
        workshop.registry.removeTokenizer(workshop.tokenizer);
        workshop.registry.addImageDecoder(workshop.decoder, Workshop.properties(7));
        fails("no tokenizer", () -> run(model, PICTURE));
        workshop.registry.removeBackend(workshop.backend);
        workshop.registry.addTokenizer(workshop.tokenizer, Workshop.properties(8));
        fails("no backend", () -> run(model, PICTURE));
    }

    private interface Work {
        void run() throws IOException;
    }

    private void run(Path directory, Request request) {
        try (Model model = engine.open(directory.toString(), Placement.ANYWHERE)) {
            model.answer(request);
        }
    }

    private void fails(String what, Work work) {
        sentences.put(what, sentence(what, work));
    }

    /** A sentence of another bundle, which has its own tests: here it must come through, and name the file. */
    private void failsElsewhere(String file, Work work) {
        assertThat(sentence(file, work)).contains("FOLDER", file).doesNotContain("\n", "Exception");
    }

    private String sentence(String what, Work work) {
        try {
            work.run();
        } catch (ModelException | WeightsException | BackendException e) {
            return e.getMessage().replace(folder.toString(), "FOLDER").replace(real(folder), "FOLDER");
        } catch (IOException e) {
            throw new AssertionError(what, e);
        }
        throw new AssertionError(what + " should fail");
    }

    private static String real(Path folder) {
        try {
            return folder.toRealPath().toString();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Path copyWithout(String name, String left) throws IOException {
        Path copy = Files.createDirectory(folder.resolve(name));
        try (Stream<Path> files = Files.list(Workshop.FIXTURES.resolve("chameleon-7b"))) {
            for (Path file : files.filter(candidate -> !candidate.endsWith(left)).toList()) {
                Files.copy(file, copy.resolve(file.getFileName().toString()));
            }
        }
        return copy;
    }

    private static void shorten(Path file, long bytes) throws IOException {
        try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw")) {
            opened.setLength(bytes);
        }
    }
}
