package org.intarsia.comparison.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.intarsia.engine.api.Event;
import org.intarsia.engine.api.Generation;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.PictureFiles;
import org.intarsia.engine.api.Placement;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.testkit.StandIn;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelException;
import org.intarsia.shell.api.Console;
import org.intarsia.shell.api.UsageException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models beside each other. */
class CompareTest {
    private static final String HOSTILE = "<script>alert(\"a & b\")</script>";

    @TempDir
    Path folder;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final StandIn engine = new StandIn() {
        @Override
        public Model open(String name, Placement placement) {
            super.open(name, placement);
            return placement.backend().equals(Optional.of("odd")) ? odd : this;
        }
    };
    /** Chooses another token, paints another picture, and makes no text. */
    private final StandIn odd = new StandIn() {
        @Override
        protected int token() {
            return 5;
        }

        @Override
        protected Image paint(long seed) {
            return StandIn.picture(seed + 1);
        }

        @Override
        public Generation prepare(List<Request> asked, Consumer<Event> listener) {
            if (asked.getFirst().goal() != Goal.PICTURE) {
                throw new ModelException("this model makes <no> text");
            }
            return super.prepare(asked, listener);
        }
    };

    @BeforeEach
    void writePrompts() throws Exception {
        PictureFiles.write(folder.resolve("in.png"), StandIn.picture(9));
        Files.writeString(folder.resolve("prompts.txt"), HOSTILE + """

                {"text": "what is it?", "images": ["in.png"], "goal": "answer"}
                """);
    }

    private String call(String... words) throws Exception {
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        return new Compare(engine).call(List.of(words), folder, new Console(InputStream.nullInputStream(), out, out)).toString();
    }

    private String page() throws Exception {
        return Files.readString(folder.resolve("comparison.html"));
    }

    @Test
    void equalModelsAgree() throws Exception {
        String text = call("picturebook", "--prompts", "prompts.txt", "--backend", "cpu,opencl", "--seed", "4", "--max", "3");

        assertThat(text).startsWith(folder.resolve("comparison.html").toString()).contains("2 of 2 equal to the first");
        assertThat(engine.opened).containsExactly("picturebook on cpu", "picturebook on opencl");
        assertThat(engine.closed).isEqualTo(2);
        assertThat(engine.requests).hasSize(4).allMatch(request -> request.sampling().seed() == 4
                && request.sampling().maxTokens() == 3);
        assertThat(engine.requests).extracting(Request::goal)
                .containsExactly(Goal.PICTURE, Goal.ANSWER, Goal.PICTURE, Goal.ANSWER);
        assertThat(page()).contains("2 of 2 equal", "equal to the first", StandIn.WORDS.strip());
    }

