package org.intarsia.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.testkit.StandIn;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.Text;
import org.intarsia.shell.api.Command;
import org.intarsia.shell.api.Console;
import org.junit.jupiter.api.Test;

class EvaluateTest {
    private final StandIn engine = new StandIn();

    private String call(Command command, String... words) throws Exception {
        return command.call(List.of(words), Path.of(""), new Console(InputStream.nullInputStream(), System.out, System.err))
                .toString();
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
}
