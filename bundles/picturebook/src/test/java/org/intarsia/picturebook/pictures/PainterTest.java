package org.intarsia.picturebook.pictures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.intarsia.picturebook.grading.Grader;
import org.intarsia.picturebook.world.Background;
import org.intarsia.picturebook.world.Cell;
import org.intarsia.picturebook.world.Colour;
import org.intarsia.picturebook.world.Kind;
import org.intarsia.picturebook.world.Scene;
import org.intarsia.picturebook.world.Size;
import org.intarsia.picturebook.world.Thing;
import org.intarsia.picturebook.world.World;
import org.junit.jupiter.api.Test;

class PainterTest {
    private static final Scene SCENE = Scene.of(Background.SEA,
            new Thing(Kind.BOAT, Colour.WHITE, Size.BIG, new Cell(3, 2)));

    @Test
    void aThingStaysInsideItsCell() {
        Picture picture = new Painter(World.STANDARD).paint(SCENE);
        int painted = 0;
        for (int i = 0; i < 64 * 64; i++) {
            boolean inside = i % 64 / 16 == 3 && i / 64 / 16 == 2;
            int pixel = picture.pixel(i);
            if (pixel == Colour.WHITE.rgb() && inside) {
                painted++;
            } else {
                assertThat(pixel).isEqualTo(World.STANDARD.rgb(Background.SEA));
            }
        }
        assertThat(painted).isGreaterThan(80);
    }

    @Test
    void paintsIntoABatch() {
        Painter painter = new Painter(World.STANDARD);
        byte[] batch = new byte[3 * 64 * 64 * 3];
        painter.paint(SCENE, batch, 64 * 64 * 3);
        byte[] second = Arrays.copyOfRange(batch, 64 * 64 * 3, 2 * 64 * 64 * 3);
        assertThat(second).isEqualTo(painter.paint(SCENE).rgb());
        assertThat(batch).startsWith(new byte[64 * 64 * 3]).endsWith(new byte[64 * 64 * 3]);
    }

    @Test
    void aWorldMayBeLarger() {
        World world = new World(4, 3, 32);
        Picture picture = new Painter(world).paint(SCENE);
        assertThat(picture.width()).isEqualTo(128);
        assertThat(picture.height()).isEqualTo(96);
        assertThat(new Grader(world).read(picture).clean()).contains(SCENE);
    }

    @Test
    void aPictureSurvivesJava2D() {
        Picture picture = new Painter(World.STANDARD).paint(SCENE);
        assertThat(Picture.of(picture.toImage()).rgb()).isEqualTo(picture.rgb());
    }

    @Test
    void refusesWhatHasNoPlace() {
        Scene outside = Scene.of(Background.DAY, new Thing(Kind.STAR, Colour.RED, Size.BIG, new Cell(4, 0)));
        assertThatThrownBy(() -> new Painter(World.STANDARD).paint(outside))
                .hasMessage("the Cell[column=4, row=0] lies outside of a world of 4×4 cells");
        assertThatThrownBy(() -> SCENE.with(SCENE.things().getFirst().withKind(Kind.STAR)))
                .hasMessageContaining("give each a cell of its own");
        assertThatThrownBy(() -> new World(4, 4, 20)).hasMessageContaining("give a multiple of 16");
        assertThatThrownBy(() -> new Picture(2, 2, new byte[11])).hasMessageContaining("needs 12 bytes, not 11");
    }
}
