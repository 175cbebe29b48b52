package org.intarsia.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.PictureFiles;
import org.intarsia.engine.testkit.StandIn;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.Part;
import org.intarsia.model.api.Text;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of prompts. */
class PromptTest {
    private static final Image RED = new Image(1, 1, new byte[] {(byte) 255, 0, 0});

    @TempDir
    Path folder;

    private List<Prompt> read(String content) throws Exception {
        Path file = folder.resolve("prompts.txt");
        Files.writeString(file, content);
        return Prompt.read(file);
    }

    @Test
    void aLineIsATextOrAnObject() throws Exception {
        PictureFiles.write(folder.resolve("red.png"), RED);
        assertThat(read("""
                a red star

                {"text": "what is it?", "images": ["red.png"], "goal": "answer"}
                {"text": "once"}
                """)).containsExactly(new Prompt("a red star", List.of(), Optional.empty()),
                new Prompt("what is it?", List.of(RED), Optional.of(Goal.ANSWER)),
                new Prompt("once", List.of(), Optional.empty()));
    }

    @Test
    void aQuestionStandsWhereTheModelHasItAndABeginningBehindItsPicture() {
        Prompt prompt = new Prompt("what?", List.of(RED), Optional.empty());
        Model pictureFirst = new StandIn() {
            @Override
            public List<Part> question(String text, List<Image> pictures) {
                return List.of(pictures.getFirst(), new Text(text));
            }
        };
        assertThat(prompt.parts(Goal.ANSWER, new StandIn())).containsExactly(new Text("what?"), RED);
        assertThat(prompt.parts(Goal.ANSWER, pictureFirst)).containsExactly(RED, new Text("what?"));
        assertThat(prompt.parts(Goal.PICTURE, pictureFirst)).containsExactly(new Text("what?"), RED);
        assertThat(prompt.parts(Goal.CONTINUATION, new StandIn())).containsExactly(RED, new Text("what?"));
    }

    @Test
    void aWrongLineIsNamed() {
        Path file = folder.resolve("prompts.txt");
        String where = " of " + file + ": ";
        assertThatThrownBy(() -> read("a star\n{\"text\": 5}")).isInstanceOf(ModelException.class)
                .hasMessage("line 2" + where + "text should be a text");
        assertThatThrownBy(() -> read("{\"text\": \"a\", \"goal\": \"song\"}")).hasMessage("line 1" + where
                + "goal is picture or answer or continuation or interleaved, not \"song\"");
        assertThatThrownBy(() -> read("{\"text\": \"a\", \"image\": []}")).hasMessage("line 1" + where
                + "there is no field image; text, images and goal are read");
        assertThatThrownBy(() -> read("{\"text\": ")).isInstanceOf(ModelException.class)
                .hasMessageStartingWith("line 1" + where + "no valid JSON (");
        assertThatThrownBy(() -> read("{\"text\": \"a\", \"images\": [\"none.png\"]}")).isInstanceOf(ModelException.class)
                .hasMessageContaining(folder.resolve("none.png").toString());
        assertThatThrownBy(() -> read("\n")).hasMessage(file + " holds no prompts; write one a line");
        assertThatThrownBy(() -> Prompt.read(folder.resolve("none"))).hasMessage(folder.resolve("none")
                + ": there is no such file");
    }
}
