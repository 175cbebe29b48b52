package org.intarsia.planning;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.intarsia.graph.Encoding;
import org.intarsia.planning.api.Blueprint;
import org.intarsia.planning.api.Blueprint.Piece;
import org.intarsia.planning.api.Blueprint.Weight;
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
        long bytes = blueprint.pieces().stream().mapToLong(piece -> bytes(piece, encoding)).sum();
        long perToken = blueprint.pieces().stream().flatMap(piece -> piece.weights().stream()).filter(Weight::whole)
                .mapToLong(weight -> Storage.type(weight.name(), weight.shape(), encoding).bytes()).sum();
        return new Encoded(encoding, bytes, perToken, rates(perToken),
                question.memories().stream().map(memory -> fit(memory, bytes, encoding)).toList(),
                question.together().isEmpty() ? Optional.empty() : Optional.of(split(question.together(), encoding)));
    }

    private static long bytes(Piece piece, Encoding encoding) {
        return piece.weights().stream().mapToLong(weight -> Storage.type(weight.name(), weight.shape(), encoding).bytes()).sum();
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

    private Fit fit(Memory memory, long bytes, Encoding encoding) {
        long needed = bytes + cacheBytes() * context + work;
        return new Fit(memory.name(), needed, needed <= memory.bytes(), devices(memory, encoding));
    }

    private Optional<Integer> devices(Memory memory, Encoding encoding) {
        Split split = split(Collections.nCopies(MOST_DEVICES, memory), encoding);
        return split.left().bytes() > 0 ? Optional.empty() : Optional.of(split.shares().size());
    }

    /** Fills one device after the other, each with room for intermediate values of its own. */
    private Split split(List<Memory> memories, Encoding encoding) {
        List<Share> shares = new ArrayList<>();
        int next = 0;
        for (Memory memory : memories) {
            long room = memory.bytes() - work;
            int first = next;
            long filled = 0;
            while (next < blueprint.pieces().size() && filled + whole(next, encoding) <= room) {
                filled += whole(next, encoding);
                next++;
            }
            if (next == blueprint.pieces().size() && first == next) {
                break;
            }
            shares.add(new Share(memory.name(), words(first, next), filled));
            if (first == next && memories.size() == MOST_DEVICES) {
                break;
            }
        }
        long left = 0;
        for (int piece = next; piece < blueprint.pieces().size(); piece++) {
            left += whole(piece, encoding);
        }
        return new Split(shares, new Share("left", words(next, blueprint.pieces().size()), left));
    }

    private long whole(int piece, Encoding encoding) {
        Piece one = blueprint.pieces().get(piece);
        return bytes(one, encoding) + one.cacheBytes() * context;
    }

    /** The names of pieces; layers in a row as one. */
    private String words(int from, int to) {
        List<String> words = new ArrayList<>();
        for (int piece = from; piece < to; piece++) {
            String name = blueprint.pieces().get(piece).name();
            int end = piece;
            while (name.startsWith("layer ") && end + 1 < to && blueprint.pieces().get(end + 1).name().startsWith("layer ")) {
                end++;
            }
            words.add(end == piece ? name : "layers " + name.substring("layer ".length()) + "–"
                    + blueprint.pieces().get(end).name().substring("layer ".length()));
            piece = end;
        }
        return words.isEmpty() ? "nothing" : String.join(", ", words);
    }
}
