package org.intarsia.distro;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.example.palette.command.Palette;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A box that holds the shell, the engine and what these two need, and no other bundle of the platform. */
class ShellAloneIT extends Launched {
    private static final Path BOX = Path.of("target/intarsia");
    private static final Set<String> OURS = Set.of("shell", "shell.api", "engine", "model.api", "backend.api", "graph", "weights",
            "text", "io");
    /** Bundles that another container may lack. */
    private static final List<String> LEFT_OUT = List.of("org.apache.felix.eventadmin", "org.apache.felix.healthcheck.api",
            "org.apache.felix.configadmin", "org.apache.felix.metatype", "org.apache.felix.fileinstall", "org.apache.felix.log");

    private Path home;

    @BeforeEach
    void fill() throws IOException {
        home = folder.resolve("home");
        for (String part : List.of("lib", "etc", "bundles")) {
            Files.createDirectories(home.resolve(part));
            try (Stream<Path> files = Files.list(BOX.resolve(part))) {
                for (Path file : files.filter(one -> !part.equals("bundles") || isWanted(one)).toList()) {
                    Files.copy(file, home.resolve(part).resolve(file.getFileName()));
                }
            }
        }
    }

    private static boolean isWanted(Path jar) {
        String name = jar.getFileName().toString().replaceAll("-\\d.*", "");
        return name.startsWith("org.intarsia.") ? OURS.contains(name.substring("org.intarsia.".length()))
                : !LEFT_OUT.contains(name);
    }

    private Process launch(String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java",
                "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-Xshare:auto",
                "--add-opens=java.base/java.util=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + Files.createDirectories(temporary()), "-Dintarsia.home=" + home,
                "-cp", home.resolve("lib/launcher.jar") + ":" + home.resolve("lib/framework.jar"), "org.intarsia.distro.Launcher"));
        command.addAll(Arrays.asList(words));
        return new ProcessBuilder(command).directory(folder.toFile()).start();
    }

    private Call run(String... words) throws Exception {
        Process process = launch(words);
        process.getOutputStream().close();
        return end(process);
    }

    /** The example of a third party joins the box. */
    private void addPalette() throws Exception {
        Path jar = Path.of(Palette.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        assertThat(jar).isRegularFile();
        Files.copy(jar, home.resolve("bundles/palette.jar"));
        ImageIO.write(new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB), "png", folder.resolve("black.png").toFile());
    }

    @Test
    void theShellRunsItsOwnCommandsWithTheEngineAlone() throws Exception {
        Call help = run("help", "--json");

        assertThat(help.err()).isEmpty();
        assertThat(help.out()).contains("\"imagine\":\"makes a new picture", "\"weights\":", "\"events\":")
                .doesNotContain("\"train\"", "\"install\"", "\"verify\"", "waits for a service");
        assertThat(run("events")).isEqualTo(new Call(0, "nothing has happened yet\n", ""));
        assertThat(run("train", "picturebook").err()).startsWith("intarsia: there is no command train");
    }

    @Test
    void aCommandOfAThirdPartyIsOneLikeTheOthers() throws Exception {
        addPalette();

        assertThat(run("help").out()).containsPattern("(?m)^  palette +tells the commonest colours of a picture$");
        assertThat(run("help", "palette").out()).startsWith("palette FILE [OPTION]…");
        assertThat(run("palette", "black.png", "--json"))
                .isEqualTo(new Call(0, "[{\"colour\":\"#000000\",\"percent\":100.0}]\n", ""));
        assertThat(run("palette", "black.png", "--order", "briht"))
                .isEqualTo(new Call(2, "", "intarsia: palette: --order is common or bright, not 'briht'; did you mean bright?\n"));
    }

    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void inTheInteractiveShellItIsCompleted() throws Exception {
        addPalette();
        Process process = launch();
        try (BufferedReader shown = process.inputReader(); Writer typed = process.outputWriter()) {
            int port = RemoteIT.freePort();
            RemoteIT.type(typed, "remote start --port " + port);
            RemoteIT.await(shown, "listening on 127.0.0.1:" + port);
            try (Socket socket = RemoteIT.connect(port)) {
                RemoteIT.negotiate(socket);
                BufferedReader remote = new BufferedReader(new InputStreamReader(socket.getInputStream()));
                Writer keys = new OutputStreamWriter(socket.getOutputStream());
                RemoteIT.await(remote, "intarsia> ");
                keys.write("palet\tblack.png --ord\tbri\t--json\r\n");
                keys.flush();
                RemoteIT.await(remote, "[{\"colour\":\"#000000\",\"percent\":100.0}]");
            }
            RemoteIT.type(typed, "exit");
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
    }
}
