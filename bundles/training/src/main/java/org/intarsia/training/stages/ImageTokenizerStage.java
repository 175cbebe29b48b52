package org.intarsia.training.stages;

import java.util.Arrays;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.intarsia.picturebook.world.Scene;
import org.intarsia.training.codes.SceneCodes;
import org.intarsia.training.recipe.LearningRate;
import org.intarsia.training.recipe.Recipe;
import org.intarsia.training.trainer.StageLoop;
import org.intarsia.training.trainer.Trainer;

/** Trains the image tokenizer on scenes: encoder and decoder together, or the decoder alone with a frozen codebook. */
public final class ImageTokenizerStage implements StageLoop.Work {
    private final Trainer trainer;
    private final Trainer.Step step;
    private final SceneCodes codes;
    private final Pictures pictures;
    private final LongFunction<Stream<Scene>> source;
    private final long first;
    private final LearningRate rate;
    private final Recipe.PixelWeights weights;
    private final int share;

    /**
     * @param codes  those of the pictures
     * @param frozen whether the encoder stays as it is
     * @param source gives the scenes from a number on
     * @param first  the number of the first scene to learn from
     */
    public ImageTokenizerStage(Trainer trainer, ImageTokenizerGraphs graphs, Pictures pictures, SceneCodes codes,
            LongFunction<Stream<Scene>> source, long first, Recipe.StagePart stage, Recipe.PixelWeights weights,
            double codeWeight, int steps, boolean frozen) {
        this.trainer = trainer;
        this.share = stage.batch() / trainer.workers();
        this.codes = codes;
        this.pictures = pictures;
        this.source = source;
        this.first = first;
        this.rate = LearningRate.of(stage, steps);
        this.weights = weights;
        this.step = trainer.compile(frozen ? graphs.decoderAlone(share) : graphs.whole(share, codeWeight, trainer.workers()));
    }

    @Override
    public StageLoop.Result step(int number) {
        double loss = trainer.run(step, number + 1, rate.at(number), (worker, plan) -> {
            long from = first + ((long) number * trainer.workers() + worker) * share;
            List<Scene> scenes = source.apply(from).limit(share).toList();
            float[] pixels = pictures.pixels(scenes);
            plan.input("pixels").write(pixels);
            plan.input("weight").write(pictures.weights(scenes, pixels, weights, 1.0 / trainer.workers()));
            List<float[]> each = pictures.each(pixels).toList();
            plan.input("codes").write(IntStream.range(0, share).mapToObj(i -> codes.of(scenes.get(i), each.get(i)))
                    .flatMapToInt(Arrays::stream).toArray());
        });
        return new StageLoop.Result(loss, share * trainer.workers());
    }
}
