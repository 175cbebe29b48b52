package org.intarsia.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.intarsia.backend.api.Buffer;
import org.intarsia.backend.api.Plan;
import org.intarsia.graph.Dim;
import org.intarsia.graph.Graph;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.graph.op.Index;
import org.intarsia.graph.op.Leaf;
import org.intarsia.model.api.KeyValueCache;
import org.intarsia.model.api.TokenRow;
import org.intarsia.model.api.TransformerCore.Head;
import org.intarsia.model.api.TransformerCore;
import org.intarsia.weights.Weights;

/**
 * Several token streams, one step at a time, with a key/value cache that has a slot for each. The same plan takes a whole
 * prompt in chunks and a single token, since the length of a run is a named size. Where features of pictures are fed, where
 * other scores are asked for, and where another number of streams runs, another plan works on the same cache.
 *
 * <p>Nothing but the tokens matters: what the cache has not seen yet is fed, so a new stepper takes over from an old one
 * by reading the tokens again, or, on the same device, by {@linkplain #adopt copying} what the old one has read. A stream
 * keeps its slot as long as it is asked for. Not safe for use by several threads; use it inside {@link Registry#using}.
 */
final class Stepper implements AutoCloseable {
    private static final String LENGTH = "length";
    private static final String IDS = "ids";
    private static final String PLACE = "place";
    private static final String POSITION = "position.";
    private static final String SLOT = "slot";
    private static final String LAST = "last";
    private static final String FEATURES = "features";
    private static final String GIVEN = "given";
    private static final int[] NOTHING = {};

    /** About how many tokens one run takes at most, over all streams. */
    private static final int RUN = 1024;
    private static final int LEAST_CHUNK = 16;
    /** The most plans that are kept for checks of proposed tokens: each has memory for the scores of all its tokens. */
    private static final int MOST_CHECKS = 4;

    private final int rows;
    private final int places;
    private final Compute compute;
    private final TransformerCore core;
    private final Weights weights;
    private final Map<String, Buffer> states = new HashMap<>();
    private final List<Slot> slots;
    private final Map<Variant, Plan> plans = new LinkedHashMap<>();
    private final long bytesPerToken;
    private boolean open = true;

    /**
     * What a plan is for.
     *
     * @param sequences how many streams run
     * @param features  whether some tokens are given as features
     * @param heads     what is scored
     * @param scored    the length of a run of which every token is scored; 0 where a run has any length, and one of each sequence is
     */
    private record Variant(int sequences, boolean features, Set<Head> heads, int scored) {
    }

    /** A row of the cache. */
    private static final class Slot {
        private final int number;
        private TokenRow stream;
        private int fed;
        /** Proposed tokens that stand in the cache behind those of the stream. */
        private int[] ahead = NOTHING;

        Slot(int number) {
            this.number = number;
        }

        void hold(TokenRow held, int read) {
            stream = held;
            fed = read;
            ahead = NOTHING;
        }

        int pending() {
            return stream.size() - fed;
        }

        /** Counts proposed tokens as read as far as the stream goes on with them; what is in the cache behind is overwritten. */
        void settle() {
            for (int i = 0; i < ahead.length && pending() > 0 && stream.at(fed) == ahead[i]; i++) {
                fed++;
            }
            ahead = NOTHING;
        }
    }

    /**
     * @param rows   most streams
     * @param places most tokens of one
     */
    Stepper(Compute compute, TransformerCore core, Weights weights, int rows, int places) {
        this.rows = rows;
        this.places = places;
        this.compute = compute;
        this.core = core;
        this.weights = weights;
        this.slots = IntStream.range(0, rows).mapToObj(Slot::new).toList();
        boolean makesPictures = core.format().tokens().pictureIds().length > 0;
        Graph graph = graph(new Variant(rows, false, EnumSet.of(head(makesPictures ? Head.PICTURE : Head.TEXT)), 0));
        this.bytesPerToken = bytesPerToken(graph);
        graph.leaves(Leaf.State.class).forEach((name, node) -> states.put(name, compute.allocate(node.type())));
    }

    /** The head that a plan computes for another: families with one head need no second plan. */
    private Head head(Head asked) {
        return core.hasOneHead() ? Head.TEXT : asked;
    }

