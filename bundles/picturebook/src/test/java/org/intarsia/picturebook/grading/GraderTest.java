package org.intarsia.picturebook.grading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.intarsia.picturebook.language.Language;
import org.intarsia.picturebook.meaning.Description;
import org.intarsia.picturebook.meaning.Question;
import org.intarsia.picturebook.pictures.Painter;
import org.intarsia.picturebook.pictures.Picture;
import org.intarsia.picturebook.prompts.Prompts;
import org.intarsia.picturebook.world.Background;
import org.intarsia.picturebook.world.Cell;
import org.intarsia.picturebook.world.Colour;
import org.intarsia.picturebook.world.Dice;
import org.intarsia.picturebook.world.Kind;
import org.intarsia.picturebook.world.Looks;
import org.intarsia.picturebook.world.Pattern;
import org.intarsia.picturebook.world.Scene;
import org.intarsia.picturebook.world.Size;
import org.intarsia.picturebook.world.Thing;
import org.intarsia.picturebook.world.World;
import org.junit.jupiter.api.Test;

class GraderTest {
    private static final World WORLD = World.STANDARD;
    private final Grader grader = new Grader(WORLD);
    private final Painter painter = new Painter(WORLD);

    private static final Thing STAR = new Thing(Kind.STAR, Colour.RED, Size.BIG, new Cell(0, 1));
    private static final Thing HOUSE = new Thing(Kind.HOUSE, Colour.BLUE, Size.SMALL, new Cell(2, 1));
    private static final Scene SCENE = Scene.of(Background.MEADOW, STAR, HOUSE);
    private static final Description SENTENCE =
            Language.ENGLISH.parse("a big red star left of a blue house on a meadow").orElseThrow();

    @Test
    void readsEveryThingBeforeEveryBackground() {
        int index = 0;
        for (Background background : WORLD.backgrounds()) {
            for (Kind kind : WORLD.kinds()) {
                for (Colour colour : WORLD.colours()) {
                    for (Size size : Size.values()) {
                        Cell cell = WORLD.cells().get(index++ * 7 % 16);
                        Scene scene = Scene.of(background, new Thing(kind, colour, size, cell));
                        assertThat(grader.read(painter.paint(scene)).clean()).contains(scene);
                    }
                }
            }
        }
        assertThat(index).isEqualTo(512);
    }

    @Test
    void readsFullAndEmptyPictures() {
        Prompts prompts = new Prompts(Looks.trained(WORLD));
        Dice dice = new Dice(9);
        for (int i = 0; i < 1000; i++) {
            Scene scene = prompts.scene(dice);
            assertThat(grader.read(painter.paint(scene)).clean()).contains(scene);
        }
        List<Thing> everywhere = WORLD.cells().stream()
                .map(cell -> STAR.withCell(cell).withKind(dice.pick(WORLD.kinds()))).toList();
        Scene full = new Scene(Background.DAY, everywhere);
        assertThat(grader.read(painter.paint(full)).clean()).contains(full);
        Scene empty = Scene.of(Background.SEA);
        assertThat(grader.read(painter.paint(empty)).clean()).contains(empty);
    }

    @Test
    void noiseOfAnImageTokenizerDoesNoHarm() {
        Prompts prompts = new Prompts(Looks.trained(WORLD));
        Dice dice = new Dice(10);
        Random random = new Random(1);
        int right = 0;
        for (int i = 0; i < 500; i++) {
            Scene scene = prompts.scene(dice);
            right += grader.grade(scene, noisy(painter.paint(scene), random)).passed() ? 1 : 0;
        }
        assertThat(right).isGreaterThanOrEqualTo(498);
    }

    @Test
    void rightPicturesPass() {
        assertThat(grader.grade(SENTENCE, painter.paint(SCENE)).reason()).isEmpty();
        assertThat(grader.grade(SENTENCE, painter.paint(SCENE)).passed()).isTrue();
    }

