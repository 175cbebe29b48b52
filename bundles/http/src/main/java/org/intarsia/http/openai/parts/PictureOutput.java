package org.intarsia.http.openai.parts;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Missing;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.PictureFormat;
import org.intarsia.engine.api.PictureGrid;
import org.intarsia.engine.api.PictureRecord;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Sampling;
import org.intarsia.http.HttpException;
import org.intarsia.http.Json;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelException;

/** The format in which a request wants its pictures, and how they are written into answers. */
public enum PictureOutput {
    PNG(PictureFormat.PNG, "png"),
    JPEG(PictureFormat.JPEG, "jpeg");

    private final PictureFormat format;
    /** The name in OpenAI's API and behind {@code image/}. */
    private final String label;

    PictureOutput(PictureFormat format, String label) {
        this.format = format;
        this.label = label;
    }

    /** Reads {@code output_format}; PNG where it is absent. */
    public static PictureOutput read(Fields fields) {
        return switch (fields.text("output_format").orElse("png")) {
            case "png" -> PNG;
            case "jpeg", "jpg" -> JPEG;
            default -> throw fields.wrong("output_format", "must be png or jpeg: pictures are written in no other format");
        };
    }

    /** Returns a picture's file in base64. */
    public String base64(Image picture, Optional<String> record) {
        return Base64.getEncoder().encodeToString(format.encode(picture, record));
    }

    /** Returns a picture's file as a data URL. */
    public String url(Image picture, Optional<String> record) {
        return "data:image/" + label + ";base64," + base64(picture, record);
    }

    /** Adds the fields that say of which kind a picture is. */
    public void describe(ObjectNode json, Image picture) {
        json.put("size", picture.width() + "x" + picture.height()).put("quality", "auto").put("background", "opaque")
                .put("output_format", label);
    }

    /** Returns what a picture carries along. */
    public static String record(Answer answer, Request request, int together, int place) {
        return PictureRecord.of(answer, request, together, place).json();
    }

    /**
     * Returns where a picture comes from: the object {@code intarsia} beside it.
     *
     * @param record what {@link #record} gives
     */
    public static ObjectNode origin(Model model, Answer answer, Sampling sampling, String record, Notes notes) {
        PictureGrid grid = model.grid();
        ObjectNode origin = JsonNodeFactory.instance.objectNode();
        origin.put("seed", sampling.seed()).put("model", answer.origin().model())
                .put("backend", String.join(", ", answer.origin().devices()))
                .put("guidance", sampling.guidanceText()).put("guidance_image", sampling.guidanceImage())
                .put("temperature", sampling.temperature()).put("top_k", sampling.topK()).put("top_p", sampling.topP())
                .put("min_p", sampling.minP()).put("repetition_penalty", sampling.repetitionPenalty())
                .put("width", grid.width()).put("height", grid.height()).put("columns", grid.columns()).put("rows", grid.rows());
        origin.set("record", Json.object(record.getBytes(StandardCharsets.UTF_8)));
        origin.set("notes", notes.json());
        return origin;
    }

    /**
     * Returns after how many codes a preview is due, so that so many previews come before a picture is whole.
     *
     * @param previews how many; 0 for none
     * @param codes    how many codes are drawn
     */
    public static int previewEvery(int previews, int codes) {
        return previews == 0 ? 0 : codes / (previews + 1) + 1;
    }

    /** Reads {@code partial_images}. */
    public static int previews(Fields fields) {
        return fields.whole("partial_images", 0, 3).orElse(0L).intValue();
    }

    /**
     * Checks that a model makes pictures.
     *
     * @throws ModelException that is {@link Missing} where it only lacks an image decoder, which is no fault of the client
     */
    public static void check(Model model) {
        if (!model.makes(Goal.PICTURE)) {
            try {
                model.grid();
            } catch (ModelException e) {
                if (e instanceof Missing) {
                    throw e;
                }
            }
            throw HttpException.invalid("model", "model " + model.name() + " makes no pictures: name another, or ask it for text");
        }
    }
}
