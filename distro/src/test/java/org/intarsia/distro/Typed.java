package org.intarsia.distro;

import static org.assertj.core.api.Assertions.assertThat;

import com.pty4j.PtyProcess;
import com.pty4j.PtyProcessBuilder;
import com.pty4j.WinSize;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A process on a terminal of its own, and somebody who types and reads there. */
final class Typed implements AutoCloseable {
    static final String CTRL_C = "\003";
    static final String TAB = "\t";
    static final String PROMPT = "intarsia> $";

    private static final Duration PATIENCE = Duration.ofSeconds(Launched.PATIENCE_SECONDS);
    /** Moves the cursor, erases, paints; and the mark that JLine leaves where a line was not ended. */
    private static final Pattern CONTROL = Pattern.compile("\033\\[[0-9;?]*[A-Za-z]|\033[=>]|~ *\r \r");

    private final PtyProcess process;
    private final StringBuilder shown = new StringBuilder();
    private final StringBuilder all = new StringBuilder();
    private String line = "the start";

    Typed(List<String> command, Path folder, Map<String, String> environment) throws IOException {
        process = new PtyProcessBuilder(command.toArray(String[]::new)).setDirectory(folder.toString())
                .setEnvironment(environment).setInitialColumns(200).setInitialRows(40).start();
        process.setWinSize(new WinSize(200, 40));
        Thread.ofPlatform().daemon().name("terminal").start(this::read);
    }

    private void read() {
        try (Reader reader = new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)) {
            char[] some = new char[1 << 12];
            for (int count = reader.read(some); count >= 0; count = reader.read(some)) {
                synchronized (shown) {
                    shown.append(some, 0, count);
                    all.append(some, 0, count);
                    shown.notifyAll();
                }
            }
        } catch (IOException e) {
            // Linux says so where the other side of a terminal is closed.
            synchronized (shown) {
                shown.notifyAll();
            }
        }
    }

    Typed type(String text) throws IOException {
        process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
        return this;
    }

    /** Waits until something is shown behind what was awaited before; returns all up to it, without what moves and paints. */
    String await(String regex) throws InterruptedException {
        Pattern pattern = Pattern.compile(regex);
        long end = System.nanoTime() + PATIENCE.toNanos();
        synchronized (shown) {
            while (true) {
                String plain = CONTROL.matcher(shown).replaceAll("");
                Matcher matcher = pattern.matcher(plain);
                if (matcher.find()) {
                    shown.setLength(0);
                    shown.append(plain, matcher.end(), plain.length());
                    return plain.substring(0, matcher.end());
                }
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                assertThat(left).as("waiting for %s behind %s: %s", regex, line, plain).isPositive();
                shown.wait(left);
            }
        }
    }

    /** Types a line at the prompt; returns what is shown up to the next prompt. */
    String line(String line) throws IOException, InterruptedException {
        begin(line);
        return await(PROMPT);
    }

    /** Types a line at the prompt, and waits for its echo. */
    Typed begin(String line) throws IOException, InterruptedException {
        this.line = line;
        type(line + "\r").await("\n");
        return this;
    }

    /** All that was shown, as it came. */
    String all() {
        synchronized (shown) {
            return all.toString();
        }
    }

    int end() throws InterruptedException {
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
