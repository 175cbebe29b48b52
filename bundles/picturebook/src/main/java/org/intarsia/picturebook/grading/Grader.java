package org.intarsia.picturebook.grading;

import java.util.ArrayList;
import java.util.List;
import org.intarsia.picturebook.language.Language;
import org.intarsia.picturebook.meaning.Description;
import org.intarsia.picturebook.meaning.Edit;
import org.intarsia.picturebook.meaning.Question;
import org.intarsia.picturebook.pictures.Picture;
import org.intarsia.picturebook.pictures.Reader;
import org.intarsia.picturebook.pictures.Reading;
import org.intarsia.picturebook.world.Scene;
import org.intarsia.picturebook.world.World;

/**
 * Reads pictures and judges them, exactly and without a network. A judgement asks for what the words say and for
 * nothing else, but a picture must show exactly the things that the words name: one stray blob fails it. Safe to share
 * between threads.
 */
public final class Grader {
    private final World world;
    private final Reader reader;

    public Grader(World world) {
        this.world = world;
        this.reader = new Reader(world);
    }

    /**
     * What the picture shows.
     *
     * @throws IllegalArgumentException if the picture has not the size of the world
     */
    public Reading read(Picture picture) {
        if (!fits(picture)) {
            throw new IllegalArgumentException(wrongSize(picture).reason());
        }
        return reader.read(picture);
    }

    /** Whether the picture shows what the description says. */
    public Verdict grade(Description description, Picture picture) {
        if (!fits(picture)) {
            return wrongSize(picture);
        }
        Reading reading = reader.read(picture);
        List<Fault> faults = strays(reading);
        faults.addAll(DescriptionCheck.faults(description, reading.scene(), world));
        return new Verdict(faults);
    }

    /** Whether the picture shows this scene and nothing else. */
    public Verdict grade(Scene scene, Picture picture) {
        if (!fits(picture)) {
            return wrongSize(picture);
        }
        Reading reading = reader.read(picture);
        List<Fault> faults = strays(reading);
        faults.addAll(SceneCheck.faults(scene, reading.scene()));
        return new Verdict(faults);
    }

    /**
     * Whether the picture shows the scene after the edit: what was asked for done, and everything else as it was.
     *
     * @param before the scene that the edited picture showed
     */
    public Verdict grade(Edit edit, Scene before, Picture after) {
        if (!fits(after)) {
            return wrongSize(after);
        }
        Reading reading = reader.read(after);
        List<Fault> faults = strays(reading);
        faults.addAll(EditCheck.faults(edit, before, reading.scene(), world));
        return new Verdict(faults);
    }

    /** Whether the words say all about the scene, by {@link Description#of}. */
    public Verdict gradeCaption(Scene scene, Language language, String caption) {
        Description expected = Description.of(scene, world);
        return language.parse(caption)
                .map(said -> said.equals(expected)
                        ? new Verdict(List.of())
                        : Verdict.of(Fault.Type.WORDS, wrongWords(language.sentence(expected), caption)))
                .orElseGet(() -> Verdict.of(Fault.Type.WORDS, "\"" + caption + "\" is no description"));
    }

    /** Whether the words are the right answer; capital letters and a final full stop are of no matter. */
    public Verdict gradeAnswer(Question question, Scene scene, Language language, String answer) {
        String expected = language.answer(question.answer(scene, world));
        return answer.strip().replaceFirst("\\.$", "").equalsIgnoreCase(expected)
                ? new Verdict(List.of())
                : Verdict.of(Fault.Type.WORDS, wrongWords(expected, answer));
    }

    private static String wrongWords(String expected, String said) {
        return "expected \"" + expected + "\", got \"" + said + "\"";
    }

    private boolean fits(Picture picture) {
        return picture.width() == world.width() && picture.height() == world.height();
    }

    private Verdict wrongSize(Picture picture) {
        return Verdict.of(Fault.Type.PICTURE_SIZE, "the picture is " + picture.width() + "×" + picture.height()
                + " pixels, but this world is " + world.width() + "×" + world.height());
    }

    private static List<Fault> strays(Reading reading) {
        List<Fault> faults = new ArrayList<>();
        for (Reading.Stray stray : reading.strays()) {
            faults.add(new Fault(Fault.Type.STRAY, "a blob of " + stray.pixels() + " pixels at x " + stray.x() + ", y "
                    + stray.y() + " is no thing of this world"));
        }
        return faults;
    }
}
