package org.intarsia.shell.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.PictureFiles;
import org.intarsia.engine.api.Request;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.Text;
import org.intarsia.shell.Command;
import org.intarsia.shell.Console;
import org.intarsia.shell.UsageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commands hand to the engine, write and print. */
class ModelCommandsTest {
    @TempDir
    Path folder;

    private final StandIn engine = new StandIn();
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    private String call(Command command, String... words) throws Exception {
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        return command.call(List.of(words), folder, new Console(InputStream.nullInputStream(), out, out)).toString();
    }

    @Test
    void imagineWritesAPictureNamedAfterItsText() throws Exception {
        String text = call(new Imagine(engine, null), "Ein roter Stern, über dem Haus!", "--seed", "5");
        Path file = folder.resolve("ein-roter-stern-über-dem-haus.png");
        assertThat(text).isEqualTo(file + " (seed 5)");
        assertThat(PictureFiles.read(file)).isEqualTo(StandIn.picture(5));
        assertThat(engine.closed).isEqualTo(1);
        Request request = engine.requests.getFirst();
        assertThat(request.goal()).isEqualTo(Goal.PICTURE);
        assertThat(request.parts()).containsExactly(new Text("Ein roter Stern, über dem Haus!"));
        assertThat(request.sampling()).isEqualTo(engine.sampling(Goal.PICTURE).withSeed(5));
    }

    @Test
    void imagineNeverOverwritesWhatNobodyNamed() throws Exception {
        call(new Imagine(engine, null), "star", "--seed", "1");
        assertThat(call(new Imagine(engine, null), "star", "--seed", "2")).isEqualTo(folder.resolve("star-2.png") + " (seed 2)");
        assertThat(PictureFiles.read(folder.resolve("star.png"))).isEqualTo(StandIn.picture(1));
        call(new Imagine(engine, null), "star", "--seed", "3", "--out", "star.png");
        assertThat(PictureFiles.read(folder.resolve("star.png"))).isEqualTo(StandIn.picture(3));
    }

    @Test
    void imagineNumbersSeveralPicturesAndTheirSeeds() throws Exception {
        String json = call(new Imagine(engine, null), "star", "--seed", "7", "--count", "10", "--out", "a.png", "--json");
        assertThat(json).startsWith("{\"model\":\"picturebook\",\"pictures\":[{\"file\":\"" + folder.resolve("a-1.png")
                + "\",\"seed\":7},").contains("\"seed\":16}").doesNotContain("\n");
        for (int i = 1; i <= 10; i++) {
            assertThat(PictureFiles.read(folder.resolve("a-" + i + ".png"))).isEqualTo(StandIn.picture(6 + i));
        }
    }

    @Test
    void imaginePutsTheInstructionBeforeTheSourcePicture() throws Exception {
        PictureFiles.write(folder.resolve("in.png"), StandIn.picture(9));
        call(new Imagine(engine, null), "make it green", "--image", "in.png", "--out", "out.png", "--guidance", "2",
                "--temperature", "0", "--top-k", "4", "--top-p", "0.5", "--min-p", "0.1", "--backend", "cpu");
        assertThat(engine.requests.getFirst().parts()).containsExactly(new Text("make it green"), StandIn.picture(9));
        assertThat(engine.requests.getFirst().sampling().withSeed(0)).isEqualTo(engine.sampling(Goal.PICTURE)
                .withGuidance(2, 1.2).withTemperature(0).withTopK(4).withTopP(0.5).withMinP(0.1));
        assertThat(engine.opened).containsExactly("picturebook on cpu");
    }

    @Test
    void describeAsksWithTheQuestionFirst() throws Exception {
        PictureFiles.write(folder.resolve("in.png"), StandIn.picture(9));
        assertThat(call(new Describe(engine), "in.png")).isEqualTo("a red star");
        assertThat(call(new Describe(engine), "in.png", "--ask", "what?", "--json"))
                .isEqualTo("{\"model\":\"picturebook\",\"text\":\"a red star\"}");
        assertThat(engine.requests.get(0).parts()).containsExactly(StandIn.picture(9));
        assertThat(engine.requests.get(1).parts()).containsExactly(new Text("what?"), StandIn.picture(9));
        assertThat(engine.requests).allMatch(request -> request.goal() == Goal.ANSWER);
    }