    @Test
    void wrongPicturesFailForTheRightReason() {
        assertFault(change(STAR, STAR.withColour(Colour.GREEN)), Fault.Type.COLOUR,
                "expected a big red star, saw a big green star");
        assertFault(change(STAR, STAR.withKind(Kind.HEART)), Fault.Type.KIND,
                "expected a big red star, saw a big red heart");
        assertFault(change(STAR, STAR.withSize(Size.SMALL)), Fault.Type.SIZE,
                "expected a big red star, saw a small red star");
        assertFault(change(STAR, STAR.withCell(new Cell(3, 1))), Fault.Type.PLACE,
                "the big red star is not left of the small blue house");
        assertFault(change(STAR, STAR.withCell(new Cell(0, 0))), Fault.Type.PLACE,
                "the big red star is not left of the small blue house");
        assertFault(SCENE.withBackground(Background.NIGHT), Fault.Type.BACKGROUND,
                "expected on a meadow, saw at night");
        assertFault(SCENE.without(STAR), Fault.Type.COUNT, "expected 2 things, saw 1");
        assertFault(SCENE.with(STAR.withCell(new Cell(3, 3))), Fault.Type.COUNT, "expected 2 things, saw 3");
    }

    @Test
    void attributesMustNotChangePlaces() {
        Description said = Language.ENGLISH.parse("a red star and a blue house").orElseThrow();
        Scene swapped = Scene.of(Background.DAY, STAR.withColour(Colour.BLUE), HOUSE.withColour(Colour.RED));
        assertThat(grader.grade(said, painter.paint(swapped)).has(Fault.Type.COLOUR)).isTrue();
        assertThat(grader.grade(said, painter.paint(SCENE)).passed()).isTrue();
    }

    @Test
    void whatIsNotSaidIsNotAsked() {
        Description said = Language.ENGLISH.parse("a house and a star").orElseThrow();
        Prompts prompts = new Prompts(Looks.trained(WORLD));
        for (int seed = 0; seed < 100; seed++) {
            assertThat(grader.grade(said, painter.paint(prompts.fill(said, new Dice(seed)))).passed()).isTrue();
        }
    }

    @Test
    void oneStrayBlobFailsAPicture() {
        Picture blot = painter.paint(SCENE);
        fill(blot, 50, 50, 4, 3, Colour.RED.rgb());
        Verdict verdict = grader.grade(SENTENCE, blot);
        assertThat(verdict.faults()).singleElement()
                .isEqualTo(new Fault(Fault.Type.STRAY, "a blob of 12 pixels at x 50, y 50 is no thing of this world"));
        Picture grey = painter.paint(SCENE);
        fill(grey, 34, 50, 10, 10, 0x505050);
        assertThat(grader.grade(SENTENCE, grey).has(Fault.Type.STRAY)).isTrue();
        Picture otherSky = painter.paint(SCENE);
        fill(otherSky, 0, 48, 64, 16, WORLD.rgb(Background.DAY));
        assertThat(grader.grade(SENTENCE, otherSky).has(Fault.Type.STRAY)).isTrue();
        Picture speck = painter.paint(SCENE);
        fill(speck, 50, 50, 2, 3, Colour.RED.rgb());
        assertThat(grader.grade(SENTENCE, speck).passed()).isTrue();
    }

    @Test
    void aThingOfTwoColoursIsNone() {
        Picture halves = painter.paint(Scene.of(Background.DAY, STAR.withKind(Kind.SQUARE)));
        fill(halves, 1, 24, 14, 7, Colour.BLUE.rgb());
        Verdict verdict = grader.grade(Language.ENGLISH.parse("a red square").orElseThrow(), halves);
        assertThat(verdict.has(Fault.Type.STRAY)).isTrue();
    }

    @Test
    void aThingBetweenTwoCellsIsNone() {
        Picture between = painter.paint(Scene.of(Background.DAY));
        fill(between, 9, 1, 14, 14, Colour.RED.rgb());
        assertThat(grader.read(between).strays()).hasSize(1);
    }

