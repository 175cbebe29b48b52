package org.intarsia.engine.api;

import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.intarsia.backend.api.Precision;
import org.intarsia.engine.stages.Stage;
import org.intarsia.engine.stages.StageLayers;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.Part;
import org.osgi.annotation.versioning.ProviderType;

/**
 * An open model. Its components and its device are looked for when they are first needed, and again when they have gone;
 * its weights stay mapped until it is closed. Safe for use by several threads.
 */
@ProviderType
public interface Model extends AutoCloseable {

    /** The name of the installed model, or the name of its directory. */
    String name();

    /** Where its files lie. */
    Path directory();

    /** How tokens are best chosen, as the model's {@code generation_config.json} or its family says; the seed is 0. */
    Sampling sampling(Goal goal);

    /**
     * Tells whether it can be asked for this: not every model makes pictures, and few mix them with text. An image decoder that
     * has left counts as there, since generations wait for it to come back.
     */
    boolean makes(Goal goal);

    /**
     * Returns a question and the pictures that it is about as parts of a request for {@link Goal#ANSWER}, in the order of the
     * prompts of the model's authors.
     */
    List<Part> question(String text, List<Image> pictures);

    /**
     * The words of a text that the model cannot know, in their order: those that {@code known_words.json}, which small models
     * have, does not list; of a model without it, those that its tokenizer has no token for.
     */
    List<String> unknownWords(String text);

    /** Returns the precision that was asked for when it was opened, or that {@link Placement} says for its weights. */
    Precision precision();

    /** Returns the adapters that it was opened with, in their order; reads their tensors, the first time. */
    default List<Origin.Adapted> adapters() {
        return List.of();
    }

    /** Returns what the model is made of, for those who build graphs of their own with it. */
    ModelParts parts();

    /** Returns the chat template that the model's files bring; empty where they bring none. */
    Optional<ChatTemplate> chatTemplate();

    /**
     * How many tokens more could be handed in with a request, so that a picture or one token of text still fits behind them;
     * negative where the request itself does not fit. Nothing is computed but the codes of pictures that are handed in.
     *
     * @param request for something that the model {@link #makes}
     */
    int room(Request request);

    /**
     * Gets requests ready to run together. They are checked when they run.
     *
     * @param listener hears what happens, on the thread that runs; what it throws ends the generation
     */
    Generation prepare(List<Request> requests, Consumer<Event> listener);

    /** Runs one request on the caller's thread, without events. */
    default Answer answer(Request request) {
        return prepare(List.of(request), event -> { }).run().getFirst();
    }

    /** The codes of a picture, row by row, as the model's stream has them. */
    int[] encode(Image picture);

    /**
     * The picture of codes.
     *
     * @param codes as many as one picture has, each from 0 to the number of codes
     */
    Image decode(int[] codes);

    /**
     * The cells of the pictures that it makes.
     *
     * @throws org.intarsia.model.api.ModelException when it makes no pictures
     */
    PictureGrid grid();

    /**
     * Gets ready to draw cells of a picture anew. The picture's codes are those of its record where the same weights made it;
     * otherwise the picture is encoded.
     *
     * @param picture of the size that {@link #grid} gives
     * @param record  what the picture carries along, if anything
     * @param cells   the cells that are drawn anew
     * @throws org.intarsia.model.api.ModelException when it makes no pictures, when the picture has another size, or when the
     *     grid has no such cell
     */
    Redraw redraw(Image picture, Optional<PictureRecord> record, BitSet cells);

    /**
     * Feeds named values through the model and writes what is computed on the way, for comparison with a reference. The
     * reference's own file may be handed in: what is no input in it is left alone.
     *
     * <p>From {@code TAG.input_ids} (n), or {@code input_ids} without any tag, come {@code TAG.hidden.embed}, {@code TAG.hidden.layer.I},
     * {@code TAG.hidden.final_norm}, each (1, n, hidden), {@code TAG.layer0.q_proj} and the like,
     * {@code TAG.layer0.attn_probs} (heads, n, n), unless that were more than 1 GiB, and {@code TAG.logits_raw} or
     * {@code TAG.logits}, (n, scores). From {@code rope.positions} (n) come {@code rope.cos} and {@code rope.sin}, each
     * (n, headDim), and {@code rope.inv_freq}. From {@code vq.pixel_values} (1, 3, height, width) come
     * {@code vq.enc.latent}, {@code vq.enc.indices} and {@code vq.dec.from_image.pixels}; from
     * {@code vq.dec.TAG.indices} comes {@code vq.dec.TAG.pixels} (1, 3, height, width); from {@code pixel_values}, where
     * the model has a vision tower, {@code vision.layer.I} and {@code vision.aligner}. Places of a picture among the
     * tokens are filled with that picture. From {@code gen.embed.codes} comes {@code gen.embed.aligned}.
     *
     * <p>Settings are tensors, too, or stand in the JSON file of the same name beside the inputs, {@code in.json} for
     * {@code in.safetensors}: {@code "gen": {"input_ids": […]}} there is the same as a tensor {@code gen.input_ids}. From
     * {@code gen.input_ids} with {@code gen.input_ids_uncond} or {@code gen.negative_input_ids} comes a whole picture, made
     * of the best codes: {@code gen.generated_codes}, {@code gen.pixels}, and of steps 0, 1 and the last
     * {@code gen.stepS.logits_cond}, {@code _uncond}, {@code _mixed} and {@code hidden_cond}, {@code _uncond}; the guidance
     * is {@code gen.cfg_weight} or {@code gen.guidance_scale}, the size {@code gen.height_tokens} and
     * {@code gen.width_tokens}. From {@code imagegen.prompt_full}, {@code imagegen.prompt_image_cond} and
     * {@code imagegen.prompt_uncond} comes the same under {@code imagegen}, with values that end with {@code _full},
     * {@code _image_cond}, {@code _uncond} and {@code _mixed}; the guidance is {@code imagegen.guidance_scale_text} and
     * {@code imagegen.guidance_scale_image}. What is left out is as the model likes it. From {@code text.input_ids} and
     * {@code "sampling": [{"chain": "top_k 40, top_p 0.9"}, …]} in the JSON file come {@code sampling.I.probs}.
     *
     * @param inputs  a safetensors file
     * @param outputs a safetensors file that is written, or replaced, when all is done
     * @throws org.intarsia.model.api.ModelException when the inputs or settings do not fit the model
     */
    Trace trace(Path inputs, Path outputs);

    /**
     * What a trace has done.
     *
     * @param values  the names of the values that were written
     * @param ignored the names of what was given but is neither an input nor one of those values
     */
    record Trace(List<String> values, List<String> ignored) {
        public Trace {
            values = List.copyOf(values);
            ignored = List.copyOf(ignored);
        }
    }

    /**
     * Bytes of weights that the transformer reads for each token when it makes one after the other: all but the table of
     * embeddings, of which it reads one row.
     */
    long bytesPerToken();

    /**
     * Opens some layers of it for another host that computes those in front of them and behind. The stage keeps the model
     * open until it is closed, as a generation does; when the device or a component is exchanged, the stage is lost.
     *
     * @throws org.intarsia.model.api.ModelException      when it has other weights, no such layers, or another graph of them
     * @throws org.intarsia.backend.api.BackendException when the device has no room for their keys and values
     */
    Stage stage(StageLayers layers);

    /** Lets go of it. Closing twice is harmless. */
    @Override
    void close();
}