    /** Most tokens that one run takes of each stream: whatever the cache has room for, equal streams are read equally. */
    private int chunk(int sequences) {
        return Math.min(places, Math.max(LEAST_CHUNK, RUN / sequences));
    }

    private Plan plan(Variant variant) {
        if (variant.scored() > 0 && !plans.containsKey(variant)) {
            List<Variant> checks = plans.keySet().stream().filter(known -> known.scored() > 0).toList();
            if (checks.size() == MOST_CHECKS) {
                plans.remove(checks.getFirst()).close();
            }
        }
        return plans.computeIfAbsent(variant, key -> compute.compile(graph(key), weights, states));
    }

    private Graph graph(Variant variant) {
        GraphBuilder graph = new GraphBuilder();
        int sequences = variant.sequences();
        boolean checks = variant.scored() > 0;
        Shape shape = Shape.of(Dim.fixed(sequences), checks ? Dim.fixed(variant.scored()) : Dim.named(LENGTH, chunk(sequences)));
        Node ids = graph.input(IDS, TensorType.i32(shape));
        Node place = graph.input(PLACE, TensorType.i32(shape));
        List<Node> positions = core.axes() == 1 ? List.of(place) : IntStream.range(0, core.axes())
                .mapToObj(axis -> graph.input(POSITION + axis, TensorType.i32(shape))).toList();
        Node slot = graph.input(SLOT, TensorType.i32(sequences));
        Node embedded = core.embed(graph, ids);
        if (variant.features()) {
            Node given = graph.input(GIVEN, TensorType.i32(shape.concat(Shape.of(1))));
            Node features = graph.input(FEATURES, TensorType.f32(embedded.shape()));
            embedded = graph.select(given, features, embedded);
        }
        Node hidden = core.hidden(graph, embedded, place, positions, KeyValueCache.states(slot, rows, places));
        Node all = graph.reshape(hidden, Shape.of(shape.count(), hidden.shape().dim(-1)));
        Node wanted = checks ? all : graph.gather(all, graph.input(LAST, TensorType.i32(sequences)));
        Map<String, Node> outputs = new HashMap<>();
        variant.heads().forEach(head -> outputs.put(head.name(), core.logits(graph, wanted, head)));
        return graph.build(outputs);
    }

    /** Whether its device is still there. */
    boolean isOpen() {
        return open;
    }

    /** Whether so many streams of so many tokens fit in. */
    boolean holds(int streams, int tokens) {
        return streams <= rows && tokens <= places;
    }

    /** Bytes of weights that a run reads whole. */
    long bytesPerToken() {
        return bytesPerToken;
    }

    private static long bytesPerToken(Graph graph) {
        Set<Node> whole = new HashSet<>();
        for (Node node : graph.nodes()) {
            // Of the first operand a gather reads some rows alone.
            int first = node.op() instanceof Index.Gather ? 1 : 0;
            whole.addAll(node.operands().subList(first, node.operands().size()));
        }
        return whole.stream().filter(node -> node.op() instanceof Leaf.Parameter)
                .mapToLong(node -> node.type().bytes()).sum();
    }

    int rows() {
        return rows;
    }

    /** Forgets what was fed. */
    void rewind() {
        slots.forEach(slot -> slot.hold(null, 0));
    }

    /** Takes over what another stepper on the same device has read of these streams; call it before any is fed. */
    void adopt(Stepper former, List<TokenRow> streams) {
        former.slots.forEach(Slot::settle);
        List<Slot> known = former.slots.stream()
                .filter(slot -> slot.fed > 0 && streams.stream().anyMatch(stream -> stream == slot.stream)).toList();
        if (!known.isEmpty()) {
            double[] from = known.stream().mapToDouble(slot -> slot.number).toArray();
            states.forEach((name, state) -> copy(former.states.get(name), from, state));
            for (int i = 0; i < from.length; i++) {
                slots.get(i).hold(known.get(i).stream, known.get(i).fed);
            }
        }
    }

