package org.intarsia.planning;

import java.util.ArrayList;
import java.util.List;
import org.intarsia.graph.Encoding;
import org.intarsia.planning.api.Blueprint.Piece;
import org.intarsia.planning.api.Blueprint.Weight;

/**
 * The pieces of a model with their weights in one encoding, by number.
 *
 * @param context tokens of a stream whose keys and values are kept
 */
record EncodedPieces(List<Piece> pieces, Encoding encoding, int context) {

    int count() {
        return pieces.size();
    }

    boolean isLayer(int piece) {
        return pieces.get(piece).name().startsWith("layer ");
    }

    String component(int piece) {
        return pieces.get(piece).component();
    }

    /** Bytes of all weights of a piece. */
    long bytes(int piece) {
        return pieces.get(piece).weights().stream().mapToLong(this::bytes).sum();
    }

    /** Bytes of all weights of a piece and of the cache of one stream. */
    long whole(int piece) {
        return bytes(piece) + cache(piece);
    }

    /** Bytes of the cache of one stream. */
    long cache(int piece) {
        return pieces.get(piece).cacheBytes() * context;
    }

    /** Bytes of the weights that are read for each token. */
    long readEachToken(int piece) {
        return pieces.get(piece).weights().stream().filter(Weight::whole).mapToLong(this::bytes).sum();
    }

    private long bytes(Weight weight) {
        return Storage.type(weight.name(), weight.shape(), encoding).bytes();
    }

    /** The names of pieces; layers in a row as one. */
    String words(int from, int to) {
        List<String> words = new ArrayList<>();
        for (int piece = from; piece < to; piece++) {
            String name = pieces.get(piece).name();
            int end = piece;
            while (isLayer(piece) && end + 1 < to && isLayer(end + 1)) {
                end++;
            }
            words.add(end == piece ? name : "layers " + name.substring("layer ".length()) + "–"
                    + pieces.get(end).name().substring("layer ".length()));
            piece = end;
        }
        return words.isEmpty() ? "nothing" : String.join(", ", words);
    }
}
