package org.intarsia.planning;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.intarsia.graph.Encoding;
import org.intarsia.planning.api.Blueprint;
import org.intarsia.planning.api.Blueprint.Piece;
import org.intarsia.planning.api.Forecast;
import org.intarsia.planning.api.Forecast.Component;
import org.intarsia.planning.api.Forecast.Encoded;
import org.intarsia.planning.api.Forecast.Fit;
import org.intarsia.planning.api.Forecast.Rate;
import org.intarsia.planning.api.Forecast.Share;
import org.intarsia.planning.api.Forecast.Split;
import org.intarsia.planning.api.Planner.Memory;
import org.intarsia.planning.api.Planner.Question;

/** Counts what a blueprint needs. */
final class Forecaster {
    private static final String BASIS = "planned, not measured";
    private static final int MOST_STREAMS = 3;
    /** More devices of one kind than anybody has: what needs them does not fit. */
    private static final int MOST_DEVICES = 1 << 16;

    private final Blueprint blueprint;
    private final Question question;
    private final int context;
    private final long work;

    Forecaster(Blueprint blueprint, Question question) {
        this.blueprint = blueprint;
        this.question = question;
        this.context = question.context() == 0 ? blueprint.geometry().context() : question.context();
        this.work = Collections.max(blueprint.work().values());
    }

    Forecast forecast() {
        return new Forecast(blueprint.name(), blueprint.family(), BASIS, blueprint.geometry(), components(),
                blueprint.absent(), context, cacheBytes(), blueprint.work(),
                question.encodings().stream().map(this::encoded).toList());
    }

    private List<Component> components() {
        Map<String, Component> components = new LinkedHashMap<>();
        blueprint.pieces().forEach(piece -> components.merge(piece.component(),
                new Component(piece.component(), piece.weights().size(), piece.parameters()), (a, b) ->
                        new Component(a.name(), a.tensors() + b.tensors(), a.parameters() + b.parameters())));
        return List.copyOf(components.values());
    }

    private long cacheBytes() {
        return blueprint.pieces().stream().mapToLong(Piece::cacheBytes).sum();
    }

    private Encoded encoded(Encoding encoding) {
        EncodedPieces pieces = new EncodedPieces(blueprint.pieces(), encoding, context);
        long bytes = IntStream.range(0, pieces.count()).mapToLong(pieces::bytes).sum();
        long perToken = IntStream.range(0, pieces.count()).mapToLong(pieces::readEachToken).sum();
        return new Encoded(encoding, bytes, perToken, rates(perToken),
                question.memories().stream().map(memory -> fit(memory, bytes, pieces)).toList(),
                question.together().isEmpty() ? Optional.empty() : Optional.of(split(question.together(), pieces)),
                question.network().map(network -> new HostForecaster(pieces, network, blueprint.geometry().hidden()).spread(work)));
    }

    private List<Rate> rates(long bytesPerToken) {
        List<Rate> rates = new ArrayList<>();
        for (double bandwidth : question.bandwidths()) {
            for (int streams = 1; streams <= MOST_STREAMS; streams++) {
                double read = bytesPerToken + (double) streams * cacheBytes() * context / 2;
                rates.add(new Rate(bandwidth, streams, bandwidth / read));
            }
        }
        return rates;
    }

    private Fit fit(Memory memory, long bytes, EncodedPieces pieces) {
        long needed = bytes + cacheBytes() * context + work;
        return new Fit(memory.name(), needed, needed <= memory.bytes(), devices(memory, pieces));
    }

    private Optional<Integer> devices(Memory memory, EncodedPieces pieces) {
        Split split = split(Collections.nCopies(MOST_DEVICES, memory), pieces);
        return split.left().bytes() > 0 ? Optional.empty() : Optional.of(split.shares().size());
    }

    /** Fills one device after the other, each with room for intermediate values of its own. */
    private Split split(List<Memory> memories, EncodedPieces pieces) {
        List<Share> shares = new ArrayList<>();
        int next = 0;
        for (Memory memory : memories) {
            long room = memory.bytes() - work;
            int first = next;
            long filled = 0;
            while (next < pieces.count() && filled + pieces.whole(next) <= room) {
                filled += pieces.whole(next);
                next++;
            }
            if (next == pieces.count() && first == next) {
                break;
            }
            shares.add(new Share(memory.name(), pieces.words(first, next), filled));
            if (first == next && memories.size() == MOST_DEVICES) {
                break;
            }
        }
        long left = 0;
        for (int piece = next; piece < pieces.count(); piece++) {
            left += pieces.whole(piece);
        }
        return new Split(shares, new Share("left", pieces.words(next, pieces.count()), left));
    }
}
