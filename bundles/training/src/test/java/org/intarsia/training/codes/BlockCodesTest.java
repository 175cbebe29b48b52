package org.intarsia.training.codes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.intarsia.picturebook.pictures.Painter;
import org.intarsia.picturebook.pictures.Picture;
import org.intarsia.picturebook.samples.Mixture;
import org.intarsia.picturebook.samples.SampleSource;
import org.intarsia.picturebook.samples.Split;
import org.intarsia.picturebook.world.Background;
import org.intarsia.picturebook.world.Cell;
import org.intarsia.picturebook.world.Colour;
import org.intarsia.picturebook.world.Kind;
import org.intarsia.picturebook.world.Look;
import org.intarsia.picturebook.world.Scene;
import org.intarsia.picturebook.world.Size;
import org.intarsia.picturebook.world.Thing;
import org.intarsia.picturebook.world.World;
import org.junit.jupiter.api.Test;

class BlockCodesTest {
    private static final int SIDE = 8;
    private static final Cell PLACE = new Cell(1, 1);
    private static final Painter PAINTER = new Painter(World.STANDARD);
    private static final BlockCodes CODES = learn(36, 1088);

    @Test
    void everyThingOnEveryBackgroundHasCodesOfItsOwn() {
        Map<List<Integer>, Scene> known = new HashMap<>();
        for (Scene scene : scenes(true)) {
            assertThat(known.put(at(scene, PLACE), scene)).as("same codes as %s", scene).isNull();
        }
        assertThat(known).hasSize(512);
    }

    @Test
    void emptyBlocksOfABackgroundShareOneCode() {
        Set<Integer> all = new HashSet<>();
        for (Background background : World.STANDARD.backgrounds()) {
            int[] codes = CODES.of(pixels(Scene.of(background)));
            assertThat(Arrays.stream(codes).distinct().count()).isEqualTo(1);
            all.add(codes[0]);
        }
        assertThat(all).hasSize(World.STANDARD.backgrounds().size());
    }

    @Test
    void aCodeDependsOnItsOwnBlockAlone() {
        Thing star = new Thing(Kind.STAR, Colour.RED, Size.BIG, PLACE);
        Thing house = new Thing(Kind.HOUSE, Colour.BLUE, Size.SMALL, new Cell(2, 1));

        assertThat(at(Scene.of(Background.DAY, star, house), PLACE)).isEqualTo(at(Scene.of(Background.DAY, star), PLACE));
    }

    @Test
    void mostCodesOfHeldOutLooksAreCodesOfOtherThings() {
        Set<Integer> trained = new HashSet<>();
        scenes(false).forEach(scene -> trained.addAll(at(scene, PLACE)));
        List<Integer> heldOut = scenes(true).stream().filter(scene -> World.STANDARD.isHeldOut(scene.things().getFirst()))
                .flatMap(scene -> at(scene, PLACE).stream()).toList();

        assertThat(trained).containsAll(heldOut);
    }

    @Test
    void whereCodesAreFewTheRarestTakeWhatLooksMostLikeThem() {
        BlockCodes few = learn(36, 40);

        assertThat(few.size()).isEqualTo(40);
        for (Scene scene : scenes(false)) {
            assertThat(Arrays.stream(few.of(pixels(scene))).boxed()).allMatch(code -> code >= 0 && code < 40);
        }
    }

    private static BlockCodes learn(int outlines, int most) {
        SampleSource source = new SampleSource(World.STANDARD, 1, Split.TRAIN, new Mixture(1, 1, 1, 1, 0, 0));
        return new BlockCodes(() -> source.scenes(0).limit(4000).map(BlockCodesTest::pixels), World.STANDARD.height(),
                World.STANDARD.width(), SIDE, 12, outlines, most);
    }

    /** Scenes with one thing each: all kinds, colours and sizes on all backgrounds. */
    private static List<Scene> scenes(boolean heldOutToo) {
        List<Scene> scenes = new ArrayList<>();
        for (Background background : World.STANDARD.backgrounds()) {
            for (Kind kind : World.STANDARD.kinds()) {
                for (Colour colour : World.STANDARD.colours()) {
                    for (Size size : Size.values()) {
                        if (heldOutToo || !World.STANDARD.heldOut().contains(new Look(kind, colour))) {
                            scenes.add(Scene.of(background, new Thing(kind, colour, size, PLACE)));
                        }
                    }
                }
            }
        }
        return scenes;
    }

    /** The four codes of a cell. */
    private static List<Integer> at(Scene scene, Cell cell) {
        int[] codes = CODES.of(pixels(scene));
        int across = World.STANDARD.width() / SIDE;
        int first = 2 * cell.row() * across + 2 * cell.column();
        return List.of(codes[first], codes[first + 1], codes[first + across], codes[first + across + 1]);
    }

    private static float[] pixels(Scene scene) {
        Picture picture = PAINTER.paint(scene);
        int places = picture.width() * picture.height();
        float[] pixels = new float[3 * places];
        for (int place = 0; place < places; place++) {
            for (int channel = 0; channel < 3; channel++) {
                pixels[channel * places + place] = (picture.rgb()[3 * place + channel] & 0xFF) / 127.5f - 1;
            }
        }
        return pixels;
    }
}
