package org.intarsia.training.recipe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.intarsia.backend.api.Precision;
import org.intarsia.picturebook.samples.Mixture;
import org.intarsia.picturebook.world.World;
import org.intarsia.training.api.TrainingException;
import org.intarsia.training.trainer.Trainer;

/**
 * Everything that decides what a training gives.
 *
 * @param name           of the model
 * @param seed           of all that is random
 * @param world          name of the painted world
 * @param config         the model's {@code config.json}, without what the tokenizer decides
 * @param generation     the model's {@code generation_config.json}
 * @param mixture        what the tokenizers learn from
 * @param tokenizer      the text tokenizer
 * @param imageTokenizer the image tokenizer, encoder and decoder together
 * @param decoder        the decoder alone, with the codes frozen
 * @param core           the transformer
 */
public record Recipe(String name, long seed, String world, JsonNode config, JsonNode generation, Mixture mixture, TokenizerPart tokenizer,
        ImagePart imageTokenizer, DecoderPart decoder, CorePart core) {
    public Recipe {
        World.named(world);
    }

    /**
     * @param vocabulary most text tokens, the 256 bytes included
     * @param texts      how many texts of the world to learn from
     */
    public record TokenizerPart(int vocabulary, int texts) {
    }

    /** @param codeWeight weight of the codes that the encoder gives; what the decoder paints weighs 1 */
    public record ImagePart(StagePart stage, PixelWeights pixels, BlockPart blocks, double codeWeight) {
    }

    /**
     * The data that {@code codes.BlockCodes} learn from.
     *
     * @param colours  the most colours to tell apart
     * @param outlines classes of outlines; 0 for {@code codes.PieceCodes}, which learn from nothing
     * @param scenes   how many scenes to learn from
     */
    public record BlockPart(int colours, int outlines, int scenes) {
    }

    /** The decoder alone. */
    public record DecoderPart(StagePart stage, PixelWeights pixels) {
    }

    /**
     * How much pixels count; a plain pixel of the background counts 1.
     *
     * @param thing weight of a pixel that shows a thing
     * @param cell  added to every pixel in the cell of a thing, divided by how far the thing stands out from the
     *              background (0 to 1): an outline that is hard to see is not to be neglected
     */
    public record PixelWeights(double thing, double cell) {
    }

    /**
     * @param cycles      of the learning rate, one after the other
     * @param batch       pictures a step
     * @param warmUp      share of a cycle in which the learning rate rises
     * @param weightDecay decoupled, for matrices
     * @param clip        largest length of the gradient
     * @param precision   of the products, forward and backward: {@code exact} or {@code mixed}; all else is exact
     */
    public record StagePart(List<Cycle> cycles, int batch, double warmUp, double weightDecay, double clip, String precision) {
        public StagePart {
            Precision.of(precision);
            cycles = List.copyOf(cycles);
            if (cycles.isEmpty()) {
                throw new TrainingException("a stage of the recipe has no cycles: give at least one");
            }
        }

        /** The settings of a trainer; each worker has one thread. */
        public Trainer.Settings settings(int workers) {
            return new Trainer.Settings(workers, 1, weightDecay, clip, Precision.of(precision));
        }

        /** The optimizer steps of all cycles. */
        public int steps() {
            return cycles.stream().mapToInt(Cycle::steps).sum();
        }
    }

    /**
     * @param steps        optimizer steps
     * @param learningRate at its highest
     */
    public record Cycle(int steps, double learningRate) {
    }

    /**
     * @param stage         steps and optimizer; its batch is a number of tokens here
     * @param lengths       sequences are padded to the shortest of these that holds them
     * @param textDropout   share of the pictures to make that are shown without the words, for guidance
     * @param promptDropout share of the pictures to make that are shown without anything, for guidance
     * @param zLoss         weight of the squared log-normaliser
     * @param lessons       what is shown, and how much it counts, in the order of {@code from}; the first begins at 0
     */
    public record CorePart(StagePart stage, List<Integer> lengths, double textDropout, double promptDropout, double zLoss,
            List<Lesson> lessons) {
        public CorePart {
            lessons = List.copyOf(lessons);
            if (lessons.isEmpty() || lessons.getFirst().from() != 0) {
                throw new TrainingException("the first of the recipe's lessons must begin with sample 0");
            }
        }
    }

    /**
     * A part of the samples that the transformer sees.
     *
     * @param from        number of its first sample
     * @param mixture     how often each task comes
     * @param thingWeight weight of a picture token that is not the most frequent of its picture, which stands for the
     *                    empty background and weighs 1
     * @param changedWeight a token of an edit's picture that differs from that of the source weighs so many times as much
     * @param textWeight  weight of the words of an answer, and of a layout
     */
    public record Lesson(long from, Mixture mixture, double thingWeight, double changedWeight, double textWeight) {
    }

    /** The model's {@code model_type}. */
    public String family() {
        return config.path("model_type").asText();
    }

    /**
     * Reads a recipe.
     *
     * @param name of the model
     * @throws TrainingException if it is no JSON, a part is missing, or one is unknown or out of range
     */
    public static Recipe parse(String name, String json) {
        try {
            return new ObjectMapper().enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES).readValue(json, Recipe.class);
        } catch (JsonProcessingException e) {
            throw new TrainingException("recipe " + name + " cannot be read: " + e.getOriginalMessage(), e);
        }
    }
}
