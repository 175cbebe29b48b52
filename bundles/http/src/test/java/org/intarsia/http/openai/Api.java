package org.intarsia.http.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.Part;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.intarsia.engine.chat.ChatRenderer;
import org.intarsia.engine.api.Alternative;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.Event;
import org.intarsia.engine.api.Generation;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.PictureGrid;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.testkit.StandIn;
import org.intarsia.http.Admission;
import org.intarsia.http.Exchange;
import org.intarsia.http.HttpException;
import org.intarsia.http.Models;
import org.intarsia.http.WrittenOutput;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.Text;

/** The API without a server: calls its servlet with requests made here, and reads what it answers. */
final class Api extends StandIn implements Models, Admission {
    private static final JsonMapper MAPPER = new JsonMapper();

    /** True where the model mixes text and pictures; its answer is a picture then. */
    boolean mixes;
    /** The failure of a generation after the first half of a picture or text; null where it does not fail. */
    RuntimeException failure;
    /** Says why no picture can be made at the moment; null where they can. */
    RuntimeException noPictures;
    /** The answer of the queue; null where it admits. */
    HttpException refusal;
    /** The length that a body is said to have; its true one where this is 0. */
    long announced;
    final List<String> names = new ArrayList<>();

    private final OpenAiApi servlet = new OpenAiApi(this, this);

    /** The answer of the servlet. */
    record Reply(int status, Map<String, String> headers, String body) {
        JsonNode json() {
            return parse(body);
        }

        List<String> data() {
            return body.lines().filter(line -> line.startsWith("data: ")).map(line -> line.substring("data: ".length())).toList();
        }

        List<String> events() {
            return body.lines().filter(line -> line.startsWith("event: ")).map(line -> line.substring("event: ".length())).toList();
        }

        /** The data of all events that are JSON. */
        List<JsonNode> chunks() {
            return data().stream().filter(data -> data.startsWith("{")).map(Reply::parse).toList();
        }

        private static JsonNode parse(String text) {
            try {
                return MAPPER.readTree(text);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Renders chat templates from now on by this. */
    void use(ChatRenderer renderer) {
        servlet.use(renderer);
    }

    Set<String> paths() {
        return servlet.paths();
    }

    Reply get(String path) {
        return call("GET", path, "application/json", new byte[0], List.of());
    }

    Reply post(String path, String json) {
        return call("POST", path, "application/json", json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), List.of());
    }

    /** A part of a form; one without a file name is a field. */
    record FormPart(String name, String file, String type, byte[] content) {
        FormPart(String name, String file, byte[] content) {
            this(name, file, null, content);
        }
    }

    static FormPart field(String name, String value) {
        return new FormPart(name, null, "text/plain;charset=utf-8", value.getBytes(StandardCharsets.UTF_8));
    }

    Reply form(String path, FormPart... parts) {
        return call("POST", path, "multipart/form-data; boundary=x", new byte[0], List.of(parts));
    }

    private Reply call(String method, String path, String type, byte[] body, List<FormPart> form) {
        int[] status = {200};
        Map<String, String> headers = new TreeMap<>();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        HttpServletRequest request = (HttpServletRequest) Proxy.newProxyInstance(getClass().getClassLoader(),
                new Class<?>[] {HttpServletRequest.class}, (_, called, arguments) -> switch (called.getName()) {
                    case "getMethod" -> method;
                    case "getPathInfo" -> path;
                    case "getServletPath" -> "/v1";
                    case "getContentType" -> type;
                    case "getContentLengthLong" -> announced > 0 ? announced : (long) body.length;
                    case "getInputStream" -> input(body);
                    case "getParts" -> form.stream().map(Api::part).toList();
                    default -> null;
                });
        HttpServletResponse response = (HttpServletResponse) Proxy.newProxyInstance(getClass().getClassLoader(),
                new Class<?>[] {HttpServletResponse.class}, (_, called, arguments) -> switch (called.getName()) {
                    case "setStatus" -> {
                        status[0] = (int) arguments[0];
                        yield null;
                    }
                    case "setHeader", "setIntHeader" -> {
                        headers.put((String) arguments[0], String.valueOf(arguments[1]));
                        yield null;
                    }
                    case "getOutputStream" -> new WrittenOutput(out);
                    case "isCommitted" -> out.size() > 0;
                    default -> null;
                });
        try {
            servlet.service((jakarta.servlet.ServletRequest) request, response);
        } catch (IOException | jakarta.servlet.ServletException e) {
            throw new IllegalStateException(e);
        }
        return new Reply(status[0], headers, out.toString(StandardCharsets.UTF_8));
    }

    private static Part part(FormPart part) {
        return (Part) Proxy.newProxyInstance(Api.class.getClassLoader(), new Class<?>[] {Part.class},
                (_, called, arguments) -> switch (called.getName()) {
                    case "getName" -> part.name();
                    case "getSubmittedFileName" -> part.file();
                    case "getContentType" -> part.type();
                    case "getInputStream" -> new ByteArrayInputStream(part.content());
                    default -> null;
                });
    }

    private static ServletInputStream input(byte[] body) {
        ByteArrayInputStream bytes = new ByteArrayInputStream(body);
        return new ServletInputStream() {
            @Override
            public int read() {
                return bytes.read();
            }

            @Override
            public boolean isFinished() {
                return bytes.available() == 0;
            }

            @Override
            public boolean isReady() {
                return true;
            }

            @Override
            public void setReadListener(ReadListener listener) {
                throw new UnsupportedOperationException();
            }
        };
    }

    @Override
    public Opened open(String name) {
        names.add(name);
        if (name != null && list().stream().noneMatch(served -> served.id().equals(name))) {
            throw HttpException.refused(404, "model_not_found", "there is no model " + name);
        }
        Model model = this;
        return new Opened() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Model model() {
                return model;
            }

            @Override
            public void close() {
                closed++;
            }
        };
    }

