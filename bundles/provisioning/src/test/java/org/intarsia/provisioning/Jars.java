package org.intarsia.provisioning;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Jars that hold a manifest and nothing else. */
final class Jars {
    private Jars() {
    }

    static Path write(Path file, Map<String, String> headers) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.forEach(manifest.getMainAttributes()::putValue);
        new JarOutputStream(Files.newOutputStream(file), manifest).close();
        return file;
    }

    static Path bundle(Path file, String name, String version, String imports) throws IOException {
        return write(file, Map.of("Bundle-ManifestVersion", "2", "Bundle-SymbolicName", name, "Bundle-Version", version,
                "Import-Package", imports));
    }
}
