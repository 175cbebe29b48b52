package org.intarsia.shell.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.Origin;
import org.intarsia.engine.api.Sampling;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelException;

/**
 * What a picture carries along, so that it can be made again.
 *
 * @param origin   which model, components and devices made it
 * @param text     what was asked for
 * @param images   hashes of the pictures that were handed in
 * @param sampling how tokens were chosen, with this picture's seed
 * @param together how many pictures were made in one go, with seeds that follow each other: sums are rounded otherwise in
 *                 other company
 * @param place    which of them this is, from 0
 * @param tokens   the tokens that were chosen
 */
record PictureRecord(Origin origin, String text, List<String> images, Sampling sampling, int together, int place,
        List<Integer> tokens) {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES).build();
    /** Written down only where it is used: pictures that were made before it was there come out in the same bytes. */
    private static final String MIN_P = "minP";
    /** Most programs read numbers of JSON as binary64, which has 53 bits; a seed beyond is a text, which is read back, too. */
    private static final long LONGEST_NUMBER = 1L << 53;
    /** Nobody makes more at once; a file may say anything. */
    private static final int MOST_TOGETHER = 64;

    PictureRecord {
        images = List.copyOf(images);
        tokens = List.copyOf(tokens);
        if (together < 1 || together > MOST_TOGETHER || place < 0 || place >= together) {
            throw new IllegalArgumentException("it says picture " + place + " of " + together + " that were made in one go");
        }
    }

    static PictureRecord of(Answer answer, String text, List<Image> images, Sampling sampling, int together, int place) {
        return new PictureRecord(answer.origin(), text, images.stream().map(PictureRecord::hash).toList(), sampling, together,
                place, answer.ids());
    }

    /**
     * Reads what {@link #json} wrote.
     *
     * @throws ModelException where it is something else
     */
    static PictureRecord parse(String file, String json) {
        try {
            JsonNode record = MAPPER.readTree(json);
            if (!record.isObject()) {
                throw new ModelException("the record in " + file + " cannot be read: it is no JSON object");
            }
            if (record.path("sampling") instanceof ObjectNode sampling && !sampling.has(MIN_P)) {
                sampling.put(MIN_P, 0.0);
            }
            return MAPPER.treeToValue(record, PictureRecord.class);
        } catch (JsonProcessingException e) {
            throw new ModelException("the record in " + file + " cannot be read: " + e.getOriginalMessage(), e);
        }
    }

    String json() {
        try {
            ObjectNode record = MAPPER.valueToTree(this);
            if (sampling.seed() > LONGEST_NUMBER || sampling.seed() < -LONGEST_NUMBER) {
                ((ObjectNode) record.get("sampling")).put("seed", Long.toString(sampling.seed()));
            }
            if (sampling.minP() == 0) {
                ((ObjectNode) record.get("sampling")).remove(MIN_P);
            }
            return MAPPER.writeValueAsString(record);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records are made of text and numbers", e);
        }
    }

    /** A hash of size and colours, whatever the file looked like. */
    static String hash(Image image) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((image.width() + "x" + image.height() + "\n").getBytes(StandardCharsets.US_ASCII));
            return "sha256:" + HexFormat.of().formatHex(digest.digest(image.rgb()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** In what another origin differs from this one's, a few words each. */
    List<String> differences(Origin other) {
        List<String> differences = new ArrayList<>();
        differ(differences, "platform", origin.platform(), other.platform());
        differ(differences, "model", origin.model(), other.model());
        differ(differences, "weights", origin.weights(), other.weights());
        differ(differences, "devices", String.join(", ", origin.devices()), String.join(", ", other.devices()));
        origin.components().forEach((kind, bundle) -> differ(differences, kind, bundle, other.components().get(kind)));
        return differences;
    }

    private static void differ(List<String> differences, String what, String then, String now) {
        if (!Objects.equals(then, now)) {
            differences.add(what + ": " + then + " then, " + now + " now");
        }
    }
}
