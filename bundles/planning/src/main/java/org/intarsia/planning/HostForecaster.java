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
        return LayerSplit.of(bytes, ofCore, readBeside, capacities).map(counts -> spread(counts, ofCore + ofOthers))
                .orElse(new Spread(List.of(), List.of()));
    }

    /** Bytes of pieces that are no layers. */
    private long others(IntPredicate some) {
        return IntStream.range(0, pieces.count()).filter(piece -> !pieces.isLayer(piece)).filter(some).mapToLong(pieces::whole).sum();
    }

    private Spread spread(int[] counts, long onFirst) {
        List<HostShare> shares = new ArrayList<>();
        int next = firstLayer;
        for (int host = 0; host < counts.length; host++) {
            int end = next + counts[host];
            String words = pieces.words(next, end);
            shares.add(new HostShare(network.hosts().get(host).name(), host == 0 ? words + ", and all that is no layer" : words,
                    (host == 0 ? onFirst : 0) + IntStream.range(next, end).mapToLong(pieces::whole).sum(), seconds(host, next, end, 1)));
            next = end;
        }
        return new Spread(shares, STREAMS.stream().map(streams -> new SpreadRate(streams, streams / step(counts, streams))).toList());
    }

    /** Seconds of a step through all hosts. */
    private double step(int[] counts, int streams) {
        double seconds = 0;
        int next = firstLayer;
        for (int host = 0; host < counts.length; host++) {
            int end = next + counts[host];
            seconds += seconds(host, next, end, streams);
            if (host > 0 && counts[host] > 0) {
                seconds += network.roundTrip() + 2.0 * rowBytes * streams / network.link();
            }
            next = end;
        }
        return seconds;
    }

    /** Seconds in which a host reads what it needs for a step; caches are half full. The first has the heads, too. */
    private double seconds(int host, int from, int to, int streams) {
        double read = IntStream.range(0, pieces.count())
                .filter(piece -> piece >= from && piece < to || host == 0 && !pieces.isLayer(piece))
                .mapToDouble(piece -> pieces.readEachToken(piece) + streams * pieces.cache(piece) / 2.0).sum();
        return read / network.hosts().get(host).bandwidth();
    }
}
