package org.intarsia.shell.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.PictureFiles;
import org.intarsia.engine.api.PictureRecord;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Sampling;
import org.intarsia.engine.testkit.StandIn;
import org.intarsia.model.api.Image;
import org.intarsia.shell.api.Command;
import org.intarsia.shell.api.Console;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures are made again from what they carry along. */
class ReproduceTest {
    @TempDir
    Path folder;

    private final StandIn engine = new StandIn();

    private String call(Command command, String... words) throws Exception {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        return command.call(List.of(words), folder, new Console(InputStream.nullInputStream(), nowhere, nowhere)).toString();
    }

    @Test
    void theSamePlatformGivesTheSameBytes() throws Exception {
        call(new Imagine(engine, null), "star", "--seed", "5", "--top-k", "9");
        List<Request> before = List.copyOf(engine.requests);
        engine.requests.clear();

        Path file = folder.resolve("star.png");
        assertThat(call(new Reproduce(engine), "star.png", "--out", "again.png")).isEqualTo(file + ": identical bytes");
        assertThat(folder.resolve("again.png")).hasSameBinaryContentAs(file);
        assertThat(engine.requests).isEqualTo(before);
        assertThat(engine.closed).isEqualTo(2);
    }

    @Test
    void jpegIsWrittenAndMadeAgain() throws Exception {
        call(new Imagine(engine, null), "star", "--seed", "5", "--out", "star.jpg");
        Path file = folder.resolve("star.jpg");
        assertThat(Files.readAllBytes(file)).startsWith(0xFF, 0xD8, 0xFF);
        assertThat(call(new Reproduce(engine), "star.jpg")).isEqualTo(file + ": identical bytes");
        // The other format shows the same tokens, too.
        assertThat(call(new Reproduce(engine), "star.jpg", "--out", "star.png")).isEqualTo(file + ": identical bytes");
        assertThat(call(new Reproduce(engine), "star.png")).isEqualTo(folder.resolve("star.png") + ": identical bytes");
    }

