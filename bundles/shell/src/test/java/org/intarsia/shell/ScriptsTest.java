package org.intarsia.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.apache.felix.service.command.Function;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.intarsia.shell.api.Arguments;
import org.intarsia.shell.api.Command;
import org.intarsia.shell.api.Console;
import org.intarsia.shell.api.Result;
import org.intarsia.shell.api.Syntax;
import org.intarsia.shell.api.UsageException;
import org.intarsia.shell.script.Builtins;
import org.intarsia.shell.script.Script;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Gogo's loops, variables and pipes make of the values that commands return. */
class ScriptsTest {
    private final ThreadIOImpl threads = GogoStreams.create();
    private final CommandProcessorImpl processor = new CommandProcessorImpl(threads);
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private CommandSession session;

    /** Something that a command lists. */
    public record Stone(String name, int weight, List<String> colours) {
    }

    /** Lists stones. */
    private static final class Stones implements Command {
        @Override
        public Syntax syntax() {
            return Syntax.of("stones", "lists stones").optional("KIND", "which");
        }

        @Override
        public Result run(Arguments arguments, Console console) {
            List<Stone> stones = Stream.of(new Stone("jasper", 3, List.of("red", "green")), new Stone("onyx", 7, List.of("black")))
                    .filter(stone -> arguments.value("KIND").map(stone.name()::equals).orElse(true)).toList();
            return new Result(stones, stones.size() + " stones\njasper and onyx");
        }
    }

    /** Weighs all stones. */
    private static final class Weigh implements Command {
        @Override
        public Syntax syntax() {
            return Syntax.of("weigh", "weighs stones").optional("NAME", "which");
        }

        @Override
        public Result run(Arguments arguments, Console console) {
            return arguments.value("NAME").isPresent()
                    ? new Result(new Stone(arguments.text("NAME"), 7, List.of()), "one stone")
                    : new Result(Map.of("jasper", 3, "onyx", 7), "10 pounds");
        }
    }

    @BeforeEach
    void start() {
        threads.start();
        processor.addConverter(new ResultConverter());
        add("stones", new Stones());
        add("weigh", new Weigh());
        Builtins.addTo(processor);
        PrintStream stream = new PrintStream(out, true);
        session = processor.createSession(new ByteArrayInputStream(new byte[0]), stream, stream);
    }

    private void add(String name, Command command) {
        Function function = (caller, words) -> GogoCommands.execute(command, caller, words);
        processor.addCommand(Command.SCOPE, function, name);
    }

    @AfterEach
    void stop() {
        session.close();
        processor.stop();
        threads.stop();
    }

    @Test
    void aScriptGetsTheTypedValueAndAPersonItsText() throws Exception {
        Object value = session.execute("stones");

        assertThat(value).asInstanceOf(InstanceOfAssertFactories.LIST).first().isInstanceOf(Stone.class);
        assertThat(session.format(value, Converter.INSPECT)).hasToString("2 stones\njasper and onyx");
    }

    @Test
    void eachOfTheLastResultsIsShownInItsOwnWords() throws Exception {
        Object stones = session.execute("stones");
        session.execute("weigh");
        assertThat(session.format(stones, Converter.INSPECT)).hasToString("2 stones\njasper and onyx");

        for (int i = 0; i < 16; i++) {
            session.execute("weigh");
        }
        assertThat(session.format(stones, Converter.INSPECT).toString()).contains("jasper", "weight=3");
    }

    @Test
    void scriptsPrintWhatEachStatementGivesAndWaitForWhatRunsBeside() throws Exception {
        try (Script script = script()) {
            assertThat(script.run("# jasper\nstones jasper &\nsleep 0; weigh && echo done\n")).isEqualTo(3);
        }
        assertThat(printed()).contains("1 stones", "jasper and onyx", "done");
    }

    @Test
    void whatFailsBesideFailsTheScript() {
        try (Script script = script()) {
            assertThatThrownBy(() -> script.run("stones jasper onyx &\necho later\n")).isInstanceOf(UsageException.class);
        }
        assertThat(printed()).contains("later");
    }

