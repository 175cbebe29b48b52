package org.intarsia.http.openai.parts;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.intarsia.engine.api.PictureFiles;
import org.intarsia.engine.api.PictureRecord;
import org.intarsia.http.HttpException;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelException;

/**
 * A picture that a client handed in.
 *
 * @param image   its pixels
 * @param content the bytes of its file, not to be changed
 */
public record PictureInput(Image image, byte[] content) {
    private static final String DATA = "data:";
    private static final String BASE64 = ";base64,";
    private static final Pattern SPACE = Pattern.compile("\\s+");

    /** Reads a picture file. */
    public static PictureInput of(String param, byte[] content) {
        try {
            return new PictureInput(PictureFiles.read(content), content);
        } catch (ModelException e) {
            throw HttpException.invalid(param, param + ": " + e.getMessage());
        }
    }

    /** Reads a data URL, or the base64 of a picture file. The server makes no requests, so other addresses are refused. */
    public static PictureInput of(String param, String address) {
        String start = address.substring(0, Math.min(address.length(), 16)).toLowerCase(Locale.ROOT);
        if (start.startsWith("http:") || start.startsWith("https:") || start.startsWith("file:")) {
            throw HttpException.invalid(param, param + " is an address, but this server fetches none: send the picture itself as a"
                    + " data URL, data:image/png;base64,…");
        }
        String base64 = address;
        if (start.startsWith(DATA)) {
            int comma = address.indexOf(BASE64);
            if (comma < 0) {
                throw HttpException.invalid(param, param + " is a data URL without ;base64, which is needed");
            }
            base64 = address.substring(comma + BASE64.length());
        }
        try {
            // Many tools break lines after 76 characters. The decoder for MIME would skip whatever is no base64, too.
            return of(param, Base64.getDecoder().decode(SPACE.matcher(base64).replaceAll("")));
        } catch (IllegalArgumentException e) {
            throw HttpException.invalid(param, param + " is neither a data URL nor base64");
        }
    }

    /** Reads what clients call an image URL: a text, or an object that holds it as {@code url} or {@code image_url}. */
    public static PictureInput of(String param, JsonNode node) {
        if (node.isTextual()) {
            return of(param, node.textValue());
        }
        for (String name : new String[] {"url", "image_url", "b64_json"}) {
            if (node.hasNonNull(name)) {
                return of(param, node.get(name));
            }
        }
        if (node.hasNonNull("file_id")) {
            throw HttpException.invalid(param, param + " names a file, but this server keeps none: send the picture as a data URL");
        }
        throw HttpException.invalid(param, param + " must be a data URL, or an object with one as url");
    }

    /** Returns the record that the picture carries, where it was made here. */
    public Optional<PictureRecord> record() {
        try {
            return PictureFiles.record("the picture", content).map(json -> PictureRecord.parse("the picture", json));
        } catch (ModelException e) {
            // A picture of another format, or with somebody else's text in it, is encoded like any other.
            return Optional.empty();
        }
    }
}