    /** Copies these rows of one state to the first of another. */
    private void copy(Buffer source, double[] from, Buffer target) {
        GraphBuilder graph = new GraphBuilder();
        TensorType slot = TensorType.i32(from.length);
        long common = Math.min(source.type().shape().size(1), target.type().shape().size(1));
        Node rows = graph.gather(graph.state("source", source.type()), graph.constant(slot, from));
        Node position = graph.iota(TensorType.i32(from.length, common), 1);
        Node copied = graph.stateAppend(graph.state("target", target.type()), graph.slice(rows, 1, 0, common), position,
                graph.iota(slot, 0));
        try (Plan plan = compute.compile(graph.build(Map.of("copied", copied)), weights,
                Map.of("source", source, "target", target))) {
            plan.run();
        }
    }

    /** As {@link #next(List, List, List)}, without proposed tokens. */
    float[][] next(List<TokenRow> streams, List<Head> heads) {
        return Arrays.stream(next(streams, heads, Collections.nCopies(streams.size(), NOTHING)))
                .map(places -> places == null ? null : places[0]).toArray(float[][]::new);
    }

    /**
     * Feeds what is new in each stream, and gives the scores of the token that follows; and of those behind each proposed token,
     * where nothing but one token is new in each stream, and all streams have room. Proposed tokens are fed, too, but are no part of
     * the streams.
     *
     * @param streams  those that are live; what was read of others is forgotten, and those without new tokens rest
     * @param heads    what each stream asks for
     * @param proposed what may follow in each stream
     * @return by id the scores of all tokens that its head scores, for each stream that had new or proposed tokens, behind its last
     *         token, and then behind each proposed one; {@code null} for the others
     */
    float[][][] next(List<TokenRow> streams, List<Head> heads, List<int[]> proposed) {
        List<Slot> all = slots(streams);
        float[][][] scores = new float[all.size()][][];
        int length = checked(all, proposed);
        if (length > 0) {
            run(all, heads, proposed, length, scores);
            return scores;
        }
        List<int[]> nothing = Collections.nCopies(all.size(), NOTHING);
        if (all.stream().anyMatch(slot -> slot.fed > 0)) {
            // A stream that lags reads alone what the others have no part in: beside it they would be padding.
            boolean joins = all.stream().anyMatch(slot -> slot.fed == 0);
            int common = joins ? 1 : all.stream().mapToInt(Slot::pending).filter(count -> count > 0).min().orElse(0);
            for (int i = 0; i < all.size(); i++) {
                readAlone(all.get(i), heads.get(i), common);
            }
        }
        while (true) {
            int longest = 0;
            int room = chunk(all.size());
            for (Slot slot : all) {
                longest = Math.max(longest, slot.pending());
                room = slot.pending() > 0 ? Math.min(room, places - slot.fed) : room;
            }
            if (longest == 0) {
                return scores;
            }
            run(all, heads, nothing, Math.min(longest, room), scores);
        }
    }

    /** Returns the length of a run that checks what is proposed: the last token of each stream, and the longest proposal; 0 for none. */
    private int checked(List<Slot> all, List<int[]> proposed) {
        int longest = proposed.stream().mapToInt(tokens -> tokens.length).max().orElse(0);
        if (longest == 0) {
            return 0;
        }
        for (int i = 0; i < all.size(); i++) {
            Slot slot = all.get(i);
            if (slot.pending() == 0 && proposed.get(i).length > 0) {
                // Nothing was accepted: its last token is scored again, beside others.
                slot.fed--;
            }
        }
        boolean fits = all.stream().filter(slot -> slot.pending() > 0)
                .allMatch(slot -> slot.pending() == 1 && slot.fed + longest < places);
        return fits ? longest + 1 : 0;
    }

    /** Up to its last tokens, of which the very last gives the scores. */
    private void readAlone(Slot slot, Head head, int left) {
        while (slot.pending() > left) {
            run(List.of(slot), List.of(head), List.of(NOTHING), Math.min(slot.pending() - left, chunk(1)), new float[1][][]);
        }
    }

    /** The slot of each stream. Streams are told apart by what they are: two may hold the same tokens. */
    private List<Slot> slots(List<TokenRow> streams) {
        slots.stream().filter(slot -> streams.stream().noneMatch(stream -> stream == slot.stream))
                .forEach(slot -> slot.hold(null, 0));
        List<Slot> all = new ArrayList<>();
        for (TokenRow stream : streams) {
            Slot slot = slot(stream).or(() -> slot(null)).orElseThrow();
            slot.stream = stream;
            slot.settle();
            all.add(slot);
        }
        return all;
    }