    @Test
    void aFailureSaysFileAndLine() {
        try (Script script = script()) {
            assertThatThrownBy(() -> script.run("a.gosh", "# it's\nstones\n\nstones jasper \\\n  onyx\n")).isInstanceOf(UsageException.class)
                    .hasMessageStartingWith("a.gosh:4: stones: one argument too many, 'onyx'");
            assertThatThrownBy(() -> script.run("a.gosh", "stones\nstoens \"it's\"\n")).isInstanceOf(UsageException.class)
                    .hasMessage("a.gosh:2: there is no command stoens; did you mean stones? (`help` lists them)");
            assertThatThrownBy(() -> script.run("a.gosh", "stones\nstones 'jasper\n")).isInstanceOf(UsageException.class)
                    .hasMessageStartingWith("a.gosh:2: ").hasMessageContaining("column 8 of line 2");
            assertThatThrownBy(() -> script.run("a.gosh", "stones\r\nstoens\r\n")).isInstanceOf(UsageException.class)
                    .hasMessageStartingWith("a.gosh:2: there is no command stoens;");
        }
    }

    @Test
    void aFailureInTheMidstOfAPipeIsTheSameSentence() throws Exception {
        try (Script script = script()) {
            script.run("stones jasper onyx | grep amber\nstoens | grep amber\nxylophone | grep amber");
        }
        assertThat(printed()).satisfiesExactly(
                line -> assertThat(line).startsWith("stones: one argument too many, 'onyx'"),
                line -> assertThat(line).isEqualTo("there is no command stoens; did you mean stones? (`help` lists them)"),
                line -> assertThat(line).isEqualTo("there is no command xylophone (`help` lists them)"));
    }

    @Test
    void whatWouldBeShownGoesWhereItIsSent(@TempDir Path folder) throws Exception {
        String file = folder.resolve("a file.txt").toString();
        try (Script script = script()) {
            script.run("stones > '" + file + "'; weigh >> '" + file + "'\nstones | grep onyx >> '" + file + "'\nweigh x 2>&1 >> '" + file + "'");
        }
        assertThat(Files.readAllLines(Path.of(file))).map(line -> line.replaceAll("\033\\[[0-9;]*m", ""))
                .containsExactly("2 stones", "jasper and onyx", "10 pounds", "jasper and onyx", "one stone");
        assertThat(printed()).isEmpty();
    }

    /** Gogo by itself drops quotes and backslashes of names, and leaves out names with a line break. */
    @Test
    void aPatternStandsForFilesOfAnyName(@TempDir Path folder) throws Exception {
        List<String> names = List.of("$x.png", "a.png", "back\\slash.png", "it's.png", "new\nline.png", "open\".png",
                "say \"hi\".png", "st*r.png");
        for (String name : names) {
            Files.createFile(folder.resolve(name));
        }
        Files.createFile(folder.resolve(".hidden.png"));
        Files.createFile(Files.createDirectories(folder.resolve("deep/down")).resolve("it's.png"));
        List<String> given = new ArrayList<>();
        try (Script script = script()) {
            processor.addCommand("gogo", new Taker(given), "take");
            script.run("cd '" + folder + "'\ntake *.png");
            assertThat(given).containsExactlyElementsOf(names);
            given.clear();
            script.run("take ?.png st*.png | cat; each [deep] { take $it/*/i*.png }; take **/it*.png '*.png' \"?.png\"");
            assertThat(given).containsExactly("a.png", "st*r.png", "deep/down/it's.png", "deep/down/it's.png", "it's.png", "*.png", "?.png");
            assertThatThrownBy(() -> script.run("take " + folder + "/*.jpg")).hasMessage("no matches found: " + folder + "/*.jpg");
        }
        assertThat(printed()).isEmpty();
    }

    /** A command of Gogo's own kind. */
    public record Taker(List<String> given) {
        public void take(Object[] arguments) {
            given.addAll(Words.of(List.of(arguments)));
        }
    }

