package org.intarsia.shell.interactive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.intarsia.shell.api.Syntax.Choice;
import org.intarsia.shell.api.Syntax.Kind;
import org.intarsia.shell.api.Syntax;
import org.junit.jupiter.api.Test;

class CompletionTest {
    private static final Syntax SWAP = Syntax.of("swap", "swaps a part").required("WHAT", "what").oneOrMore("NAME", "which")
            .words("WHAT", "backend", "component").values("NAME", Kind.BACKEND)
            .option("--device", "NAME", "where").values("--device", Kind.DEVICE)
            .repeated("--image", "FILE", "a picture").flag("--now", "at once").option("--seed", "N", "a number");

    /** The completion of the last of these words. */
    private static Completion at(String... words) {
        List<String> all = Arrays.asList(words);
        return Completion.at(SWAP, all.subList(0, all.size() - 1), all.getLast());
    }

    private static List<String> options(Completion completion) {
        return completion.options().stream().map(Syntax.Option::name).toList();
    }

    @Test
    void positionalsComeInTheirOrderAndTheLastRepeats() {
        Choice words = new Choice(Kind.WORD, List.of("backend", "component"));
        assertThat(at("")).isEqualTo(new Completion(List.of(), Optional.of(words), ""));
        assertThat(at("ba").value()).contains(words);
        assertThat(at("backend", "").value()).contains(new Choice(Kind.BACKEND, List.of()));
        assertThat(at("backend", "cpu", "v").value()).contains(new Choice(Kind.BACKEND, List.of()));
    }

    @Test
    void optionsCountOnceUnlessTheyRepeat() {
        assertThat(options(at("--"))).contains("--device", "--image", "--now", "--json");
        assertThat(options(at("--now", "--image", "a.png", "--de"))).contains("--device", "--image").doesNotContain("--now");
    }

    @Test
    void optionsHaveValuesAndTheirValuesAreNoPositionals() {
        assertThat(at("--device", "").value()).contains(new Choice(Kind.DEVICE, List.of()));
        assertThat(at("--image", "a").value()).contains(new Choice(Kind.FILE, List.of()));
        assertThat(at("--seed", "")).isEqualTo(new Completion(List.of(), Optional.empty(), ""));
        assertThat(at("--device", "gpu", "backend", "").value()).contains(new Choice(Kind.BACKEND, List.of()));
        assertThat(at("--device=gpu", "").value()).map(Choice::kind).contains(Kind.WORD);
    }

    @Test
    void aValueMayStandInTheOptionsWord() {
        assertThat(at("--device=g")).isEqualTo(
                new Completion(List.of(), Optional.of(new Choice(Kind.DEVICE, List.of())), "--device="));
    }

    @Test
    void afterTwoHyphensAllIsPositional() {
        assertThat(at("backend", "--", "--now", "-").value()).contains(new Choice(Kind.BACKEND, List.of()));
        assertThat(options(at("--", "-"))).isEmpty();
    }

    @Test
    void whereNoPositionalIsLeftOptionsAreOffered() {
        assertThat(options(Completion.at(Syntax.of("models", "lists models"), List.of(), "")))
                .containsExactly("--json", "--verbose", "--help");
    }
}
