package org.intarsia.http.platform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.servlet.Servlet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.intarsia.http.Endpoint;
import org.intarsia.http.Exchange;
import org.intarsia.http.HttpEndpoint;
import org.intarsia.http.HttpException;
import org.intarsia.http.Json;
import org.intarsia.http.server.HttpServer;
import org.intarsia.io.AtomicFile;
import org.intarsia.text.Quoted;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * {@code /intarsia/history}: keeps what the page keeps in the browser, where the server was started with a folder for it. An
 * entry is a JSON object with an {@code id}, and one file. {@code GET} gives all, newest first, {@code POST} adds or replaces one,
 * {@code DELETE /intarsia/history/ID} removes one.
 */
@Component(service = Servlet.class)
@Endpoint(servlet_pattern = {"/intarsia/history", "/intarsia/history/*"})
public final class HistoryEndpoint extends HttpEndpoint {
    private static final long serialVersionUID = 1;
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,79}");
    private static final String ENDING = ".json";
    /** An answer with more of them would be too large for a page. */
    private static final int MOST = 500;

    private final transient HttpServer server;

    @Activate
    public HistoryEndpoint(@Reference HttpServer server) {
        this.server = server;
    }

    @Override
    protected void answer(Exchange exchange) throws IOException {
        Path folder = server.status().flatMap(status -> status.settings().history())
                .orElseThrow(() -> HttpException.refused(404, "no_history", "this server keeps no history; serve --history DIR does"));
        String id = exchange.path().isEmpty() ? "" : exchange.path().substring(1);
        if (id.isEmpty()) {
            exchange.allow("GET", "POST");
            if (exchange.method().equals("POST")) {
                add(exchange, folder);
            } else {
                exchange.json(200, list(folder));
            }
            return;
        }
        exchange.allow("DELETE");
        if (!Files.deleteIfExists(file(folder, id))) {
            throw HttpException.refused(404, "not_found", "the history has no entry of that id");
        }
        exchange.json(200, Map.of("deleted", id));
    }

    private static Path file(Path folder, String id) {
        // No slash, and no dot at the beginning: the file lies in the folder.
        if (!ID.matcher(id).matches()) {
            throw HttpException.invalid("id", "id must be of 1 to 80 letters, digits, dots, hyphens and underscores");
        }
        return folder.resolve(id + ENDING);
    }

    private static void add(Exchange exchange, Path folder) throws IOException {
        JsonNode entry = exchange.json();
        if (!entry.path("id").isTextual()) {
            throw HttpException.invalid("id", "id must be a text");
        }
        Path file = file(folder, entry.get("id").textValue());
        Files.createDirectories(folder);
        AtomicFile.writeForOwner(file, Json.line(entry));
        exchange.json(200, Map.of("id", entry.get("id").textValue()));
    }

    private static ObjectNode list(Path folder) throws IOException {
        ObjectNode history = JsonNodeFactory.instance.objectNode();
        ArrayNode entries = history.putArray("entries");
        if (!Files.isDirectory(folder)) {
            return history;
        }
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> file.getFileName().toString().endsWith(ENDING))
                    .sorted(Comparator.comparingLong((Path file) -> file.toFile().lastModified()).reversed()).limit(MOST).toList();
        }
        for (Path file : files) {
            entries.add(read(file));
        }
        return history;
    }

    private static JsonNode read(Path file) throws IOException {
        try {
            return Json.object(Files.readAllBytes(file));
        } catch (HttpException e) {
            throw HttpException.failed("the history's file " + Quoted.of(file.getFileName().toString())
                    + " cannot be read; remove it from the folder", e);
        }
    }
}
