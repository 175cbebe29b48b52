package org.intarsia.shell.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.intarsia.engine.api.Topics;
import org.intarsia.shell.EventFeed;
import org.intarsia.shell.EventLog;
import org.intarsia.shell.api.Console;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.service.event.Event;

class EventsTest {
    private final EventLog log = new EventLog();
    private final EventFeed feed = new EventFeed(log);

    private Object call(PrintStream out, String... words) throws Exception {
        return new Events(log).call(List.of(words), Path.of(""), new Console(InputStream.nullInputStream(), out, out));
    }

    private void happen(String message) {
        feed.handleEvent(new Event(Topics.BACKEND_SWAPPED, Map.of("timestamp", 0L, "message", message)));
    }

    @Test
    void showsTheLast() throws Exception {
        assertThat(call(System.out)).hasToString("nothing has happened yet");
        happen("one");
        happen("two");
        happen("three");

        assertThat(call(System.out, "--last", "2").toString().lines()).containsExactly(
                "1970-01-01T00:00:00Z org/intarsia/swap/BACKEND: two", "1970-01-01T00:00:00Z org/intarsia/swap/BACKEND: three");
        assertThat(call(System.out, "--last", "1", "--json")).isEqualTo(
                "[{\"time\":\"1970-01-01T00:00:00Z\",\"topic\":\"org/intarsia/swap/BACKEND\",\"properties\":{\"message\":\"three\",\"timestamp\":0}}]");
    }

    @Test
    @Timeout(20)
    void followsUntilInterrupted() throws Exception {
        happen("before");
        PipedInputStream shown = new PipedInputStream();
        PrintStream out = new PrintStream(new PipedOutputStream(shown), true);
        Thread follower = Thread.ofVirtual().start(() -> {
            try {
                call(out, "--follow");
            } catch (CancellationException e) {
                out.println("interrupted");
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        BufferedReader lines = new BufferedReader(new InputStreamReader(shown));
        assertThat(lines.readLine()).endsWith("before");
        happen("meanwhile");
        assertThat(lines.readLine()).endsWith("meanwhile");
        follower.interrupt();
        assertThat(lines.readLine()).isEqualTo("interrupted");
    }
}