    @Override
    public List<Served> list() {
        return List.of(new Served(DEFAULT_MODEL, DEFAULT_MODEL, 7), new Served("gpt-image-1", DEFAULT_MODEL, 7));
    }

    @Override
    public Ticket take(Exchange exchange, Request.Priority priority, Consumer<Waiting> progress) {
        if (refusal != null) {
            throw refusal;
        }
        progress.accept(new Waiting(1, OptionalDouble.of(2)));
        return new Ticket() {
            @Override
            public void cancelOnStop(Generation generation) {
            }

            @Override
            public void check() {
            }

            @Override
            public void close() {
            }
        };
    }

    @Override
    public boolean makes(Goal goal) {
        return noPictures == null && (mixes || super.makes(goal));
    }

    @Override
    public PictureGrid grid() {
        if (noPictures != null) {
            throw noPictures;
        }
        return super.grid();
    }

    @Override
    public Generation prepare(List<Request> asked, Consumer<Event> listener) {
        requests.addAll(asked);
        return new Generation() {
            @Override
            public List<Answer> run() {
                List<Answer> answers = new ArrayList<>();
                for (int i = 0; i < asked.size(); i++) {
                    answers.add(told(i, asked.get(i), listener));
                }
                return answers;
            }

            @Override
            public Generation start() {
                throw new UnsupportedOperationException();
            }

            @Override
            public List<Answer> await() {
                throw new UnsupportedOperationException();
            }

            @Override
            public void cancel() {
            }
        };
    }

    private Answer told(int index, Request request, Consumer<Event> listener) {
        Answer answer = request.goal() == Goal.PICTURE || request.goal() == Goal.INTERLEAVED ? drawn(index, request, listener)
                : written(index, request, listener);
        listener.accept(new Event.Finished(index, answer));
        return answer;
    }

    private Answer drawn(int index, Request request, Consumer<Event> listener) {
        Image picture = picture(request.pictures().seed());
        for (int code = 1; code <= grid().cells(); code++) {
            listener.accept(new Event.PictureProgress(index, code, grid().cells(), code));
            if (request.previewEvery() > 0 && code % request.previewEvery() == 0 && code < grid().cells()) {
                listener.accept(new Event.Preview(index, picture));
            }
            fail(code == grid().cells() / 2);
        }
        listener.accept(new Event.PictureDone(index, picture));
        return new Answer(List.of(picture), List.of(1, 2, 3, 4), List.of(3), Answer.Outcome.COMPLETE, ORIGIN);
    }

    private Answer written(int index, Request request, Consumer<Event> listener) {
        List<Event.Token> tokens = new ArrayList<>();
        for (String word : List.of("a ", "star")) {
            listener.accept(new Event.TextPiece(index, word));
            if (request.logprobs() >= 0) {
                tokens.add(new Event.Token(index, 1, word, OptionalDouble.of(-0.5), List.of(new Alternative(1, word, -0.5))));
                listener.accept(tokens.getLast());
            }
            fail(word.equals("a "));
        }
        return new Answer(List.of(new Text("a star")), List.of(1, 2), List.of(3, 4, 5), outcome, ORIGIN, 1, tokens);
    }

    private void fail(boolean now) {
        if (now && failure != null) {
            throw failure;
        }
    }

    /** Fails in the midst, as a model does that lacks something. */
    void failWith(String message) {
        failure = new ModelException(message);
    }
}
