package org.intarsia.browser;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** {@code distro/intarsia serve} as a process, on a free port, with a folder of its own and a third party's panel in it. */
final class Served implements AutoCloseable {
    private static final Path SCRIPT = Path.of("..", "intarsia").toAbsolutePath().normalize();
    private static final String LISTENING = "listening at ";
    private static final long PATIENCE_SECONDS = 60;

    private final Process process;
    private final BufferedReader shown;
    private final String address;

    private Served(Process process) throws IOException {
        this.process = process;
        this.shown = process.inputReader();
        this.address = address();
    }

    /** Starts the server, and waits until it listens. What it reports goes to {@code folder}. */
    static Served in(Path folder) throws IOException {
        Path deploy = Files.createDirectories(folder.resolve("deploy"));
        writePanel(deploy.resolve("org.example.panel.jar"));
        ProcessBuilder builder = new ProcessBuilder(SCRIPT.toString(), "serve", "--port", "0").directory(folder.toFile())
                .redirectError(folder.resolve("errors.log").toFile());
        builder.environment().putAll(Map.of("INTARSIA_BUILD", "never", "INTARSIA_DEPLOY", deploy.toString(), "JAVA_HOME",
                System.getProperty("java.home"), "INTARSIA_JAVA_OPTS",
                "-Djava.io.tmpdir=" + Files.createDirectories(folder.resolve("tmp"))));
        return new Served(builder.start());
    }

    /** Returns the address, such as {@code http://127.0.0.1:41234}. */
    String at() {
        return address;
    }

    private String address() throws IOException {
        for (String line = shown.readLine(); line != null; line = shown.readLine()) {
            if (line.startsWith(LISTENING)) {
                return line.substring(LISTENING.length()).strip();
            }
        }
        throw new IOException("the server ended before it listened");
    }

    /** Writes a bundle with one class and one module, as another project would build it. */
    private static void writePanel(Path jar) throws IOException {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.putValue("Bundle-ManifestVersion", "2");
        attributes.putValue("Bundle-SymbolicName", "org.example.panel");
        attributes.putValue("Bundle-Version", "1.0.0");
        attributes.putValue("Bundle-Activator", ExamplePanel.class.getName());
        attributes.putValue("Import-Package", "org.osgi.framework, org.intarsia.page.api;version=\"[1.0,2)\"");
        String type = ExamplePanel.class.getName().replace('.', '/') + ".class";
        try (OutputStream out = Files.newOutputStream(jar); JarOutputStream entries = new JarOutputStream(out, manifest)) {
            copy(entries, type, type);
            copy(entries, "panel/example-panel.js", "example-panel.js");
        }
    }

    private static void copy(JarOutputStream entries, String name, String resource) throws IOException {
        entries.putNextEntry(new JarEntry(name));
        try (InputStream in = Served.class.getResourceAsStream("/" + resource)) {
            in.transferTo(entries);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            shown.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
