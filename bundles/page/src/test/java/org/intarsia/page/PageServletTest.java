package org.intarsia.page;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.intarsia.http.WrittenOutput;
import org.junit.jupiter.api.Test;

class PageServletTest {
    private static final Pattern MAIN = Pattern.compile("/page(/\\w+/main\\.js)");

    private final PageFiles files = PageFiles.of(Sources.files());

    /** The answer of the servlet. */
    private static final class Answer {
        private int status = 200;
        private final Map<String, String> headers = new HashMap<>();
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    }

    @Test
    void theIndexIsNeverStoredAndHasItsPolicy() throws Exception {
        Answer answer = get(new IndexServlet(files), "/", Map.of());
        assertThat(answer.headers).containsEntry("Cache-Control", "no-store").containsEntry("X-Content-Type-Options", "nosniff")
                .containsEntry("Content-Security-Policy", files.policy());
        assertThat(answer.body.toByteArray()).isEqualTo(files.index().bytes());
    }

    @Test
    void modulesAreKeptForGoodAndKnownByTheirTag() throws Exception {
        Answer answer = get(new ModulesServlet(files), main(), Map.of());
        assertThat(answer.headers.get("Cache-Control")).contains("immutable");
        Answer again = get(new ModulesServlet(files), main(), Map.of("If-None-Match", answer.headers.get("ETag")));
        assertThat(again.status).isEqualTo(304);
        assertThat(again.body.size()).isZero();
    }

    @Test
    void compressesForThoseWhoTakeIt() throws Exception {
        Answer answer = get(new ModulesServlet(files), main(), Map.of("Accept-Encoding", "br, gzip"));
        assertThat(answer.headers).containsEntry("Content-Encoding", "gzip").containsEntry("Vary", "Accept-Encoding");
        assertThat(new GZIPInputStream(new ByteArrayInputStream(answer.body.toByteArray())).readAllBytes())
                .isEqualTo(Sources.files().get("main.js"));
    }

    @Test
    void tagsAreComparedWeakly() throws Exception {
        String tag = get(new ModulesServlet(files), main(), Map.of()).headers.get("ETag");
        for (String header : List.of("W/" + tag, "\"other\", W/" + tag, "*")) {
            Answer answer = get(new ModulesServlet(files), main(), Map.of("If-None-Match", header));
            assertThat(answer.status).as(header).isEqualTo(304);
            assertThat(answer.headers).containsEntry("ETag", tag).containsEntry("Vary", "Accept-Encoding");
        }
        for (String header : List.of("W/\"other\"", tag.replace("\"", ""), "")) {
            assertThat(get(new ModulesServlet(files), main(), Map.of("If-None-Match", header)).status).as(header).isEqualTo(200);
        }
    }

    @Test
    void compressesForNobodyWhoRefusesIt() throws Exception {
        for (String header : List.of("gzip;q=0", "br, GZIP; Q=0.000", "*;q=0", "gzip;q=0, *", "br", "", "gzip;q=much", ";")) {
            assertThat(get(new ModulesServlet(files), main(), Map.of("Accept-Encoding", header)).headers).as(header)
                    .doesNotContainKey("Content-Encoding");
        }
        for (String header : List.of("gzip;q=0.5", "br;q=0, *", "x-gzip", "deflate, gzip ; q=1.0")) {
            assertThat(get(new ModulesServlet(files), main(), Map.of("Accept-Encoding", header)).headers).as(header)
                    .containsEntry("Content-Encoding", "gzip");
        }
    }

    @Test
    void unknownFilesAreNotFound() throws Exception {
        assertThat(get(new ModulesServlet(files), "/../index.html", Map.of()).status).isEqualTo(404);
        assertThat(get(new ModulesServlet(files), null, Map.of()).status).isEqualTo(404);
    }

    private String main() {
        Matcher matcher = MAIN.matcher(new String(files.index().bytes(), StandardCharsets.UTF_8));
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    private static Answer get(HttpServlet servlet, String pathInfo, Map<String, String> headers) throws Exception {
        Answer answer = new Answer();
        HttpServletRequest request = proxy(HttpServletRequest.class, (name, arguments) -> switch (name) {
            case "getMethod" -> "GET";
            case "getPathInfo" -> pathInfo;
            case "getHeader" -> headers.get(arguments[0]);
            default -> throw new UnsupportedOperationException(name);
        });
        HttpServletResponse response = proxy(HttpServletResponse.class, (name, arguments) -> {
            switch (name) {
                case "setHeader" -> answer.headers.put((String) arguments[0], (String) arguments[1]);
                case "setContentType", "setContentLength" -> answer.headers.put(name.substring(3), arguments[0].toString());
                case "setStatus", "sendError" -> answer.status = (int) arguments[0];
                case "getOutputStream" -> {
                    return new WrittenOutput(answer.body);
                }
                default -> throw new UnsupportedOperationException(name);
            }
            return null;
        });
        servlet.service(request, response);
        return answer;
    }

    private interface Called {
        Object call(String name, Object[] arguments);
    }

    private static <T> T proxy(Class<T> type, Called called) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type},
                (_, method, arguments) -> called.call(method.getName(), arguments)));
    }
}
