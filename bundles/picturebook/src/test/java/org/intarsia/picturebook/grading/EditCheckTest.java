package org.intarsia.picturebook.grading;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.intarsia.picturebook.meaning.Edit;
import org.intarsia.picturebook.pictures.Painter;
import org.intarsia.picturebook.prompts.EditForm;
import org.intarsia.picturebook.prompts.Edits;
import org.intarsia.picturebook.world.Background;
import org.intarsia.picturebook.world.Cell;
import org.intarsia.picturebook.world.Colour;
import org.intarsia.picturebook.world.Dice;
import org.intarsia.picturebook.world.Kind;
import org.intarsia.picturebook.world.Looks;
import org.intarsia.picturebook.world.Pattern;
import org.intarsia.picturebook.world.Relation;
import org.intarsia.picturebook.world.Scene;
import org.intarsia.picturebook.world.Size;
import org.intarsia.picturebook.world.Thing;
import org.intarsia.picturebook.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EditCheckTest {
    private static final World WORLD = World.STANDARD;
    private static final Thing STAR = new Thing(Kind.STAR, Colour.RED, Size.BIG, new Cell(1, 1));
    private static final Thing HOUSE = new Thing(Kind.HOUSE, Colour.BLUE, Size.SMALL, new Cell(2, 1));
    private static final Scene BEFORE = Scene.of(Background.DAY, STAR, HOUSE);
    private static final Pattern THE_STAR = Pattern.of(Kind.STAR);

    private final Grader grader = new Grader(WORLD);
    private final Painter painter = new Painter(WORLD);

    @ParameterizedTest
    @EnumSource(EditForm.class)
    void trueEditsPassAndUntouchedPicturesFail(EditForm form) {
        for (Looks looks : List.of(Looks.trained(WORLD), Looks.heldOut(WORLD))) {
            Edits edits = new Edits(looks);
            Dice dice = new Dice(form.ordinal());
            for (int i = 0; i < 200; i++) {
                Edits.Case edit = edits.next(form, dice);
                assertThat(grader.grade(edit.edit(), edit.before(), painter.paint(edit.after())).reason()).isEmpty();
                Verdict untouched = grader.grade(edit.edit(), edit.before(), painter.paint(edit.before()));
                assertThat(untouched.correct()).isFalse();
                assertThat(untouched.preserved()).isTrue();
            }
        }
    }

    @Test
    void recolouring() {
        Edit edit = new Edit.Recolour(THE_STAR, Colour.GREEN);
        Thing green = STAR.withColour(Colour.GREEN);
        assertFault(edit, after(green, HOUSE), "");
        assertFault(edit, after(STAR.withColour(Colour.PINK), HOUSE), "expected a big green star, saw a big pink star");
        assertKept(edit, after(green.withSize(Size.SMALL), HOUSE), "expected a big green star, saw a small green star");
        assertKept(edit, after(green.withCell(new Cell(0, 0)), HOUSE), "the big green star did not stay in its cell");
        assertKept(edit, after(green, HOUSE.withColour(Colour.GREEN)), "the small blue house did not stay as it was");
        assertKept(edit, after(green, HOUSE).withBackground(Background.NIGHT), "the background did not stay as it was");
        assertFault(edit, after(green, HOUSE, STAR.withCell(new Cell(0, 3))), "expected 1 changed things, saw 2");
    }

    @Test
    void replacing() {
        Edit edit = new Edit.Replace(THE_STAR, Pattern.of(Kind.TREE));
        assertFault(edit, after(STAR.withKind(Kind.TREE), HOUSE), "");
        assertFault(edit, after(STAR.withKind(Kind.BOAT), HOUSE), "expected a big red tree, saw a big red boat");
        assertKept(edit, after(STAR.withKind(Kind.TREE).withColour(Colour.PINK), HOUSE),
                "expected a big red tree, saw a big pink tree");
    }

    @Test
    void moving() {
        Edit edit = new Edit.Move(THE_STAR, Relation.ABOVE);
        assertFault(edit, after(STAR.withCell(new Cell(1, 0)), HOUSE), "");
        String elsewhere = "the big red star did not move to where it should";
        assertFault(edit, after(STAR.withCell(new Cell(1, 2)), HOUSE), elsewhere);
        assertFault(edit, after(STAR.withCell(new Cell(0, 0)), HOUSE), elsewhere);
    }

    @Test
    void adding() {
        Edit edit = new Edit.Add(Pattern.of(Colour.PINK, Kind.HEART),
                Optional.of(new Edit.Placement(Relation.BELOW, THE_STAR)));
        Thing heart = new Thing(Kind.HEART, Colour.PINK, Size.SMALL, new Cell(1, 3));
        assertFault(edit, after(STAR, HOUSE, heart), "");
        assertFault(edit, after(STAR, HOUSE, heart.withCell(new Cell(0, 3))),
                "the small pink heart is not below the star");
        assertKept(edit, after(HOUSE, heart), "the big red star did not stay as it was");
    }

    @Test
    void removingAndChangingTheBackground() {
        assertFault(new Edit.Remove(THE_STAR), after(HOUSE), "");
        assertKept(new Edit.Remove(THE_STAR), after(), "the small blue house did not stay as it was");
        Edit night = new Edit.ChangeBackground(Background.NIGHT);
        assertFault(night, BEFORE.withBackground(Background.NIGHT), "");
        assertFault(night, BEFORE.withBackground(Background.SEA), "expected at night, saw on the sea");
    }

    private static Scene after(Thing... things) {
        return Scene.of(Background.DAY, things);
    }

    private void assertFault(Edit edit, Scene after, String reason) {
        Verdict verdict = grader.grade(edit, BEFORE, painter.paint(after));
        assertThat(verdict.reason()).isEqualTo(reason);
        assertThat(verdict.preserved()).isTrue();
        assertThat(verdict.correct()).isEqualTo(reason.isEmpty());
    }

    private void assertKept(Edit edit, Scene after, String reason) {
        Verdict verdict = grader.grade(edit, BEFORE, painter.paint(after));
        assertThat(verdict.reason()).isEqualTo(reason);
        assertThat(verdict.preserved()).isFalse();
        assertThat(verdict.correct()).isTrue();
    }
}