    @Test
    void completePrintsTextAsItComesUnlessItIsForAProgram() throws Exception {
        PictureFiles.write(folder.resolve("in.png"), StandIn.picture(9));
        assertThat(call(new Complete(engine), "once", "--image", "in.png", "--max", "3", "--seed", "4")).isEmpty();
        assertThat(printed.toString(StandardCharsets.UTF_8)).isEqualTo(StandIn.WORDS + System.lineSeparator());
        Request request = engine.requests.getFirst();
        assertThat(request.parts()).containsExactly(StandIn.picture(9), new Text("once"));
        assertThat(request.sampling().maxTokens()).isEqualTo(3);
        printed.reset();
        assertThat(call(new Complete(engine), "once", "--seed", "4", "--json"))
                .isEqualTo("{\"model\":\"picturebook\",\"text\":\"a red star\\n\",\"pictures\":[],\"tokens\":2,\"seed\":4}");
        assertThat(printed.size()).isZero();
    }

    @Test
    void aModelMayBeADirectory() throws Exception {
        Path directory = Files.createDirectory(folder.resolve("mine"));
        call(new Trace(engine), "--model", "mine", "--inputs", "in.safetensors", "--out", "out.safetensors");
        assertThat(engine.opened).containsExactly(directory.toString());
    }

    @Test
    void evaluateAsksInTheOrderOfTheStreamAndPrintsWhatTheBenchmarkFound() throws Exception {
        String table = call(new Evaluate(engine), "--prompts", "2", "--pictures", "1");
        assertThat(table).startsWith("model picturebook, GenEval-form on the painted world\ngrader on true pictures")
                .contains("  1.000  (500 of 500)", "overall, the mean of                0.000", "edits", "captions", "answers",
                        "looks that training never showed");
        Request edit = engine.requests.stream().filter(request -> request.goal() == Goal.PICTURE && request.parts().size() == 2)
                .findFirst().orElseThrow();
        assertThat(edit.parts().getFirst()).isInstanceOf(Text.class);
        assertThat(edit.parts().getLast()).isInstanceOf(Image.class);
        int asked = engine.requests.size();
        String json = call(new Evaluate(engine), "--prompts", "2", "--pictures", "1", "--json");
        assertThat(json).startsWith("{\"benchmark\":\"picturebook, GenEval-form\"").doesNotContain("\n");
        assertThat(engine.requests.subList(asked, 2 * asked)).isEqualTo(engine.requests.subList(0, asked));
    }

    @Test
    void listsAreForPeopleAndForPrograms() throws Exception {
        assertThat(call(new Models(engine)))
                .isEqualTo("picturebook: org.intarsia.model.picturebook 0.1.0, 23.4 MB, default");
    }

    @Test
    void whatIsWrongIsSaidBeforeAnyWork() throws Exception {
        assertThatThrownBy(() -> call(new Imagine(engine, null), "star", "--out", "nowhere/star.png"))
                .isInstanceOf(ModelException.class).hasMessage(folder.resolve("nowhere/star.png") + " cannot be written: the"
                        + " folder " + folder.resolve("nowhere") + " does not exist; create it first");
        Files.writeString(folder.resolve("note.txt"), "no picture");
        assertThatThrownBy(() -> call(new Imagine(engine, null), "star", "--image", "note.txt")).isInstanceOf(ModelException.class)
                .hasMessageContaining(folder.resolve("note.txt").toString()).hasMessageContaining("is no picture");
        assertThatThrownBy(() -> call(new Trace(engine), "--out", "x")).isInstanceOf(UsageException.class)
                .hasMessage("trace: --inputs FILE.safetensors is missing");
        assertThatThrownBy(() -> call(new Imagine(engine, null), "star", "--temperature", "hot"))
                .isInstanceOf(UsageException.class).hasMessage("imagine: --temperature takes a number, not 'hot'");
        assertThatThrownBy(() -> call(new Imagine(engine, null), "star", "--count", "0")).isInstanceOf(UsageException.class)
                .hasMessage("imagine: --count takes an integer from 1 to 10000, not 0");
        assertThat(engine.opened).hasSizeLessThanOrEqualTo(1);
        assertThat(engine.requests).isEmpty();
        assertThatThrownBy(() -> call(new Describe(engine), "star.png")).isInstanceOf(ModelException.class)
                .hasMessageContaining(folder.resolve("star.png").toString());
    }

    @Test
    void anUnknownModelKeepsTheNameThatWasTyped() {
        assertThatThrownBy(() -> call(new Imagine(engine, null), "star", "--model", "picturbook"))
                .isInstanceOf(ModelException.class).hasMessage("there is no model picturbook");
    }
}