    private Optional<Slot> slot(TokenRow stream) {
        return slots.stream().filter(slot -> slot.stream == stream).findFirst();
    }

    /** @param proposed where there are any, every token of the run is scored */
    private void run(List<Slot> running, List<Head> heads, List<int[]> proposed, int length, float[][][] scores) {
        int sequences = running.size();
        boolean checks = proposed.stream().anyMatch(tokens -> tokens.length > 0);
        int scored = checks ? length : 1;
        int[] ids = new int[sequences * length];
        int[] placeOf = new int[sequences * length];
        int[][] positions = new int[core.axes() == 1 ? 0 : core.axes()][sequences * length];
        int[] slot = new int[sequences];
        int[] last = new int[sequences];
        boolean[] complete = new boolean[sequences];
        Set<Head> asked = EnumSet.noneOf(Head.class);
        boolean features = false;
        int[] from = running.stream().mapToInt(held -> held.fed).toArray();
        for (int row = 0; row < sequences; row++) {
            Slot held = running.get(row);
            TokenRow stream = held.stream;
            int count = Math.min(length, held.pending());
            int[] ahead = proposed.get(row);
            // Behind a stream's tokens stands padding. It is overwritten before anything looks at it; a stream that has
            // reached the end of its places rests for good, so there it may overwrite what was.
            int start = Math.min(from[row], places - length);
            for (int i = 0; i < length; i++) {
                int behind = i - count;
                ids[row * length + i] = behind < 0 ? stream.at(from[row] + i) : behind < ahead.length ? ahead[behind] : 0;
                placeOf[row * length + i] = start + i;
                for (int axis = 0; axis < positions.length; axis++) {
                    positions[axis][row * length + i] = stream.position(start + i, axis);
                }
            }
            slot[row] = held.number;
            last[row] = row * length + Math.max(0, count - 1);
            held.fed += count;
            held.ahead = ahead;
            complete[row] = count > 0 && held.pending() == 0;
            asked.add(head(heads.get(row)));
            features |= count > 0 && stream.hasFeatures(from[row], count);
        }
        Plan plan = plan(new Variant(sequences, features, asked, checks ? length : 0));
        if (features) {
            writeFeatures(plan, running, from, length);
        }
        plan.input(IDS).write(ids);
        plan.input(PLACE).write(placeOf);
        for (int axis = 0; axis < positions.length; axis++) {
            plan.input(POSITION + axis).write(positions[axis]);
        }
        plan.input(SLOT).write(slot);
        if (checks) {
            plan.run();
        } else {
            plan.input(LAST).write(last);
            plan.run(Map.of(LENGTH, (long) length));
        }
        for (Head head : asked) {
            Buffer output = plan.output(head.name());
            int count = Math.toIntExact(output.type().shape().size(-1));
            float[] logits = output.floats(sequences * scored * count);
            for (int row = 0; row < sequences; row++) {
                if (complete[row] && head == head(heads.get(row))) {
                    scores[row] = new float[1 + proposed.get(row).length][core.geometry().vocabulary()];
                    for (int place = 0; place < scores[row].length; place++) {
                        Arrays.fill(scores[row][place], Float.NEGATIVE_INFINITY);
                        System.arraycopy(logits, (row * scored + place) * count, scores[row][place], core.firstId(head), count);
                    }
                }
            }
        }
    }

    private void writeFeatures(Plan plan, List<Slot> running, int[] from, int length) {
        int hidden = core.geometry().hidden();
        int[] given = new int[running.size() * length];
        float[] values = new float[running.size() * length * hidden];
        for (int row = 0; row < running.size(); row++) {
            TokenRow stream = running.get(row).stream;
            for (int i = 0; i < length && from[row] + i < stream.size(); i++) {
                int place = row * length + i;
                given[place] = stream.copyFeatures(from[row] + i, values, place * hidden) ? 1 : 0;
            }
        }
        plan.input(GIVEN).write(given);
        plan.input(FEATURES).write(values);
    }

    @Override
    public void close() {
        open = false;
        plans.values().forEach(Plan::close);
        states.values().forEach(Buffer::close);
    }
}