    @Test
    void aPictureOfAnotherSizeIsRefused() {
        Picture small = new Picture(8, 8, new byte[192]);
        assertThat(grader.grade(SENTENCE, small).reason())
                .isEqualTo("the picture is 8×8 pixels, but this world is 64×64");
        assertThatThrownBy(() -> grader.read(small)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void captionsMustSayEverything() {
        assertThat(grader.gradeCaption(SCENE, Language.GERMAN,
                "ein großer roter Stern links von einem kleinen blauen Haus auf einer Wiese").passed()).isTrue();
        assertThat(grader.gradeCaption(SCENE, Language.ENGLISH, "a big red star left of a blue house on a meadow")
                .reason()).startsWith("expected \"a big red star left of a small blue house on a meadow\", got");
        assertThat(grader.gradeCaption(SCENE, Language.ENGLISH, "stars").reason())
                .isEqualTo("\"stars\" is no description");
    }

    @Test
    void answersMustBeTheRightWords() {
        Question question = new Question.ColourOf(Pattern.of(Kind.STAR));
        assertThat(grader.gradeAnswer(question, SCENE, Language.ENGLISH, "Red.").passed()).isTrue();
        assertThat(grader.gradeAnswer(question, SCENE, Language.GERMAN, "red").reason())
                .isEqualTo("expected \"rot\", got \"red\"");
    }

    @Test
    void aWholeSceneIsHeldAgainstAnother() {
        assertThat(grader.grade(SCENE, painter.paint(SCENE)).passed()).isTrue();
        Picture moved = painter.paint(change(STAR, STAR.withCell(new Cell(1, 1))));
        assertThat(grader.grade(SCENE, moved).has(Fault.Type.PLACE)).isTrue();
        assertThat(grader.grade(SCENE, painter.paint(SCENE.without(HOUSE))).reason())
                .isEqualTo("the small blue house is missing");
        assertThat(grader.grade(SCENE, painter.paint(SCENE.with(STAR.withCell(new Cell(3, 3))))).reason())
                .isEqualTo("there is a big red star too many");
    }

    private static Scene change(Thing thing, Thing other) {
        return SCENE.without(thing).with(other);
    }

    private void assertFault(Scene shown, Fault.Type type, String reason) {
        assertThat(grader.grade(SENTENCE, painter.paint(shown)).faults()).containsExactly(new Fault(type, reason));
    }

    private static void fill(Picture picture, int left, int top, int width, int height, int rgb) {
        for (int y = top; y < top + height; y++) {
            for (int x = left; x < left + width; x++) {
                int at = 3 * (y * picture.width() + x);
                picture.rgb()[at] = (byte) (rgb >> 16);
                picture.rgb()[at + 1] = (byte) (rgb >> 8);
                picture.rgb()[at + 2] = (byte) rgb;
            }
        }
    }

    /** Blurred with the four neighbours, then with noise of a standard deviation of 12 levels. */
    private static Picture noisy(Picture picture, Random random) {
        int width = picture.width();
        int height = picture.height();
        byte[] rgb = new byte[picture.rgb().length];
        int[] dx = {0, 1, -1, 0, 0};
        int[] dy = {0, 0, 0, 1, -1};
        for (int i = 0; i < rgb.length; i++) {
            int x = i / 3 % width;
            int y = i / 3 / width;
            double sum = 0;
            for (int n = 0; n < 5; n++) {
                int nx = Math.clamp(x + dx[n], 0, width - 1);
                int ny = Math.clamp(y + dy[n], 0, height - 1);
                sum += (n == 0 ? 0.5 : 0.125) * (picture.rgb()[3 * (ny * width + nx) + i % 3] & 0xFF);
            }
            rgb[i] = (byte) Math.clamp(Math.round(sum + 12 * random.nextGaussian()), 0, 255);
        }
        return new Picture(width, height, rgb);
    }
}
