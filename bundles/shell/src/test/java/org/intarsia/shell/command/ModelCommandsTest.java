package org.intarsia.shell.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.intarsia.engine.chat.ChatPrompt;
import org.intarsia.engine.chat.ChatRenderer;
import org.intarsia.engine.chat.Message;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.ChatTemplate;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.PictureFiles;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.testkit.StandIn;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.Part;
import org.intarsia.model.api.Text;
import org.intarsia.shell.api.Command;
import org.intarsia.shell.api.Console;
import org.intarsia.shell.api.UsageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commands hand to the engine, write and print. */
class ModelCommandsTest {
    @TempDir
    Path folder;

    private final StandIn engine = new StandIn();
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

    private String call(Command command, String... words) throws Exception {
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        return command.call(List.of(words), folder, new Console(InputStream.nullInputStream(), out,
                new PrintStream(errors, true, StandardCharsets.UTF_8))).toString();
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
                "--temperature", "0", "--top-k", "4", "--top-p", "0.5", "--min-p", "0.1", "--repetition-penalty", "1.5",
                "--presence-penalty", "-1", "--frequency-penalty", "0.5", "--backend", "cpu");
        assertThat(engine.requests.getFirst().parts()).containsExactly(new Text("make it green"), StandIn.picture(9));
        assertThat(engine.requests.getFirst().sampling().withSeed(0)).isEqualTo(engine.sampling(Goal.PICTURE)
                .toBuilder().guidance(2, 1.2).temperature(0).topK(4).topP(0.5).minP(0.1).repetitionPenalty(1.5).presencePenalty(-1)
                .frequencyPenalty(0.5).build());
        assertThat(engine.opened).containsExactly("picturebook on cpu");
    }

    @Test
    void describeAsksInTheOrderOfTheModel() throws Exception {
        PictureFiles.write(folder.resolve("in.png"), StandIn.picture(9));
        assertThat(call(new Describe(engine), "in.png")).isEqualTo("a red star");
        assertThat(call(new Describe(engine), "in.png", "--ask", "what?", "--json"))
                .isEqualTo("{\"model\":\"picturebook\",\"text\":\"a red star\",\"finishReason\":\"stop\",\"notes\":[]}");
        assertThat(engine.requests.get(0).parts()).containsExactly(StandIn.picture(9));
        assertThat(engine.requests.get(1).parts()).containsExactly(new Text("what?"), StandIn.picture(9));
        StandIn pictureFirst = new StandIn() {
            @Override
            public List<Part> question(String text, List<Image> pictures) {
                return List.of(pictures.getFirst(), new Text(text));
            }
        };
        call(new Describe(pictureFirst), "in.png", "--ask", "what?");
        assertThat(pictureFirst.requests.getFirst().parts()).containsExactly(StandIn.picture(9), new Text("what?"));
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
                .isEqualTo("{\"model\":\"picturebook\",\"text\":\"a red star\\n\",\"pictures\":[],\"tokens\":2,\"ids\":[1,2],"
                        + "\"seed\":4,\"finishReason\":\"stop\",\"notes\":[]}");
        assertThat(printed.size()).isZero();
    }

    @Test
    void wordsThatTheModelDoesNotKnowAreTold() throws Exception {
        String note = "model picturebook does not know 'crocodile': no text that it learnt from had this word, so what comes out"
                + " may be anything";
        assertThat(call(new Imagine(engine, null), "a crocodile", "--seed", "1", "--out", "a.png", "--json"))
                .endsWith("\"notes\":[\"" + note + "\"]}");
        assertThat(lines(errors)).containsExactly("note: " + note);
        call(new Complete(engine), "crocodile", "--seed", "4");
        PictureFiles.write(folder.resolve("in.png"), StandIn.picture(9));
        call(new Describe(engine), "in.png", "--ask", "crocodile");
        assertThat(lines(errors)).containsExactly("note: " + note, "note: " + note, "note: " + note);
        call(new Imagine(engine, null), "", "--seed", "1", "--out", "b.png");
        assertThat(lines(errors)).last().isEqualTo("note: the text is empty: what comes out is what model picturebook makes of nothing");
    }

    @Test
    void anEditThatChangesNothingIsTold() throws Exception {
        PictureFiles.write(folder.resolve("in.png"), StandIn.picture(9));
        // The stand-in decodes what it encodes to the picture of seed 0.
        call(new Imagine(engine, null), "make it green", "--image", "in.png", "--seed", "0", "--count", "2", "--out", "out.png");
        assertThat(lines(errors)).containsExactly("note: nothing has changed in " + folder.resolve("out-1.png")
                + ": it shows what was handed in; say the change in other words, or try another seed");
    }

    @Test
    void textThatIsCutOffIsTold() throws Exception {
        engine.outcome = Answer.Outcome.LENGTH;
        PictureFiles.write(folder.resolve("in.png"), StandIn.picture(9));
        String cut = "the text is cut off after 2 tokens: the model had not come to an end; --max allows more";
        assertThat(call(new Describe(engine), "in.png", "--max", "2", "--json")).contains("\"finishReason\":\"length\"")
                .contains(cut);
        assertThat(engine.requests.getLast().sampling().maxTokens()).isEqualTo(2);
        call(new Complete(engine), "once");
        assertThat(lines(errors)).hasSize(2).allMatch(line -> line.startsWith("note: " + cut));
        assertThat(call(new Complete(engine), "once", "--max", "2", "--json")).contains("\"finishReason\":\"length\"");
        assertThat(lines(errors)).as("who says where to end is not told").hasSize(2);
    }

    private static List<String> lines(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void aModelMayBeADirectory() throws Exception {
        Path directory = Files.createDirectory(folder.resolve("mine"));
        call(new Trace(engine), "--model", "mine", "--inputs", "in.safetensors", "--out", "out.safetensors");
        assertThat(engine.opened).containsExactly(directory.toString());
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

    @Test
    void completeChatsByTheModelsTemplate() throws Exception {
        List<Message> seen = new ArrayList<>();
        ChatRenderer renderer = (template, messages, _) -> {
            seen.addAll(messages);
            return new ChatPrompt(template.text(), List.of("<end>"));
        };
        StandIn text = new StandIn() {
            @Override
            public boolean makes(Goal goal) {
                return goal == Goal.ANSWER || goal == Goal.CONTINUATION;
            }
        };
        text.template = new ChatTemplate("written", Map.of(), List.of());
        call(new Complete(text, renderer), "hi", "--chat", "--system", "be brief", "--json");
        assertThat(seen).containsExactly(new Message("system", "be brief"), new Message("user", "hi"));
        Request request = text.requests.getFirst();
        assertThat(request.parts()).containsExactly(new Text("written"));
        assertThat(request.written()).isTrue();
        assertThat(request.ends()).containsExactly("<end>");
        assertThatThrownBy(() -> call(new Complete(text, null), "hi", "--chat")).isInstanceOf(ModelException.class)
                .hasMessageContaining("org.intarsia.chat");
        assertThatThrownBy(() -> call(new Complete(engine, renderer), "hi", "--chat")).isInstanceOf(ModelException.class)
                .hasMessage("model picturebook has no chat template: leave out --chat, or name a model of text whose files bring one");
        assertThatThrownBy(() -> call(new Complete(text, renderer), "hi", "--system", "x")).isInstanceOf(UsageException.class)
                .hasMessageContaining("--system needs --chat");
    }
}
