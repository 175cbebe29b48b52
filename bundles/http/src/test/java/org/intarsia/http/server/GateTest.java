package org.intarsia.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.intarsia.http.WrittenOutput;
import org.junit.jupiter.api.Test;

/** Requests that pass the gate, and the headers of their answers. */
class GateTest {
    private final Map<String, String> answered = new TreeMap<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private int status;
    private boolean passed;

    @Test
    void aPageOfAnotherOriginMaySendTheHeadersOfItsClient() throws Exception {
        ask("OPTIONS", Map.of("Origin", "https://page.example", "Access-Control-Request-Method", "POST",
                "Access-Control-Request-Headers", "authorization,content-type,x-stainless-lang, x-stainless-retry-count"));
        assertThat(status).isEqualTo(204);
        assertThat(answered.get("Access-Control-Allow-Headers")).contains("authorization", "x-stainless-lang", "x-stainless-retry-count");
        ask("OPTIONS", Map.of("Origin", "https://page.example", "Access-Control-Request-Headers", "x\r\nSet-Cookie: a=b"));
        assertThat(answered.get("Access-Control-Allow-Headers")).isEqualTo("Authorization, Content-Type, x-request-id");
        answered.clear();
        ask("OPTIONS", Map.of("Origin", "https://other.example", "Access-Control-Request-Headers", "x-stainless-lang"));
        assertThat(answered).doesNotContainKeys("Access-Control-Allow-Headers", "Access-Control-Allow-Origin");
    }

    @Test
    void aCompressedBodyIsRefusedAsSuch() throws Exception {
        ask("POST", Map.of("Content-Type", "application/json", "Content-Encoding", "gzip"));
        assertThat(status).isEqualTo(415);
        assertThat(body.toString(StandardCharsets.UTF_8)).contains("Content-Encoding");
        assertThat(passed).isFalse();
        ask("POST", Map.of("Content-Type", "application/json", "Content-Encoding", "identity"));
        assertThat(passed).isTrue();
    }

    private void ask(String method, Map<String, String> headers) throws IOException, ServletException {
        body.reset();
        status = 200;
        passed = false;
        Map<String, Object> attributes = new HashMap<>();
        HttpServletRequest request = (HttpServletRequest) Proxy.newProxyInstance(getClass().getClassLoader(),
                new Class<?>[] {HttpServletRequest.class}, (_, called, arguments) -> switch (called.getName()) {
                    case "getMethod" -> method;
                    case "getRequestURI", "getPathInfo" -> "/v1/chat/completions";
                    case "getContentType" -> headers.get("Content-Type");
                    case "getContentLengthLong" -> 2L;
                    case "getHeader" -> headers.get((String) arguments[0]);
                    case "getAttribute" -> attributes.get((String) arguments[0]);
                    case "setAttribute" -> attributes.put((String) arguments[0], arguments[1]);
                    case "getInputStream" -> throw new IOException("there is no more");
                    default -> null;
                });
        HttpServletResponse response = (HttpServletResponse) Proxy.newProxyInstance(getClass().getClassLoader(),
                new Class<?>[] {HttpServletResponse.class}, (_, called, arguments) -> switch (called.getName()) {
                    case "setStatus" -> {
                        status = (int) arguments[0];
                        yield null;
                    }
                    case "getStatus" -> status;
                    case "setHeader", "addHeader" -> {
                        answered.put((String) arguments[0], (String) arguments[1]);
                        yield null;
                    }
                    case "getOutputStream" -> new WrittenOutput(body);
                    case "isCommitted" -> body.size() > 0;
                    default -> null;
                });
        FilterChain rest = (_, _) -> passed = true;
        new Gate(Settings.of(Map.of("origins", "https://page.example"), _ -> null, _ -> { }), new RequestStatistics())
                .doFilter(request, response, rest);
    }
}
