package org.intarsia.training;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.intarsia.backend.api.Plan;
import org.intarsia.model.api.ImageDecoder;
import org.intarsia.model.api.VisionEncoder;
import org.intarsia.picturebook.SampleSource;
import org.intarsia.picturebook.Scene;

/** Trains the image tokenizer on scenes: encoder and decoder together, or the decoder alone with frozen codes. */
final class ImageTokenizerStage implements StageLoop.Work {
    private final Trainer trainer;
    private final Trainer.Step step;
    private final List<Plan> encode;
    private final Pictures pictures;
    private final SampleSource source;
    private final long first;
    private final LearningRate rate;
    private final Recipe.PixelWeights weights;
    private final int share;

    /**
     * @param frozen whether the encoder stays as it is
     * @param first  the number of the first sample to learn from
     */
    ImageTokenizerStage(Trainer trainer, VisionEncoder encoder, ImageDecoder decoder, SampleSource source, long first,
            Recipe.StagePart stage, Recipe.PixelWeights weights, double commitment, int steps, boolean frozen) {
        this.trainer = trainer;
        this.share = stage.batch() / trainer.workers();
        this.pictures = new Pictures(encoder);
        this.source = source;
        this.first = first;
        this.rate = new LearningRate(stage.learningRate(), steps, stage.warmUp());
        this.weights = weights;
        this.step = trainer.compile(frozen ? ImageTokenizerGraphs.decoderAlone(encoder, decoder, share)
                : ImageTokenizerGraphs.whole(encoder, decoder, share, commitment, trainer.workers()));
        this.encode = frozen ? IntStream.range(0, trainer.workers())
                .mapToObj(worker -> trainer.compileForward(ImageTokenizerGraphs.encode(encoder, share))).toList() : List.of();
    }

    @Override
    public StageLoop.Result step(int number) {
        double loss = trainer.run(step, number + 1, rate.at(number), (worker, plan) -> {
            long from = first + ((long) number * trainer.workers() + worker) * share;
            List<Scene> scenes = source.scenes(from).limit(share).toList();
            float[] pixels = pictures.pixels(scenes);
            plan.input("pixels").write(pixels);
            plan.input("weight").write(pictures.weights(scenes, pixels, weights, 1.0 / trainer.workers()));
            if (!encode.isEmpty()) {
                int[] codes = pictures.codes(scenes, encode.get(worker), share).stream()
                        .flatMapToInt(Arrays::stream).toArray();
                plan.input("codes").write(codes);
            }
        });
        return new StageLoop.Result(loss, share * trainer.workers());
    }
}
