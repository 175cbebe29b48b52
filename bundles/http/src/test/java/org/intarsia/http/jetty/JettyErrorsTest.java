package org.intarsia.http.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests that Jetty answers itself, on a real connection. */
class JettyErrorsTest {
    private static final Server SERVER = new Server();
    private static final ServerConnector CONNECTOR = new ServerConnector(SERVER);

    @BeforeAll
    static void serve() throws Exception {
        CONNECTOR.setHost("127.0.0.1");
        SERVER.addConnector(CONNECTOR);
        ServletContextHandler context = new ServletContextHandler("/");
        SERVER.setHandler(context);
        SERVER.start();
        // As Felix HTTP does it: the context runs before the gate is told of it.
        JettyErrors.install(context.getServletContext());
    }

    @AfterAll
    static void stop() throws Exception {
        SERVER.stop();
    }

    @ParameterizedTest
    @CsvSource({"NONSENSE, 400, malformed_request", "GET /%zz HTTP/1.1, 400, malformed_request", "GET / HTTP/1.1, 400, malformed_request",
            "GET /LONG HTTP/1.1, 414, uri_too_long", "GET / HTTP/1.1~Host: a~x: LONG, 431, headers_too_large",
            "GET / HTTP/7.1~Host: a, 505, http_version_not_supported",
            "PRI * HTTP/2.0, 426, http_version_not_supported", "GET /nothing HTTP/1.1~Host: a, 404, not_found",
            "DELETE /nothing HTTP/1.1~Host: a, 405, method_not_allowed"})
    void areAnsweredInTheShapeOfOpenAi(String request, int status, String code) throws IOException {
        String head = request.replace("~", "\r\n").replace("LONG", "a".repeat(20_000));
        String reply = ask(head + "\r\nConnection: close\r\n\r\n");
        assertThat(reply).startsWith("HTTP/1.1 " + status + " ").contains("Content-Type: application/json\r\n", "x-request-id: req_");
        JsonNode error = new JsonMapper().readTree(reply.substring(reply.indexOf("\r\n\r\n") + 4)).path("error");
        assertThat(error.path("code").asText()).isEqualTo(code);
        assertThat(error.path("type").asText()).isEqualTo("invalid_request_error");
        assertThat(error.path("message").asText()).isNotBlank();
        assertThat(error.has("param")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"GET, true", "HEAD, false"})
    void theNameOfTheRequestIsTheClientsOwn(String method, boolean body) throws IOException {
        String reply = ask(method + " /nothing HTTP/1.1\r\nHost: a\r\nx-request-id: mine-1\r\nConnection: close\r\n\r\n");
        assertThat(reply).contains("x-request-id: mine-1\r\n");
        assertThat(reply.endsWith("}")).isEqualTo(body);
    }

    private static String ask(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), CONNECTOR.getLocalPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