    @Test
    void anotherEndingIsRefusedBeforeAModelIsOpened() {
        for (Command command : List.of(new Imagine(engine, null), new Complete(engine))) {
            assertThatThrownBy(() -> call(command, "star", "--out", "star.webp")).hasMessageEndingWith(
                    "star.webp cannot be written: pictures are written as PNG or JPEG; end the name with .png or .jpg");
            assertThatThrownBy(() -> call(command, "star", "--out", "none/star.png")).hasMessageEndingWith(
                    "does not exist; create it first");
        }
        assertThat(engine.closed).isZero();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void minPIsRecordedOnlyWhereItIsUsed() throws Exception {
        call(new Imagine(engine, null), "star", "--seed", "5", "--min-p", "0.25", "--out", "some.png");
        call(new Imagine(engine, null), "star", "--seed", "5", "--out", "none.png");
        List<Request> before = List.copyOf(engine.requests);
        engine.requests.clear();

        assertThat(PictureFiles.record(folder.resolve("some.png"))).get().asString().contains("\"minP\":0.25");
        assertThat(PictureFiles.record(folder.resolve("none.png"))).get().asString().doesNotContain("minP");
        assertThat(call(new Reproduce(engine), "some.png")).endsWith("some.png: identical bytes");
        assertThat(call(new Reproduce(engine), "none.png")).endsWith("none.png: identical bytes");
        assertThat(engine.requests).isEqualTo(before);
    }

    @Test
    void aSeedThatOtherProgramsWouldRoundIsAText() throws Exception {
        call(new Imagine(engine, null), "star", "--seed", Long.toString(Long.MAX_VALUE));

        assertThat(PictureFiles.record(folder.resolve("star.png"))).get().asString()
                .contains("\"seed\":\"9223372036854775807\"");
        assertThat(call(new Reproduce(engine), "star.png")).endsWith("star.png: identical bytes");
        assertThat(engine.requests).extracting(request -> request.sampling().seed()).containsOnly(Long.MAX_VALUE);
    }

    @Test
    void oneOfSeveralIsMadeInTheSameCompany() throws Exception {
        call(new Imagine(engine, null), "star", "--seed", "5", "--count", "3");
        engine.requests.clear();

        assertThat(call(new Reproduce(engine), "star-2.png")).endsWith("star-2.png: identical bytes");
        assertThat(engine.requests).extracting(request -> request.sampling().seed()).containsExactly(5L, 6L, 7L);
    }

    @Test
    void adaptersAreRecordedAndMustBeThere() throws Exception {
        call(new Imagine(engine, null), "star", "--seed", "5", "--adapter", "lines=0.5", "--adapter", "colours");
        assertThat(engine.opened.getLast()).contains(" with 0.5 of " + folder.resolve("lines") + " with 1.0 of "
                + folder.resolve("colours"));
        assertThat(PictureFiles.record(folder.resolve("star.png"))).get().asString()
                .contains("\"adapters\":[{\"name\":\"lines\",\"weight\":0.5,\"hash\":\"sha256:lines\"},{\"name\":\"colours\",");

        assertThat(call(new Reproduce(engine), "star.png", "--adapter", "lines=0.5", "--adapter", "colours"))
                .endsWith("star.png: identical bytes");
        assertThatThrownBy(() -> call(new Reproduce(engine), "star.png")).hasMessage("the picture was made with the adapters lines=0.5"
                + " (sha256:lines), colours=1.0 (sha256:colours), and now there are none: open the model with the same ones, in their order"
                + " (--adapter)");
        assertThatThrownBy(() -> call(new Reproduce(engine), "star.png", "--adapter", "lines", "--adapter", "colours"))
                .hasMessageContaining("now there are lines=1.0 (sha256:lines), colours=1.0");
        assertThatThrownBy(() -> call(new Imagine(engine, null), "star", "--adapter", "lines=much"))
                .hasMessageContaining("--adapter takes DIR or DIR=WEIGHT, and 'much' is no number");
        call(new Imagine(engine, null), "star", "--seed", "5", "--out", "none.png");
        assertThat(PictureFiles.record(folder.resolve("none.png"))).get().asString().doesNotContain("adapters");
        assertThatThrownBy(() -> call(new Reproduce(engine), "none.png", "--adapter", "lines"))
                .hasMessageContaining("was made without adapters");
    }

    @Test
    void whatHasChangedIsSaid() throws Exception {
        call(new Imagine(engine, null), "star", "--seed", "5");
        StandIn other = new StandIn() {
            @Override
            protected int token() {
                return 8;
            }
        };
        assertThatThrownBy(() -> call(new Reproduce(other), "star.png")).hasMessage(folder.resolve("star.png")
                + " comes out otherwise from token 0 on, and nothing that the record knows has changed");
        PictureRecord record = PictureRecord.parse("star.png", PictureFiles.record(folder.resolve("star.png")).orElseThrow());
        assertThat(record.differences(StandIn.ORIGIN)).isEmpty();
        StandIn rounding = new StandIn() {
            @Override
            protected Image paint(long seed) {
                return StandIn.picture(seed + 1);
            }
        };
        assertThat(call(new Reproduce(rounding), "star.png")).endsWith("identical tokens, colours differ by 1 of 255 at most");
    }

    @Test
    void picturesToBeginWithMustBeTheSame() throws Exception {
        PictureFiles.write(folder.resolve("one.png"), StandIn.picture(1));
        PictureFiles.write(folder.resolve("two.png"), StandIn.picture(2));
        call(new Imagine(engine, null), "green", "--image", "one.png", "--seed", "5");

        assertThat(call(new Reproduce(engine), "green.png", "--image", "one.png")).endsWith("identical bytes");
        assertThatThrownBy(() -> call(new Reproduce(engine), "green.png")).hasMessage(
                "pictures to begin with: 1 then, 0 now; hand them in with --image, in their order");
        assertThatThrownBy(() -> call(new Reproduce(engine), "green.png", "--image", "two.png")).hasMessage(
                "the pictures that are given are not those that it began with: their colours differ");
    }

    @Test
    void cellsAreDrawnAnewAndMadeAgain() throws Exception {
        PictureFiles.write(folder.resolve("one.png"), StandIn.picture(1));
        call(new Imagine(engine, null), "star", "--redraw", "one.png", "--cells", "1,1:0", "--seed", "5", "--out", "two.png");
        Image image = PictureFiles.read(folder.resolve("two.png"));
        int right = 3 * (image.width() - 1);
        assertThat(image.rgb()[0]).isEqualTo((byte) 1);
        assertThat(image.rgb()[right]).isEqualTo((byte) 5);
        assertThat(image.rgb()[3 * image.width() * (image.height() - 1)]).isEqualTo((byte) 5);
        assertThat(image.rgb()[image.rgb().length - 1]).isEqualTo((byte) 1);
        assertThat(PictureFiles.record(folder.resolve("two.png"))).get().asString().contains("\"cells\":[1,2]");

        List<Request> before = List.copyOf(engine.requests);
        engine.requests.clear();
        assertThat(call(new Reproduce(engine), "two.png", "--image", "one.png")).endsWith("two.png: identical bytes");
        assertThat(engine.requests).isEqualTo(before);
        assertThatThrownBy(() -> call(new Reproduce(engine), "two.png")).hasMessage("pictures to begin with: 1 then, 0 now;"
                + " hand them in with --image, in their order, the one of which cells were drawn anew last");
        assertThatThrownBy(() -> call(new Reproduce(engine), "two.png", "--image", "two.png")).hasMessage(
                "the pictures that are given are not those that it began with: their colours differ");
    }

    @Test
    void cellsThatAreNoneAreOneSentence() {
        PictureFiles.write(folder.resolve("one.png"), StandIn.picture(1));
        assertThatThrownBy(() -> call(new Imagine(engine, null), "star", "--redraw", "one.png")).hasMessageContaining(
                "--redraw and --cells belong together: which picture, and which of its cells");
        assertThatThrownBy(() -> call(new Imagine(engine, null), "star", "--redraw", "one.png", "--cells", "1,x"))
                .hasMessageContaining("--cells takes numbers of cells with commas between them, such as 9,10,2:1, not x");
        assertThatThrownBy(() -> call(new Imagine(engine, null), "star", "--redraw", "one.png", "--cells", "0:2"))
                .hasMessageContaining("--cells: a row has columns 0 to 1, not 2");
    }

    @Test
    void aRecordMayBeLeftOutOrWrittenBeside() throws Exception {
        call(new Imagine(engine, null), "star", "--seed", "5", "--no-record", "--json");
        Path file = folder.resolve("star.png");
        assertThat(PictureFiles.record(file)).isEmpty();
        assertThat(folder.resolve("star.png.json")).doesNotExist();
        assertThatThrownBy(() -> call(new Reproduce(engine), "star.png")).hasMessage(
                file + " carries no record: it was made elsewhere, or with --no-record");

        call(new Imagine(engine, null), "boat", "--seed", "5", "--json");
        assertThat(Files.readString(folder.resolve("boat.png.json")).strip())
                .isEqualTo(PictureFiles.record(folder.resolve("boat.png")).orElseThrow())
                .startsWith("{\"origin\":{\"platform\":\"0.1.0\",\"model\":\"picturebook\",\"weights\":\"sha256:00\"");
    }

    @Test
    void aRecordOfSomebodyElseIsOneSentence() {
        PictureFiles.write(folder.resolve("odd.png"), PictureFiles.png(StandIn.picture(1), Optional.of("{\"a\":1}")));
        assertThatThrownBy(() -> call(new Reproduce(engine), "odd.png")).hasMessageStartingWith(
                "the record in " + folder.resolve("odd.png") + " cannot be read: ").hasMessageNotContaining("\n");
        Request star = new Request(List.of(), Goal.PICTURE, Sampling.GREEDY);
        PictureRecord many = PictureRecord.of(engine.answer(star), star, 3, 1);
        PictureFiles.write(folder.resolve("many.png"), PictureFiles.png(StandIn.picture(1),
                Optional.of(many.json().replace("\"together\":3", "\"together\":2000000000"))));
        assertThatThrownBy(() -> call(new Reproduce(engine), "many.png"))
                .hasMessageContaining("it says picture 1 of 2000000000 that were made in one go");
    }
}
