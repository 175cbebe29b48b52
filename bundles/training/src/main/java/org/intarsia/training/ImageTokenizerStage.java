package org.intarsia.training;

import java.util.Arrays;
import java.util.List;
import org.intarsia.model.api.CodebookEncoder;
import org.intarsia.model.api.ImageDecoder;
import org.intarsia.picturebook.SampleSource;
import org.intarsia.picturebook.Scene;

/** Trains the image tokenizer on scenes: encoder and decoder together, or the decoder alone with a frozen codebook. */
final class ImageTokenizerStage implements StageLoop.Work {
    private final Trainer trainer;
    private final Trainer.Step step;
    private final BlockCodes codes;
    private final Pictures pictures;
    private final SampleSource source;
    private final long first;
    private final LearningRate rate;
    private final Recipe.PixelWeights weights;
    private final int share;

    /**
     * @param codes  those of the pictures
     * @param frozen whether the encoder stays as it is
     * @param first  the number of the first sample to learn from
     */
    ImageTokenizerStage(Trainer trainer, CodebookEncoder encoder, ImageDecoder decoder, BlockCodes codes,
            SampleSource source, long first, Recipe.StagePart stage, Recipe.PixelWeights weights, double codeWeight, int steps,
            boolean frozen) {
        this.trainer = trainer;
        this.share = stage.batch() / trainer.workers();
        this.codes = codes;
        this.pictures = new Pictures(encoder);
        this.source = source;
        this.first = first;
        this.rate = LearningRate.of(stage, steps);
        this.weights = weights;
        this.step = trainer.compile(frozen ? ImageTokenizerGraphs.decoderAlone(encoder, decoder, share)
                : ImageTokenizerGraphs.whole(encoder, decoder, share, codeWeight, trainer.workers()));
    }

    @Override
    public StageLoop.Result step(int number) {
        double loss = trainer.run(step, number + 1, rate.at(number), (worker, plan) -> {
            long from = first + ((long) number * trainer.workers() + worker) * share;
            List<Scene> scenes = source.scenes(from).limit(share).toList();
            float[] pixels = pictures.pixels(scenes);
            plan.input("pixels").write(pixels);
            plan.input("weight").write(pictures.weights(scenes, pixels, weights, 1.0 / trainer.workers()));
            plan.input("codes").write(pictures.each(pixels).map(codes::of).flatMapToInt(Arrays::stream).toArray());
        });
        return new StageLoop.Result(loss, share * trainer.workers());
    }
}