    @Test
    void precisionsStandSideBySide() throws Exception {
        assertThat(call("picturebook", "--prompts", "prompts.txt", "--precision", "exact,fast", "--greedy"))
                .contains("2 of 2 equal to the first, 100.0 % of tokens before a difference");
        assertThat(engine.opened).containsExactly("picturebook exact", "picturebook fast");
        assertThat(engine.requests).hasSize(4).allMatch(request -> request.sampling().temperature() == 0);
        assertThat(page()).contains("picturebook, exact", "picturebook, fast");
        Files.writeString(folder.resolve("picture.txt"), "a red star\n");
        assertThat(call("picturebook", "--prompts", "picture.txt", "--backend", "cpu,odd"))
                .contains("0 of 1 equal to the first, 0.0 % of tokens before a difference");
        assertThatThrownBy(() -> call("picturebook", "--prompts", "prompts.txt", "--precision", "exact,rough"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("--precision takes exact, fast or both with a comma between, not 'rough'");
    }

    @Test
    void thePageIsWholeAndNothingInItIsCode() throws Exception {
        call("picturebook", "--prompts", "prompts.txt", "--seed", "4");

        assertThat(page()).startsWith("<!DOCTYPE html>").contains("&lt;script&gt;alert(&quot;a &amp; b&quot;)&lt;/script&gt;")
                .doesNotContain("<script", "http:", "https:", "%s", "%d");
        for (long seed : new long[] {4, 9}) {
            assertThat(page()).contains("<img alt=\"\" src=\"data:image/png;base64," + Base64.getEncoder()
                    .encodeToString(PictureFiles.png(StandIn.picture(seed), Optional.empty())) + "\">");
        }
    }

    @Test
    void whatDiffersAndWhatFailsIsSaid() throws Exception {
        assertThatThrownBy(() -> call("picturebook", "--prompts", "prompts.txt", "--backend", "cpu,odd", "--json"))
                .hasMessage("1 of 4 answers failed, the first: this model makes <no> text");

        assertThat(page()).contains("differs from the first at token 0", "0 of 1 equal", "this model makes &lt;no&gt; text",
                "1 error");
        JsonNode compared = new ObjectMapper().readTree(printed.toString(StandardCharsets.UTF_8)).get("compared");
        JsonNode cells = compared.at("/rows/0/cells");
        assertThat(cells.at("/0/difference").isNull()).isTrue();
        assertThat(cells.at("/1/difference").toString()).isEqualTo("{\"equal\":false,\"token\":0,\"colours\":0}");
        assertThat(cells.at("/1/parts/0/picture").textValue()).startsWith("data:image/png;base64,");
        assertThat(compared.at("/rows/1/cells/0/parts/0/text").textValue()).isEqualTo(StandIn.WORDS);
        assertThat(compared.at("/rows/1/cells/1/error").textValue()).isEqualTo("this model makes <no> text");
        assertThat(compared.at("/columns/1/failed").intValue()).isEqualTo(1);
        assertThat(compared.at("/columns/0/weights").textValue()).isEqualTo("sha256:00");
    }

    @Test
    void aModelThatCannotBeOpenedDoesNotEndTheComparison() throws Exception {
        assertThatThrownBy(() -> call("picturbook", "picturebook", "--prompts", "prompts.txt"))
                .hasMessage("2 of 4 answers failed, the first: there is no model picturbook");
        assertThat(page()).contains("there is no model picturbook", "nothing to compare", StandIn.WORDS.strip());
    }

    @Test
    void aPageThatNobodyNamedIsNotOverwritten() throws Exception {
        call("picturebook", "--prompts", "prompts.txt");
        assertThat(call("picturebook", "--prompts", "prompts.txt")).startsWith(folder.resolve("comparison-2.html").toString());
    }

    @Test
    void thePageEndsAsBrowsersExpect() throws Exception {
        assertThat(call("picturebook", "--prompts", "prompts.txt", "--out", "page")).startsWith(folder.resolve("page.html").toString());
        assertThat(folder.resolve("page.html")).exists();
        assertThatThrownBy(() -> call("picturebook", "--prompts", "prompts.txt", "--out", "page.txt"))
                .isInstanceOf(UsageException.class)
                .hasMessage("compare: --out names a page of HTML; let it end in .html, not as 'page.txt' does");
    }

    @Test
    void anInterruptEndsItAndWritesNothing() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> call("picturebook", "--prompts", "prompts.txt")).isInstanceOf(CancellationException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(folder.resolve("comparison.html")).doesNotExist();
    }

    @Test
    void whatIsWrongIsSaidBeforeAnyWork() {
        assertThatThrownBy(() -> call("picturebook")).isInstanceOf(UsageException.class)
                .hasMessage("compare: --prompts FILE is missing");
        assertThatThrownBy(() -> call("picturebook", "--prompts", "prompts.txt", "--out", "nowhere/page.html"))
                .isInstanceOf(ModelException.class).hasMessageContaining("does not exist; create it first");
        assertThat(engine.opened).isEmpty();
    }
}
