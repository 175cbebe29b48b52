package org.intarsia.engine;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
import org.intarsia.model.api.TransformerCore;
import org.intarsia.model.api.TransformerCore.Head;

/**
 * Several token streams, one step at a time: one plan with a key/value cache for each. The same plan takes a whole prompt
 * in chunks and a single token, since the length of a run is a named size. Where features of pictures are fed, and where
 * other scores are asked for, another plan works on the same cache.
 *
 * <p>Nothing but the tokens matters: what the cache has not seen yet is fed, so a new stepper takes over from an old one
 * by reading the tokens again. Not safe for use by several threads; use it inside {@link Registry#using}.
 */
final class Stepper implements AutoCloseable {
    private static final String LENGTH = "length";
    private static final String IDS = "ids";
    private static final String POSITION = "position";
    private static final String SLOT = "slot";
    private static final String LAST = "last";
    private static final String FEATURES = "features";
    private static final String GIVEN = "given";

    /** About how many tokens one run takes at most, over all streams. */
    private static final int RUN = 1024;
    private static final int LEAST_CHUNK = 16;

    private final int rows;
    private final int places;
    private final int chunk;
    private final Compute compute;
    private final TransformerCore core;
    private final Map<String, Buffer> states = new HashMap<>();
    private final int[] fed;
    private final Map<Variant, Plan> plans = new HashMap<>();
    private final long bytesPerToken;
    private boolean open = true;

    /**
     * What a plan is for.
     *
     * @param features whether some tokens are given as features
     * @param heads    what is scored
     */
    private record Variant(boolean features, Set<Head> heads) {
    }

    /**
     * @param rows   how many streams
     * @param places most tokens of one
     */
    Stepper(Compute compute, TransformerCore core, int rows, int places) {
        this.rows = rows;
        this.places = places;
        this.chunk = Math.min(places, Math.max(LEAST_CHUNK, RUN / rows));
        this.compute = compute;
        this.core = core;
        this.fed = new int[rows];
        boolean makesPictures = core.format().tokens().pictureIds().length > 0;
        Graph graph = graph(new Variant(false, EnumSet.of(head(makesPictures ? Head.PICTURE : Head.TEXT))));
        this.bytesPerToken = bytesPerToken(graph);
        graph.leaves(Leaf.State.class).forEach((name, node) -> states.put(name, compute.allocate(node.type())));
    }

    /** The head that a plan computes for another: families with one head need no second plan. */
    private Head head(Head asked) {
        return core.hasOneHead() ? Head.TEXT : asked;
    }

    private Plan plan(Variant variant) {
        return plans.computeIfAbsent(variant, key -> compute.compile(graph(key), states));
    }

    private Graph graph(Variant variant) {
        GraphBuilder graph = new GraphBuilder();
        Dim length = Dim.named(LENGTH, chunk);
        Shape shape = Shape.of(Dim.fixed(rows), length);
        Node ids = graph.input(IDS, TensorType.i32(shape));
        Node position = graph.input(POSITION, TensorType.i32(shape));
        Node slot = graph.input(SLOT, TensorType.i32(rows));
        Node last = graph.input(LAST, TensorType.i32(rows));
        Node embedded = core.embed(graph, ids);
        if (variant.features()) {
            Node given = graph.input(GIVEN, TensorType.i32(shape.concat(Shape.of(1))));
            Node features = graph.input(FEATURES, TensorType.f32(embedded.shape()));
            embedded = graph.select(given, features, embedded);
        }
        Node hidden = core.hidden(graph, embedded, position, KeyValueCache.states(slot, rows, places));
        Node all = graph.reshape(hidden, Shape.of(shape.count(), hidden.shape().dim(-1)));
        Node wanted = graph.gather(all, last);
        Map<String, Node> outputs = new HashMap<>();
        variant.heads().forEach(head -> outputs.put(head.name(), core.logits(graph, wanted, head)));
        return graph.build(outputs);
    }

    /** Whether its device is still there. */
    boolean isOpen() {
        return open;
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

    int places() {
        return places;
    }

    /** Forgets what was fed. */
    void rewind() {
        Arrays.fill(fed, 0);
    }

    /**
     * Feeds what is new in each stream, and gives the scores of the token that follows.
     *
     * @param streams as many as rows; those without new tokens rest
     * @param heads   what each stream asks for
     * @return by id the scores of all tokens that its head scores, for each stream that had new tokens; {@code null} for
     *         the others
     */
    float[][] next(List<TokenRow> streams, List<Head> heads) {
        float[][] scores = new float[rows][];
        while (true) {
            int longest = 0;
            int room = chunk;
            for (int row = 0; row < rows; row++) {
                int pending = streams.get(row).size() - fed[row];
                longest = Math.max(longest, pending);
                room = pending > 0 ? Math.min(room, places - fed[row]) : room;
            }
            if (longest == 0) {
                return scores;
            }
            run(streams, heads, Math.min(longest, room), scores);
        }
    }

    private void run(List<TokenRow> streams, List<Head> heads, int length, float[][] scores) {
        int[] ids = new int[rows * length];
        int[] position = new int[rows * length];
        int[] slot = new int[rows];
        int[] last = new int[rows];
        boolean[] complete = new boolean[rows];
        Set<Head> asked = EnumSet.noneOf(Head.class);
        boolean features = false;
        int[] from = fed.clone();
        for (int row = 0; row < rows; row++) {
            TokenRow stream = streams.get(row);
            int count = Math.min(length, stream.size() - fed[row]);
            // Behind a stream's tokens stands padding. It is overwritten before anything looks at it; a stream that has
            // reached the end of its places rests for good, so there it may overwrite what was.
            int start = Math.min(fed[row], places - length);
            for (int i = 0; i < length; i++) {
                ids[row * length + i] = i < count ? stream.at(fed[row] + i) : 0;
                position[row * length + i] = start + i;
            }
            slot[row] = row;
            last[row] = row * length + Math.max(0, count - 1);
            fed[row] += count;
            complete[row] = count > 0 && fed[row] == stream.size();
            asked.add(head(heads.get(row)));
            features |= count > 0 && stream.hasFeatures(from[row], count);
        }
        Plan plan = plan(new Variant(features, asked));
        if (features) {
            writeFeatures(plan, streams, from, length);
        }
        plan.input(IDS).write(ids);
        plan.input(POSITION).write(position);
        plan.input(SLOT).write(slot);
        plan.input(LAST).write(last);
        plan.run(Map.of(LENGTH, (long) length));
        for (Head head : asked) {
            Buffer output = plan.output(head.name());
            int count = Math.toIntExact(output.type().shape().size(-1));
            float[] logits = output.floats(rows * count);
            for (int row = 0; row < rows; row++) {
                if (complete[row] && head == head(heads.get(row))) {
                    scores[row] = new float[core.geometry().vocabulary()];
                    Arrays.fill(scores[row], Float.NEGATIVE_INFINITY);
                    System.arraycopy(logits, row * count, scores[row], core.firstId(head), count);
                }
            }
        }
    }

    private void writeFeatures(Plan plan, List<TokenRow> streams, int[] from, int length) {
        int hidden = core.geometry().hidden();
        int[] given = new int[rows * length];
        float[] values = new float[rows * length * hidden];
        for (int row = 0; row < rows; row++) {
            TokenRow stream = streams.get(row);
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
