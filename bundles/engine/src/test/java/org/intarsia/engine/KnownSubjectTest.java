package org.intarsia.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.PictureFiles;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Sampling;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.Part;
import org.intarsia.model.api.Text;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model of a small world that is asked for what it has no word for says what it paints. */
class KnownSubjectTest {
    private static final Path FIXTURE = Workshop.FIXTURES.resolve("chameleon-7b");

    private final Workshop workshop = new Workshop();
    @TempDir
    Path folder;

    @BeforeEach
    void copy() throws IOException {
        try (Stream<Path> files = Files.list(FIXTURE)) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        Files.writeString(folder.resolve("known_words.json"),
                "{\"words\": [\"a\", \"star\"], \"subjects\": [\"star\", \"red\", \"night\"], \"about\": \"It paints stars.\"}");
    }

    private int images(Object... parts) {
        List<Part> all = Stream.of(parts)
                .<Part>map(part -> part instanceof Image image ? image : new Text(part.toString())).toList();
        try (OpenModel model = workshop.open(folder)) {
            return model.answer(new Request(all, Goal.PICTURE, Sampling.GREEDY)).images().size();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a dog", "something nice, please", "rex", "sky"})
    void otherThingsAreRefused(String text) {
        assertThatThrownBy(() -> images(text)).isInstanceOf(ModelException.class)
                .hasMessageContaining("knows no word of \"" + text + "\" that says what to paint")
                .hasMessageContaining("It paints stars. Ask for some of these");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a star", "STAR!", "a red dog", "a satr", "at nigt", "a starr", "nigth", " "})
    void aWordOfTheWorldWillDo(String text) {
        assertThat(images(text)).isEqualTo(1);
    }

    /** An edit may be said in any words. */
    @Test
    void editsAreNotAsked() {
        assertThat(images("make it nicer", PictureFiles.read(FIXTURE.resolve("input.png")))).isEqualTo(1);
    }
}
