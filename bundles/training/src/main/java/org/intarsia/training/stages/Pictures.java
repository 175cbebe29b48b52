package org.intarsia.training.stages;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.intarsia.backend.api.Plan;
import org.intarsia.model.api.CodebookEncoder;
import org.intarsia.model.api.Image;
import org.intarsia.picturebook.pictures.Painter;
import org.intarsia.picturebook.pictures.Picture;
import org.intarsia.picturebook.world.Scene;
import org.intarsia.picturebook.world.Thing;
import org.intarsia.picturebook.world.World;
import org.intarsia.training.recipe.Recipe;

/** Scenes as the numbers that the networks see. Safe for use by several threads. */
public final class Pictures {
    private final World world;
    private final Painter painter;
    private final CodebookEncoder encoder;

    /** @param encoder says at which size, and as which numbers, it sees a picture */
    public Pictures(World world, CodebookEncoder encoder) {
        this.world = world;
        this.painter = new Painter(world);
        this.encoder = encoder;
    }

    /** How many values one picture has. */
    int values() {
        return 3 * places();
    }

    private int places() {
        return encoder.height() * encoder.width();
    }

    /** Pixels (scenes, 3, height, width). */
    public float[] pixels(List<Scene> scenes) {
        float[] pixels = new float[scenes.size() * values()];
        for (int i = 0; i < scenes.size(); i++) {
            Picture picture = painter.paint(scenes.get(i));
            Image image = new Image(picture.width(), picture.height(), picture.rgb());
            System.arraycopy(encoder.pixels(encoder.fit(image)), 0, pixels, i * values(), values());
        }
        return pixels;
    }

    /** Pixels of several pictures, picture by picture. */
    Stream<float[]> each(float[] pixels) {
        return IntStream.range(0, pixels.length / values())
                .mapToObj(i -> Arrays.copyOfRange(pixels, i * values(), (i + 1) * values()));
    }

    /** How much each pixel counts, (scenes, 1, height, width), all together {@code total}. */
    float[] weights(List<Scene> scenes, float[] pixels, Recipe.PixelWeights recipe, double total) {
        float[] weights = new float[scenes.size() * places()];
        for (int i = 0; i < scenes.size(); i++) {
            weigh(scenes.get(i), pixels, recipe, weights, i);
        }
        double sum = 0;
        for (float weight : weights) {
            sum += weight;
        }
        for (int i = 0; i < weights.length; i++) {
            weights[i] *= (float) (total / sum);
        }
        return weights;
    }

    private void weigh(Scene scene, float[] pixels, Recipe.PixelWeights recipe, float[] weights, int index) {
        float[] empty = pixels(List.of(Scene.of(scene.background())));
        int start = index * places();
        for (int place = 0; place < places(); place++) {
            boolean background = true;
            for (int colour = 0; colour < 3; colour++) {
                int at = colour * places() + place;
                background &= pixels[index * values() + at] == empty[at];
            }
            weights[start + place] = background ? 1 : (float) recipe.thing();
        }
        // The encoder may see the world at another size than it is painted in.
        int cellHeight = encoder.height() / world.rows();
        int cellWidth = encoder.width() / world.columns();
        for (Thing thing : scene.things()) {
            float more = (float) (recipe.cell() / contrast(thing.colour().rgb(), world.rgb(scene.background())));
            int cells = world.extents().get(thing.size()).cells();
            for (int y = 0; y < cells * cellHeight; y++) {
                int row = (thing.cell().row() * cellHeight + y) * encoder.width() + thing.cell().column() * cellWidth;
                for (int x = 0; x < cells * cellWidth; x++) {
                    weights[start + row + x] += more;
                }
            }
        }
    }

    /** The largest difference of a colour channel, from 0 to 1. */
    private static double contrast(int one, int other) {
        int largest = 0;
        for (int shift = 0; shift < 24; shift += 8) {
            largest = Math.max(largest, Math.abs((one >> shift & 0xFF) - (other >> shift & 0xFF)));
        }
        return largest / 255.0;
    }

    /**
     * The codes of scenes, by a plan of {@link ImageTokenizerGraphs#encode} for {@code batch} pictures.
     */
    public List<int[]> codes(List<Scene> scenes, Plan encode, int batch) {
        List<int[]> codes = new ArrayList<>();
        for (int start = 0; start < scenes.size(); start += batch) {
            List<Scene> some = scenes.subList(start, Math.min(scenes.size(), start + batch));
            encode.input("pixels").write(pixels(some));
            encode.run();
            int each = places() / (encoder.pixelsPerCode() * encoder.pixelsPerCode());
            int[] all = encode.output("codes").ints(some.size() * each);
            for (int i = 0; i < some.size(); i++) {
                codes.add(Arrays.copyOfRange(all, i * each, (i + 1) * each));
            }
        }
        return codes;
    }
}
