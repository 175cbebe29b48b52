package org.intarsia.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.intarsia.backend.api.Plan;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.VisionEncoder;
import org.intarsia.picturebook.Painter;
import org.intarsia.picturebook.Picture;
import org.intarsia.picturebook.Scene;
import org.intarsia.picturebook.World;

/** Scenes as the numbers that the networks see. Safe for use by several threads. */
final class Pictures {
    private final Painter painter = new Painter(World.STANDARD);
    private final VisionEncoder encoder;

    Pictures(VisionEncoder encoder) {
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
    float[] pixels(List<Scene> scenes) {
        float[] pixels = new float[scenes.size() * values()];
        for (int i = 0; i < scenes.size(); i++) {
            Picture picture = painter.paint(scenes.get(i));
            Image image = new Image(picture.width(), picture.height(), picture.rgb());
            System.arraycopy(encoder.preprocess(image), 0, pixels, i * values(), values());
        }
        return pixels;
    }

    /**
     * How much each pixel counts, (scenes, 1, height, width): those of things {@code foreground} times as much as those of
     * the background, all together {@code total}.
     */
    float[] weights(List<Scene> scenes, float[] pixels, double foreground, double total) {
        float[] weights = new float[scenes.size() * places()];
        double sum = 0;
        for (int i = 0; i < scenes.size(); i++) {
            float[] empty = pixels(List.of(Scene.of(scenes.get(i).background())));
            for (int place = 0; place < places(); place++) {
                boolean same = true;
                for (int colour = 0; colour < 3; colour++) {
                    int at = colour * places() + place;
                    same &= pixels[i * values() + at] == empty[at];
                }
                weights[i * places() + place] = same ? 1 : (float) foreground;
                sum += weights[i * places() + place];
            }
        }
        for (int i = 0; i < weights.length; i++) {
            weights[i] *= (float) (total / sum);
        }
        return weights;
    }

    /**
     * The codes of scenes, by a plan of {@link ImageTokenizerGraphs#encode} for {@code batch} pictures.
     */
    List<int[]> codes(List<Scene> scenes, Plan encode, int batch) {
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
