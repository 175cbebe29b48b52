package org.intarsia.distro;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

/** In a container that has a deploy folder of its own, and knows nothing of ours, bundles are installed all the same. */
class ForeignContainerIT {
    private static final String PROVISIONING = "org.intarsia.provisioning.api.Provisioning";
    private static final String[] BUNDLES = {"org.osgi", "org.apache.felix.http.servlet-api", "org.apache.aries.spifly", "asm",
            "slf4j", "org.apache.felix.scr", "org.intarsia.io", "org.intarsia.text", "org.intarsia.shell.api",
            "org.intarsia.provisioning", "org.apache.felix.fileinstall"};
    private static final String[] SERVER = {"org.osgi", "commons", "jackson", "jakarta", "guava", "guice", "failureaccess",
            "org.apache.servicemix", "org.apache.aries.spifly", "asm", "slf4j", "org.apache.felix.configadmin",
            "org.apache.felix.scr", "org.apache.felix.eventadmin", "org.apache.felix.http", "org.intarsia.io", "org.intarsia.text",
            "org.intarsia.graph", "org.intarsia.backend.api", "org.intarsia.backend.cpu", "org.intarsia.weights", "org.intarsia.model",
            "org.intarsia.families", "org.intarsia.tokenizer", "org.intarsia.vision", "org.intarsia.transformer", "org.intarsia.image",
            "org.intarsia.engine", "org.intarsia.shell.api", "org.intarsia.http", "org.intarsia.page"};

    @TempDir
    private Path folder;

    @Test
    void theContainersOwnDeployFolderIsLeftToIt() throws Exception {
        Path deploy = Files.createDirectory(folder.resolve("deploy"));
        bundle(deploy.resolve("one.jar"), "org.example.a", "1.0.0");
        bundle(deploy.resolve("two.jar"), "org.example.a", "2.0.0");

        // FileInstall takes each version for a bundle of its own; ours would keep the newer one alone.
        try (Container container = container(Map.of("felix.fileinstall.dir", deploy.toString(),
                "felix.fileinstall.noInitialDelay", "true", "intarsia.home", folder.toString(),
                "intarsia.deploy", folder.resolve("ours").toString()))) {
            assertThat(container.named("org.example.a")).extracting(bundle -> bundle.getVersion().toString())
                    .containsExactlyInAnyOrder("1.0.0", "2.0.0");
        }
    }

    @Test
    void whatIsInstalledStaysFromRunToRunUntilItsFileIsGone() throws Exception {
        URI jar = bundle(folder.resolve("b.jar"), "org.example.b", "1.0.0").toUri();
        Map<String, String> none = Map.of("felix.fileinstall.dir", folder.resolve("none").toString());
        Path kept;
        long modified;

        try (Container container = container(none)) {
            container.call(PROVISIONING, "install", List.of(jar), List.class);
            Bundle installed = container.named("org.example.b").getFirst();
            assertThat(installed.getState()).isEqualTo(Bundle.ACTIVE);
            modified = installed.getLastModified();
            kept = Path.of(URI.create(installed.getLocation()));
            assertThat(kept).exists().startsWith(folder.resolve("storage"));
        }
        try (Container container = container(none)) {
            assertThat(container.named("org.example.b")).singleElement()
                    .satisfies(bundle -> assertThat(bundle.getState()).isEqualTo(Bundle.ACTIVE))
                    .satisfies(bundle -> assertThat(bundle.getLastModified()).as("not installed again").isEqualTo(modified));
        }
        Files.delete(kept);
        try (Container container = container(none)) {
            assertThat(container.named("org.example.b")).isEmpty();
        }
    }

    /** Another listener of the same Felix HTTP lacks the gate, which checks tokens and origins. */
    @Test
    void theServersEndpointsAreOnItsOwnListenerOnly() throws Exception {
        int ours = freePort();
        int others = freePort();
        try (Container _ = new Container(folder.resolve("storage"), Map.of("org.osgi.service.http.port", String.valueOf(others),
                "intarsia.http.listen", "true", "intarsia.http.port", String.valueOf(ours)), SERVER)) {
            assertThat(List.of(status(ours, "/v1/models"), status(ours, "/"))).containsOnly(200);
            assertThat(List.of(status(others, "/v1/models"), status(others, "/"), status(others, "/health"))).containsOnly(404);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static int status(int port, String path) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
                    HttpResponse.BodyHandlers.discarding()).statusCode();
        }
    }

    private Container container(Map<String, String> properties) throws Exception {
        Map<String, String> all = new HashMap<>(properties);
        all.put("felix.fileinstall.tmpdir", folder.resolve("packed").toString());
        return new Container(folder.resolve("storage"), all, BUNDLES);
    }

    /** A bundle without code. */
    private static Path bundle(Path jar, String name, String version) throws IOException {
        Manifest manifest = new Manifest();
        Attributes headers = manifest.getMainAttributes();
        headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.putValue("Bundle-ManifestVersion", "2");
        headers.putValue("Bundle-SymbolicName", name);
        headers.putValue("Bundle-Version", version);
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        return jar;
    }
}
