package org.intarsia.planning;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.intarsia.engine.stages.LayerSplit;
import org.intarsia.engine.stages.StageHost.Capacity;
import org.intarsia.planning.api.Forecast.HostShare;
import org.intarsia.planning.api.Forecast.Spread;
import org.intarsia.planning.api.Forecast.SpreadRate;
import org.intarsia.planning.api.Planner.Host;
import org.intarsia.planning.api.Planner.Network;

/**
 * Divides layers among hosts as they are divided when a model runs, and counts the time of a step: each host reads its weights and
 * caches while the others wait, and each but the first takes the residual stream from the first and gives it back.
 */
final class HostForecaster {
    private static final List<Integer> STREAMS = List.of(1, 3, 8);

    private final EncodedPieces pieces;
    private final Network network;
    /** Bytes of a token's row of the residual stream. */
    private final long rowBytes;
    private final int firstLayer;
    private final int layers;

    /** @param hidden numbers of a token's row of the residual stream */
    HostForecaster(EncodedPieces pieces, Network network, int hidden) {
        this.pieces = pieces;
        this.network = network;
        this.rowBytes = (long) Float.BYTES * hidden;
        int[] all = IntStream.range(0, pieces.count()).filter(pieces::isLayer).toArray();
        this.firstLayer = all[0];
        this.layers = all.length;
    }

    /** @param work bytes of intermediate values, for which each host needs room */
    Spread spread(long work) {
        long[] bytes = IntStream.range(firstLayer, firstLayer + layers).mapToLong(pieces::whole).toArray();
        String core = pieces.component(firstLayer);
        long ofCore = others(piece -> pieces.component(piece).equals(core));
        long ofOthers = others(piece -> !pieces.component(piece).equals(core));
        long readBeside = IntStream.range(0, pieces.count()).filter(piece -> !pieces.isLayer(piece)).mapToLong(pieces::readEachToken).sum();
        List<Capacity> capacities = new ArrayList<>();
        for (Host host : network.hosts()) {
            long taken = work + (capacities.isEmpty() ? ofOthers : 0);
            capacities.add(new Capacity(Math.max(1, host.memoryBytes() - taken), host.bandwidth()));
        }
        return LayerSplit.of(bytes, ofCore, readBeside, capacities).map(counts -> spread(parts(counts), ofCore + ofOthers))
                .orElse(new Spread(List.of(), List.of()));
    }

    /** Bytes of pieces that are no layers. */
    private long others(IntPredicate some) {
        return IntStream.range(0, pieces.count()).filter(piece -> !pieces.isLayer(piece)).filter(some).mapToLong(pieces::whole).sum();
    }

    private List<Part> parts(int[] counts) {
        List<Part> parts = new ArrayList<>();
        int next = firstLayer;
        for (int host = 0; host < counts.length; host++) {
            parts.add(new Part(network.hosts().get(host), host == 0, next, next + counts[host]));
            next += counts[host];
        }
        return parts;
    }

    private Spread spread(List<Part> parts, long onFirst) {
        return new Spread(parts.stream().map(part -> share(part, part.first ? onFirst : 0)).toList(),
                STREAMS.stream().map(streams -> new SpreadRate(streams, streams / step(parts, streams))).toList());
    }

    /** Seconds of a step through all hosts. */
    private double step(List<Part> parts, int streams) {
        return parts.stream().mapToDouble(part -> seconds(part, streams) + hop(part, streams)).sum();
    }

    private HostShare share(Part part, long beside) {
        String words = pieces.words(part.from, part.to);
        return new HostShare(part.host.name(), part.first ? words + ", and all that is no layer" : words,
                beside + IntStream.range(part.from, part.to).mapToLong(pieces::whole).sum(), seconds(part, 1));
    }

    /** Seconds in which a host reads what it needs for a step; caches are half full. The first has the heads, too. */
    private double seconds(Part part, int streams) {
        double read = IntStream.range(0, pieces.count())
                .filter(piece -> piece >= part.from && piece < part.to || part.first && !pieces.isLayer(piece))
                .mapToDouble(piece -> pieces.readEachToken(piece) + streams * pieces.cache(piece) / 2.0).sum();
        return read / part.host.bandwidth();
    }

    /** Seconds of the way to a host and back. */
    private double hop(Part part, int streams) {
        return part.first || part.from == part.to ? 0 : network.roundTrip() + 2.0 * rowBytes * streams / network.link();
    }

    /**
     * A host with its layers.
     *
     * @param first whether it has the prompt
     * @param from  the first of its layers, as a piece
     * @param to    the piece behind its last layer
     */
    private record Part(Host host, boolean first, int from, int to) {
    }
}
