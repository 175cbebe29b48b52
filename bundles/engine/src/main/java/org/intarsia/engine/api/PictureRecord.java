package org.intarsia.engine.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.intarsia.io.Sha256;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.Part;
import org.intarsia.model.api.Text;
import org.intarsia.text.Quoted;

/**
 * The record that a picture carries along, so that it can be made again. {@link #of} takes it from an answer, {@link #json} gives the text
 * that {@link PictureFormat#encode} puts into a file, {@link PictureFiles#record} reads that text, {@link #parse} understands
 * it, and {@link #requests} gives the requests that make the picture again.
 *
 * @param origin   which model, components and devices made it
 * @param text     what was asked for
 * @param images   hashes of the pictures that were handed in
 * @param sampling how tokens were chosen, with this picture's seed
 * @param together how many pictures were made in one go, with seeds that follow each other: sums are rounded otherwise in
 *                 other company
 * @param place    which of them this is, from 0
 * @param tokens   the tokens that were chosen
 * @param redrawn  of which picture it is a redraw, if of any
 */
public record PictureRecord(Origin origin, String text, List<String> images, Sampling sampling, int together, int place,
        List<Integer> tokens, Optional<Redrawn> redrawn) {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES).build();
    /** Written down only where it is used: pictures that were made before it was there come out in the same bytes. */
    private static final String REDRAWN = "redrawn";
    private static final String ORIGIN = "origin";
    private static final String ADAPTERS = "adapters";
    /** Nobody makes more at once; a file may say anything. */
    private static final int MOST_TOGETHER = 64;

    /**
     * A picture of which some cells were drawn anew.
     *
     * @param image its hash
     * @param codes its codes, row by row
     * @param cells the cells that were drawn anew, ascending
     */
    public record Redrawn(String image, List<Integer> codes, List<Integer> cells) {
        public Redrawn {
            codes = List.copyOf(codes);
            cells = List.copyOf(cells);
            if (cells.isEmpty() || Collections.min(cells) < 0 || Collections.max(cells) >= codes.size()) {
                throw new IllegalArgumentException("it says that cells " + cells + " of " + codes.size() + " were drawn anew");
            }
        }

        private static Redrawn of(Redraw redraw) {
            return new Redrawn(hash(redraw.picture()), IntStream.of(redraw.codes()).boxed().toList(),
                    redraw.cells().stream().boxed().toList());
        }

        private Redraw redraw(Image picture) {
            BitSet chosen = new BitSet();
            cells.forEach(chosen::set);
            return new Redraw(picture, codes.stream().mapToInt(Integer::intValue).toArray(), chosen);
        }
    }

    /** The fields that every record has in JSON. */
    private record Stored(Origin origin, String text, List<String> images, JsonNode sampling, int together, int place,
            List<Integer> tokens) {
    }

    public PictureRecord {
        images = List.copyOf(images);
        tokens = List.copyOf(tokens);
        if (together < 1 || together > MOST_TOGETHER || place < 0 || place >= together) {
            throw new IllegalArgumentException("it says picture " + place + " of " + together + " that were made in one go");
        }
    }

    /**
     * The record of an answer's picture.
     *
     * @param request  what was asked for; its texts stand before its pictures
     * @param together how many such requests with seeds that follow each other ran in one generation, at most 64
     * @param place    which of them this was, from 0
     */
    public static PictureRecord of(Answer answer, Request request, int together, int place) {
        String text = parts(request, Text.class).map(Text::text).collect(Collectors.joining());
        return new PictureRecord(answer.origin(), text, parts(request, Image.class).map(PictureRecord::hash).toList(),
                request.sampling(), together, place, answer.ids(), request.redraw().map(Redrawn::of));
    }

    private static <P extends Part> Stream<P> parts(Request request, Class<P> kind) {
        return request.parts().stream().filter(kind::isInstance).map(kind::cast);
    }

    /**
     * Reads what {@link #json} wrote.
     *
     * @param file where it stands, for messages
     * @throws ModelException where it is something else
     */
    public static PictureRecord parse(String file, String json) {
        try {
            JsonNode record = MAPPER.readTree(json);
            if (!(record instanceof ObjectNode object)) {
                throw new ModelException("the record in " + file + " cannot be read: it is no JSON object");
            }
            JsonNode redrawn = object.remove(REDRAWN);
            if (object.get(ORIGIN) instanceof ObjectNode origin && !origin.has(ADAPTERS)) {
                origin.putArray(ADAPTERS);
            }
            Stored stored = MAPPER.treeToValue(object, Stored.class);
            return new PictureRecord(stored.origin, stored.text, stored.images, SamplingJson.read(stored.sampling),
                    stored.together, stored.place, stored.tokens,
                    redrawn == null ? Optional.empty() : Optional.of(MAPPER.treeToValue(redrawn, Redrawn.class)));
        } catch (JsonProcessingException e) {
            throw new ModelException("the record in " + file + " cannot be read: " + e.getOriginalMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new ModelException("the record in " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** The record as JSON on one line; equal records give equal texts. */
    public String json() {
        try {
            ObjectNode record = MAPPER.valueToTree(new Stored(origin, text, images, SamplingJson.write(sampling), together, place, tokens));
            if (origin.adapters().isEmpty() && record.get(ORIGIN) instanceof ObjectNode stored) {
                stored.remove(ADAPTERS);
            }
            redrawn.ifPresent(original -> record.set(REDRAWN, MAPPER.valueToTree(original)));
            return MAPPER.writeValueAsString(record);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records are made of text and numbers", e);
        }
    }

    /** Returns the number of pictures that {@link #requests} takes. */
    public int given() {
        return images.size() + (redrawn.isPresent() ? 1 : 0);
    }

    /**
     * The requests that make the picture again when they run in one generation; its answer is that at {@link #place}.
     *
     * @param pictures those that it began with, in their order; the one that was redrawn last
     * @throws ModelException when they are not the same
     */
    public List<Request> requests(List<Image> pictures) {
        if (pictures.size() != given()) {
            throw new ModelException("pictures to begin with: " + given() + " then, " + pictures.size()
                    + " now; hand in the same, in their order");
        }
        List<Image> begun = pictures.subList(0, images.size());
        if (!begun.stream().map(PictureRecord::hash).toList().equals(images)
                || redrawn.isPresent() && !redrawn.get().image().equals(hash(pictures.getLast().onWhite()))) {
            throw new ModelException("the pictures that are given are not those that it began with: their colours differ");
        }
        List<Part> parts = new ArrayList<>();
        parts.add(new Text(text));
        parts.addAll(begun);
        Optional<Redraw> redraw = redrawn.map(original -> original.redraw(pictures.getLast()));
        List<Request> requests = new ArrayList<>();
        for (int i = 0; i < together; i++) {
            Request request = new Request(parts, Goal.PICTURE, sampling.withSeed(sampling.seed() - place + i));
            requests.add(redraw.map(request::withRedraw).orElse(request));
        }
        return requests;
    }

    /**
     * Checks that a model has the adapters that the picture was made with. With others another picture comes out, which is an error
     * of the call, not a difference to be reported.
     *
     * @throws ModelException when it has others, or their weights are others
     */
    public void checkAdapters(Model model) {
        List<Origin.Adapted> then = origin.adapters();
        List<Origin.Adapted> now = model.adapters();
        if (!then.stream().map(PictureRecord::effect).toList().equals(now.stream().map(PictureRecord::effect).toList())) {
            throw new ModelException("the picture was made " + (then.isEmpty() ? "without adapters" : "with the adapters "
                    + Quoted.line(told(then))) + ", and now there are " + told(now) + ": open the model " + (then.isEmpty() ? "without any"
                            : "with the same ones, in their order (--adapter)"));
        }
    }

    /** Weight and hash, which decide the result; the name of the folder does not. */
    private static String effect(Origin.Adapted adapter) {
        return adapter.hash() + "=" + adapter.weight();
    }

    /** A hash of size and colours, whatever the file looked like. */
    public static String hash(Image image) {
        MessageDigest digest = Sha256.digest();
        digest.update((image.width() + "x" + image.height() + "\n").getBytes(StandardCharsets.US_ASCII));
        digest.update(image.rgb());
        return "sha256:" + Sha256.hexadecimal(digest);
    }

    /** In what another origin differs from this one's, a few words each. */
    public List<String> differences(Origin other) {
        List<String> differences = new ArrayList<>();
        differ(differences, "platform", origin.platform(), other.platform());
        differ(differences, "model", origin.model(), other.model());
        differ(differences, "weights", origin.weights(), other.weights());
        differ(differences, "adapters", told(origin.adapters()), told(other.adapters()));
        differ(differences, "devices", String.join(", ", origin.devices()), String.join(", ", other.devices()));
        origin.components().forEach((kind, bundle) -> differ(differences, kind, bundle, other.components().get(kind)));
        return differences;
    }

    private static String told(List<Origin.Adapted> adapters) {
        return adapters.isEmpty() ? "none" : adapters.stream().map(Origin.Adapted::told).collect(Collectors.joining(", "));
    }

    private static void differ(List<String> differences, String what, String then, String now) {
        if (!Objects.equals(then, now)) {
            differences.add(what + ": " + then + " then, " + now + " now");
        }
    }
}
