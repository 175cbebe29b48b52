package org.intarsia.distro.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.felix.service.command.CommandSession;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.BackendInfo;
import org.intarsia.engine.api.ComponentInfo;
import org.intarsia.engine.api.Engine;
import org.intarsia.engine.api.Event;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.PictureFiles;
import org.intarsia.engine.api.Placement;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Sampling;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.Text;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** The bundles of {@code distro/examples} come into the running platform, do their work, and leave without a trace. */
class ExamplesTest {
    private static final String TINTING = "examples/tinting.decoder.jar";
    private static final String TOY = "examples/toy.backend.jar";
    private static final String GPT2 = "examples/gpt2.family.jar";
    private static final String PALETTE = "examples/palette.command.jar";
    private static final Request PICTURE = new Request(List.of(new Text("a fox")), Goal.PICTURE, Sampling.GREEDY);
    private static final Placement CPU = Placement.on(Optional.of("cpu"));

    private final Platform platform = new Platform();
    private Bundle installed;

    @AfterEach
    void removeWhatIsLeft() throws Exception {
        if (installed != null && installed.getState() != Bundle.UNINSTALLED) {
            platform.uninstall(installed);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {TINTING, TOY, PALETTE, GPT2})
    void itNeedsNothingButTheInterfaces(String example) throws Exception {
        installed = platform.install(example);

        String imports = installed.getHeaders().get(Constants.IMPORT_PACKAGE).replaceAll("\"[^\"]*\"", "");
        List<String> packages = Arrays.stream(imports.split(",")).map(clause -> clause.replaceAll(";.*", "").strip()).toList();
        assertThat(packages).anySatisfy(name -> assertThat(name).startsWith("org.intarsia."))
                .allSatisfy(name -> assertThat(name)
                        .matches("javax?\\..+|org\\.slf4j|org\\.intarsia\\.(graph|graph\\.op|backend\\.api|weights|model\\.(api|blocks)|shell\\.api)"));
        assertThat(installed.getHeaders().get(Constants.DYNAMICIMPORT_PACKAGE)).isNull();
        assertThat(installed.getHeaders().get(Constants.REQUIRE_BUNDLE)).isNull();
    }

    @Test
    void thePictureIsTintedAsLongAsTheTintingDecoderIsThere() throws Exception {
        Answer before = answer();

        installed = platform.install(TINTING);
        // A model that is open already would keep the decoder that it has.
        try (Model model = open(CPU)) {
            Answer tinted = model.answer(PICTURE);
            assertThat(tinted.ids()).isEqualTo(before.ids());
            assertThat(picture(tinted)).isNotEqualTo(picture(before)).isEqualTo(tinted(picture(before), 0xFF, 0xD9, 0xA0));
            assertThat(tinted.origin().components()).containsValue("org.example.tinting.decoder 0.1.0.SNAPSHOT");

            uninstallWithoutTrace();
            assertThat(model.answer(PICTURE)).isEqualTo(before);
        }
    }

    @Test
    void theTintingDecoderGoesAndReturnsWithTheOneThatPaints() throws Exception {
        installed = platform.install(TINTING);
        assertThat(decoders()).startsWith("tinting").contains("chameleon-vq");

        platform.without("org.intarsia.image.decoder", () -> assertThat(decoders()).isEmpty());

        assertThat(decoders()).startsWith("tinting").contains("chameleon-vq");
    }

    @Test
    void itsColourCanBeConfigured() throws Exception {
        Image plain = picture(answer());

        assertThat(pictureWithColour("#0080ff")).isEqualTo(tinted(plain, 0x00, 0x80, 0xFF));
        assertThat(pictureWithColour("blue")).as("with a wrong colour").isEqualTo(plain);
    }

    private Image pictureWithColour(String colour) throws Exception {
        Configuration configuration = platform.service(ConfigurationAdmin.class).getConfiguration("org.example.tinting.decoder", null);
        configuration.update(new Hashtable<>(Map.of("colour", colour)));
        try {
            installed = platform.install(TINTING);
            return picture(answer());
        } finally {
            platform.uninstall(installed);
            configuration.delete();
        }
    }

    @Test
    void theToyBackendChoosesTheSameTokensAsTheProcessor() throws Exception {
        installed = platform.install(TOY);
        Request words = new Request(PICTURE.parts(), Goal.CONTINUATION, Sampling.GREEDY.withMaxTokens(20));
        try (Model expected = open(CPU); Model actual = open(Placement.on(Optional.of("toy")))) {
            assertThat(actual.answer(PICTURE).ids()).isEqualTo(expected.answer(PICTURE).ids());
            assertThat(actual.answer(words).ids()).isEqualTo(expected.answer(words).ids());
            assertThat(actual.answer(words).origin().devices())
                    .containsExactly("toy/toy org.example.toy.backend 0.1.0.SNAPSHOT");
            uninstallWithoutTrace();
        }
    }

    @Test
    void aGenerationMovesToTheToyBackendAndAwayWhenItLeaves() throws Exception {
        installed = platform.install(TOY);
        WeakReference<ClassLoader> loader = Platform.loader(installed);
        Engine engine = platform.service(Engine.class);
        assertThat(engine.backends()).as("best first").last().extracting(BackendInfo::name).isEqualTo("toy");
        engine.useBackend("cpu");
        try (Model model = open(Placement.ANYWHERE)) {
            Answer expected = model.answer(PICTURE);

            Answer moved = model.prepare(List.of(PICTURE), event -> {
                if (event instanceof Event.PictureProgress(int request, int codes, int total, int code)) {
                    if (codes == 3) {
                        engine.useBackend("toy");
                    } else if (codes == 6) {
                        assertThatCode(() -> platform.uninstall(installed)).doesNotThrowAnyException();
                    }
                }
            }).run().getFirst();

            assertThat(moved.ids()).isEqualTo(expected.ids());
            assertThat(moved.origin().devices()).extracting(device -> device.substring(0, device.indexOf(' ')))
                    .startsWith("cpu/cpu", "toy/toy");
            assertCollected(loader);
        } finally {
            engine.useBackend("cpu");
        }
    }

    /** A family that the platform has never heard of: a checkpoint that was refused is completed as transformers does. */
    @Test
    void aFamilyComesAndGoesWithItsBundle() throws Exception {
        Engine engine = platform.service(Engine.class);
        Path directory = platform.fixture("../../../../../../distro/examples/gpt2.family/src/test/resources/gpt2");
        String path = directory.toString();
        assertThatThrownBy(() -> engine.open(path, CPU)).isInstanceOf(ModelException.class)
                .hasMessageContaining("its model_type is 'gpt2', and there are chameleon, emu3, gemma2, gemma3_text, janus, liquid, llama,"
                        + " mistral, qwen2, qwen2_5_vl, qwen3");

        installed = platform.install(GPT2);
        String golden = Files.readString(directory.resolve("golden.json"));
        Request asked = new Request(List.of(new Text("The house is red, and the star")), Goal.CONTINUATION,
                Sampling.GREEDY.withMaxTokens(20));
        try (Model model = engine.open(path, CPU)) {
            assertThat(golden).contains("\"text\": \"The house is red, and the star\"")
                    .contains("\"greedy\": " + model.answer(asked).ids());
        }
        uninstallWithoutTrace();
        // It may come back: who asks waits for it.
        try (Model model = engine.open(path, CPU)) {
            assertThatThrownBy(() -> model.answer(asked)).hasMessageContaining("org.example.gpt2.family");
        }
    }

    @Test
    void aCommandComesAndGoesWithItsBundle() throws Exception {
        Path picture = Files.createTempFile("palette", ".png");
        try (CommandSession session = platform.session(new ByteArrayOutputStream())) {
            Files.write(picture, PictureFiles.png(new Image(1, 1, new byte[] {1, 2, 3}), Optional.empty()));
            installed = platform.install(PALETTE);

            assertThat(Platform.help(session)).extractingByKey("palette")
                    .isEqualTo("tells the commonest colours of a picture");
            assertThat(session.execute("((palette " + picture + ") get 0) colour")).isEqualTo("#010203");
            assertThat(session.execute("palette " + picture + " --json"))
                    .isEqualTo("[{\"colour\":\"#010203\",\"percent\":100.0}]");
            assertThat(session.execute("palette --help")).asString().startsWith("palette FILE [OPTION]…");
            session.execute("palette " + picture);

            platform.uninstall(installed);
            assertThat(Platform.help(session)).extractingByKey("palette").isNull();
            assertThatThrownBy(() -> session.execute("palette " + picture)).isInstanceOf(Exception.class);
        } finally {
            Files.delete(picture);
        }
    }

    private Answer answer() throws InterruptedException {
        try (Model model = open(CPU)) {
            return model.answer(PICTURE);
        }
    }

    private Model open(Placement placement) throws InterruptedException {
        return platform.service(Engine.class).open(platform.fixture("chameleon-7b").toString(), placement);
    }

    private List<String> decoders() throws InterruptedException {
        return platform.service(Engine.class).components().stream().filter(component -> component.kind().equals("image decoder"))
                .map(ComponentInfo::name).toList();
    }

    private void uninstallWithoutTrace() throws Exception {
        WeakReference<ClassLoader> loader = Platform.loader(installed);
        platform.uninstall(installed);
        assertCollected(loader);
    }

    private static void assertCollected(WeakReference<ClassLoader> loader) throws InterruptedException {
        assertThat(Platform.uncollected(List.of(loader))).as("class loader of an uninstalled bundle").isEmpty();
    }

    private static Image picture(Answer answer) {
        return answer.images().getFirst();
    }

    /** What the example says that it does: how bright a pixel is, times the colour. */
    private static Image tinted(Image image, int red, int green, int blue) {
        byte[] rgb = image.rgb().clone();
        for (int i = 0; i < rgb.length; i++) {
            int pixel = i - i % 3;
            int grey = (299 * Byte.toUnsignedInt(image.rgb()[pixel]) + 587 * Byte.toUnsignedInt(image.rgb()[pixel + 1])
                    + 114 * Byte.toUnsignedInt(image.rgb()[pixel + 2])) / 1000;
            rgb[i] = (byte) (grey * new int[] {red, green, blue}[i % 3] / 255);
        }
        return new Image(image.width(), image.height(), rgb);
    }
}
