package org.intarsia.page;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.intarsia.io.Sha256;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * The files of the page, held in memory. Their folder on the server is named after a hash of all of them, so that a browser
 * may keep each for good: an updated bundle serves its files under another name.
 */
@Component(service = PageFiles.class)
public final class PageFiles {

    private static final String FOLDER = "page/";
    private static final String INDEX = "index.html";
    private static final Map<String, String> TYPES = Map.of("html", "text/html;charset=utf-8", "js",
            "text/javascript;charset=utf-8", "css", "text/css;charset=utf-8", "svg", "image/svg+xml");

    /** Bare names in import statements, of the page's modules and of panels, and the modules that they stand for. */
    private static final Map<String, String> IMPORTS = new TreeMap<>(Map.of("lit", "lib/lit/index.js", "lit/directives/",
            "lib/lit-html/directives/", "lit-html", "lib/lit-html/lit-html.js", "lit-html/", "lib/lit-html/",
            "lit-element/lit-element.js", "lib/lit-element/lit-element.js", "@lit/reactive-element",
            "lib/reactive-element/reactive-element.js"));

    /** One file. {@code tag} is the value of the header {@code ETag}. */
    record PageFile(String type, byte[] bytes, byte[] zipped, String tag) {
        static PageFile of(String name, byte[] bytes) {
            String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
            if (type == null) {
                throw new IllegalArgumentException("page/" + name + " is of a kind that the page does not serve");
            }
            return new PageFile(type, bytes, zip(bytes), '"' + HexFormat.of().formatHex(Sha256.digest().digest(bytes), 0, 8) + '"');
        }
    }

    private final Supplier<SortedMap<String, byte[]>> source;
    private Served served;

    /** The form in which files are served. It is made for the first request, so that a server starts without it. */
    private static final class Served {
        private final Map<String, PageFile> files = new HashMap<>();
        private final PageFile index;
        private final String policy;

        Served(SortedMap<String, byte[]> contents) {
            MessageDigest digest = Sha256.digest();
            contents.forEach((name, bytes) -> {
                digest.update(name.getBytes(StandardCharsets.UTF_8));
                digest.update(bytes);
            });
            String folder = HexFormat.of().formatHex(digest.digest(), 0, 6);
            contents.forEach((name, bytes) -> files.put('/' + folder + '/' + name, PageFile.of(name, bytes)));
            String base = "/page/" + folder + '/';
            String imports = IMPORTS.entrySet().stream()
                    .map(entry -> '"' + entry.getKey() + "\":\"" + base + entry.getValue() + '"')
                    .collect(Collectors.joining(",", "{\"imports\":{", "}}"));
            String html = new String(contents.get(INDEX), StandardCharsets.UTF_8).replace("${base}", base)
                    .replace("${imports}", imports);
            index = PageFile.of(INDEX, html.getBytes(StandardCharsets.UTF_8));
            policy = policy(imports);
        }
    }

    private PageFiles(Supplier<SortedMap<String, byte[]>> source) {
        this.source = source;
    }

    /** Serves the folder {@code page} of this bundle. */
    @Activate
    public PageFiles(BundleContext context) {
        this(() -> read(context.getBundle()));
    }

    static PageFiles of(SortedMap<String, byte[]> contents) {
        return new PageFiles(() -> contents);
    }

    private synchronized Served served() {
        if (served == null) {
            served = new Served(source.get());
        }
        return served;
    }

    private static SortedMap<String, byte[]> read(Bundle bundle) {
        SortedMap<String, byte[]> contents = new TreeMap<>();
        for (URL url : Collections.list(bundle.findEntries(FOLDER, "*.*", true))) {
            try (InputStream in = url.openStream()) {
                contents.put(url.getPath().substring(FOLDER.length() + 1), in.readAllBytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return contents;
    }

    PageFile index() {
        return served().index;
    }

    /** Returns the file at {@code path}, which begins with a slash and the name of the folder. */
    Optional<PageFile> find(String path) {
        return Optional.ofNullable(served().files.get(path));
    }

    /** Returns the value of the header {@code Content-Security-Policy}. */
    String policy() {
        return served().policy;
    }

    /** Names the import map by its hash: it must stand in the page itself, and nothing else that runs does. */
    private static String policy(String imports) {
        String hash = Base64.getEncoder().encodeToString(Sha256.digest().digest(imports.getBytes(StandardCharsets.UTF_8)));
        return "default-src 'none'; script-src 'self' 'sha256-" + hash + "'; style-src 'self'; img-src 'self' data: blob:; "
                + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
                + "require-trusted-types-for 'script'; trusted-types lit-html";
    }

    private static byte[] zip(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
            zip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
