package org.intarsia.distro.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the shell shows of the platform while bundles come and go. */
class SeeingTest {
    private final Platform platform = new Platform();
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private CommandSession session;

    @BeforeEach
    void open() throws Exception {
        session = platform.session(printed);
    }

    @AfterEach
    void close() {
        session.close();
    }

    /** What a person sees of a command. */
    private String shown(String command) throws Exception {
        return session.format(session.execute(command), Converter.INSPECT).toString();
    }

    @Test
    void scriptsGetTypedValuesAndPeopleText() throws Exception {
        session.execute("models = (models)");

        assertThat(session.execute("$models size")).isEqualTo(1);
        assertThat(session.execute("($models get 0) name")).isEqualTo("picturebook");
        assertThat(shown("models")).startsWith("picturebook: org.intarsia.model.picturebook");
    }

    @Test
    void everyCommandOfEveryBundleHasAnExample() throws Exception {
        Set<String> names = Platform.help(session).keySet();

        assertThat(names).hasSizeGreaterThan(15).allSatisfy(name ->
                assertThat((List<?>) session.execute("(help " + name + ") examples")).as(name).isNotEmpty());
    }

    @Test
    void helpAlsoListsWhatWaitsForAService() throws Exception {
        assertThat(Platform.help(session)).extractingByKey("soak").asString().startsWith("swaps, stops");
        platform.without("org.intarsia.engine", () -> assertThat(Platform.help(session))
                .containsEntry("soak", "waits for a service; call it to see which")
                .containsEntry("imagine", "waits for a service; call it to see which")
                .containsEntry("train", "trains weights"));
        assertThat(Platform.help(session)).extractingByKey("soak").asString().startsWith("swaps, stops");
    }

    @Test
    void aModelIsWellUntilAPartOfItIsMissing() throws Exception {
        assertThat(shown("health")).contains("OK       backend org.intarsia.backend.cpu: cpu computes rightly",
                "OK       model picturebook: reads, writes, sees and paints on cpu/cpu");
        platform.without("org.intarsia.tokenizer", () -> {
            assertThatThrownBy(() -> session.execute("health")).hasMessageEndingWith("checks failed");
            assertThat(printed.toString().lines().filter(line -> line.startsWith("CRITICAL"))).singleElement().asString()
                    .startsWith("CRITICAL model picturebook: ").contains("org.intarsia.tokenizer");
        });
        assertThat(shown("health")).contains("OK       model picturebook");
    }

    @Test
    void checksComeAndGoWithWhatTheyCheck() throws Exception {
        platform.without("org.intarsia.model.picturebook", () -> assertThat(shown("health")).doesNotContain("model picturebook"));
        platform.without("org.intarsia.backend.vulkan",
                () -> assertThat(shown("health")).doesNotContain("backend.vulkan").contains("backend.cpu"));
        assertThat(shown("health")).contains("model picturebook", "backend.vulkan");
    }

    @Test
    void theDrawingFollowsTheBundles() throws Exception {
        assertThat(shown("components")).contains("picturebook (org.intarsia.model.picturebook", "─ tokenizer huggingface (org.intarsia.tokenizer ");
        platform.without("org.intarsia.tokenizer", () -> assertThat(shown("components")).doesNotContain("huggingface"));
    }

    @Test
    @Timeout(60)
    void eventsTellOfBundles() throws Exception {
        PipedInputStream followed = new PipedInputStream();
        PrintStream out = new PrintStream(new PipedOutputStream(followed), true);
        try (CommandSession follower = platform.service(CommandProcessor.class)
                .createSession(InputStream.nullInputStream(), out, out)) {
            Instant begin = Instant.now().truncatedTo(ChronoUnit.MILLIS);
            platform.without("org.intarsia.image.decoder", () -> { });
            // EventAdmin delivers events on a thread of its own, in their order.
            await(() -> lastEvent().contains("STARTED: org.intarsia.image.decoder")
                    && !Instant.parse(lastEvent().split(" ")[0]).isBefore(begin));
            // Closing the session ends it. Its first line says that it follows.
            follower.execute("intarsia:events --follow --last 1 &");
            BufferedReader lines = new BufferedReader(new InputStreamReader(followed));
            assertThat(lines.readLine()).contains("STARTED: org.intarsia.image.decoder");
            platform.without("org.intarsia.image.decoder", () -> { });

            assertThat(lines.readLine()).matches(".* org/osgi/framework/BundleEvent/STOPPED: org\\.intarsia\\.image\\.decoder \\d.*");
            assertThat(lines.readLine()).matches(".* org/osgi/framework/BundleEvent/STARTED: org\\.intarsia\\.image\\.decoder \\d.*");
        }
        assertThat(shown("events --last 500")).contains("STOPPED: org.intarsia.image.decoder");
    }

    private String lastEvent() throws Exception {
        return shown("events --last 1");
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        while (!condition.call()) {
            Thread.sleep(10);
        }
    }
}
