package org.intarsia.planning.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.intarsia.graph.Encoding;
import org.intarsia.model.api.TransformerCore;

/**
 * What a model would need. All of it is planned, nothing measured.
 *
 * @param model      its name
 * @param family     {@code model_type} in {@code config.json}
 * @param basis      always {@code planned, not measured}
 * @param geometry   the sizes of the transformer
 * @param components what it consists of
 * @param absent     for each kind of component that it does not have, why
 * @param context    tokens of a stream that are planned for
 * @param cacheBytes bytes of keys and values for each token of a stream
 * @param work       bytes of intermediate values, by what is done
 * @param encodings  what follows from how the weights are stored
 */
public record Forecast(String model, String family, String basis, TransformerCore.Geometry geometry,
        List<Component> components, Map<String, String> absent, int context, long cacheBytes, Map<String, Long> work,
        List<Encoded> encodings) {

    /** One component; tensors that several need count for the first. */
    public record Component(String name, int tensors, long parameters) {
    }

    /**
     * The model in one encoding.
     *
     * @param bytes         of all weights; see {@link org.intarsia.planning.api.Planner} for which tensors keep 2 or 4 bytes
     * @param bytesPerToken of weights that are read for each token, however many streams there are
     * @param rates         tokens a second
     * @param fits          for each memory by itself
     * @param together      the model shared out over all devices that were named together; empty where none were
     * @param spread        its layers divided among hosts; empty where none were named
     */
    public record Encoded(Encoding encoding, long bytes, long bytesPerToken, List<Rate> rates, List<Fit> fits,
            Optional<Split> together, Optional<Spread> spread) {
    }

    /**
     * How fast tokens can follow each other at most, while a stream's cache is half full on average.
     *
     * @param bandwidth      bytes read a second
     * @param streams        1; or 2 or 3, as guidance of pictures needs, which share the reading of weights
     * @param tokensASecond  of the one stream that is wanted
     */
    public record Rate(double bandwidth, int streams, double tokensASecond) {
    }

    /**
     * One kind of memory.
     *
     * @param memory its name
     * @param needed weights, the cache of one stream, and the largest intermediate values, in bytes
     * @param fits   whether one is enough
     * @param count  how many it takes; empty when a single piece is too large for it
     */
    public record Fit(String memory, long needed, boolean fits, Optional<Integer> count) {
    }

    /**
     * Contiguous pieces on each device.
     *
     * @param shares what lies where
     * @param left   pieces for which there is no room, to be streamed from the file
     */
    public record Split(List<Share> shares, Share left) {
    }

    /**
     * Layers divided among hosts as {@code --hosts} of the commands divides them. A step goes from one to the next while the others wait.
     *
     * @param hosts what each has, in their order; empty where they have no room for all
     * @param rates by the number of streams
     */
    public record Spread(List<HostShare> hosts, List<SpreadRate> rates) {
    }

    /**
     * What lies on one host.
     *
     * @param host    its name
     * @param pieces  in words
     * @param bytes   of weights and of the cache of one stream
     * @param seconds that it takes for a step of one stream
     */
    public record HostShare(String host, String pieces, long bytes, double seconds) {
    }

    /**
     * How fast tokens follow each other at most.
     *
     * @param streams       that share each step
     * @param tokensASecond of all of them together
     */
    public record SpreadRate(int streams, double tokensASecond) {
    }

    /**
     * What lies on one device.
     *
     * @param memory its name
     * @param pieces in words, for example {@code embedding, layers 0–17}
     * @param bytes  of weights and of the cache of one stream
     */
    public record Share(String memory, String pieces, long bytes) {
    }
}