    @Test
    void anInterruptReachesTheCommandAndTheSessionLivesOn() throws Exception {
        CountDownLatch working = new CountDownLatch(1);
        add("dig", new Dig(working));
        Thread caller = Thread.currentThread();
        try (Script script = script()) {
            Thread.ofVirtual().start(() -> {
                try {
                    working.await();
                    caller.interrupt();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThatThrownBy(() -> script.run("a.gosh", "weigh\neach [1 2] { dig }\n")).isInstanceOf(CancellationException.class)
                    .hasMessage("a.gosh:2: interrupted; two feet deep");
            script.run("weigh");
        }
        assertThat(printed()).containsExactly("10 pounds", "digging", "10 pounds");
    }

    /** Gogo's own tools are interrupted in another way than commands; a job may be just about to begin one. */
    @Test
    void anInterruptAtAnyMomentEndsATool() throws Exception {
        session.put("nap", (Function) (caller, arguments) -> {
            Thread.sleep(Duration.ofDays(1));
            return null;
        });
        Script script = new Script(session, text -> { }, (thrown, statement) -> { });
        for (int time = 0; time < 300; time++) {
            CountDownLatch begun = new CountDownLatch(1);
            session.put("begin", (Function) (caller, arguments) -> {
                begun.countDown();
                return null;
            });
            long delay = time * 5_000L;
            Thread interrupting = Thread.ofPlatform().start(() -> {
                try {
                    begun.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                LockSupport.parkNanos(delay);
                script.interrupt();
            });
            assertTimeoutPreemptively(Duration.ofSeconds(20),
                    () -> assertThatThrownBy(() -> script.runStatements("begin; nap")).isInstanceOf(CancellationException.class));
            interrupting.join();
        }
    }

    /** Digs until it is interrupted. */
    private record Dig(CountDownLatch working) implements Command {
        @Override
        public Syntax syntax() {
            return Syntax.of("dig", "digs for stones");
        }

        @Override
        public Result run(Arguments arguments, Console console) {
            console.out().println("digging");
            working.countDown();
            try {
                new CountDownLatch(1).await();
                return new Result("", "");
            } catch (InterruptedException e) {
                // As a command that looks at the thread leaves it.
                Thread.currentThread().interrupt();
                throw new CancellationException("interrupted; two feet deep");
            }
        }
    }

    private Script script() {
        PrintStream stream = new PrintStream(out, true);
        return new Script(processor, new Console(new ByteArrayInputStream(new byte[0]), stream, stream));
    }

    @Test
    void variablesKeepValuesAndValuesHaveParts() throws Exception {
        session.execute("x = (stones)");

        assertThat(session.execute("$x size")).isEqualTo(2);
        assertThat(session.execute("(stones) size")).isEqualTo(2);
        assertThat(session.execute("($x get 1) name")).isEqualTo("onyx");
        assertThat(session.execute("(weigh opal) weight")).isEqualTo(7);
        assertThat(session.execute("(weigh) get onyx")).isEqualTo(7);
        assertThat(session.execute("((stones) get 0) colours")).isEqualTo(List.of("red", "green"));
    }

    @Test
    void loopsRunOverLists() throws Exception {
        session.execute("b = (stones); each $b { echo ($it name) }");
        session.execute("each (stones) { each ($it colours) { echo $it } }");

        assertThat(printed()).containsExactly("jasper", "onyx", "red", "green", "black");
    }

    @Test
    void valuesAreCompared() throws Exception {
        session.execute("each (stones) { if { (($it name) equals onyx) } { echo \"$(($it name)) weighs $(($it weight))\" } }");
        session.execute("heavy = %(1 + 1); each (stones) { w = ($it weight); if { %(w > 5) } { echo heavy ($it name) } }");

        assertThat(printed()).containsExactly("onyx weighs 7", "heavy onyx");
    }

    @Test
    void pipesCarryTheText() throws Exception {
        session.execute("stones | grep onyx");
        session.execute("(stones) | grep and");

        assertThat(printed()).containsExactly("jasper and onyx", "jasper and onyx");
    }

    @Test
    void aWrongCallIsCaught() throws Exception {
        assertThatThrownBy(() -> session.execute("stones jasper onyx")).isInstanceOf(UsageException.class);
        session.execute("try { stones jasper onyx } { echo caught }");
        assertThat(printed()).containsExactly("caught");
    }

    private List<String> printed() {
        // grep paints what it has found.
        return out.toString().replaceAll("\033\\[[0-9;]*m", "").lines().toList();
    }
}
