package org.intarsia.engine;

import java.util.ArrayList;
import java.util.Arrays;
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
import org.intarsia.model.api.TransformerCore;

/**
 * Several token streams, one step at a time: one plan with a key/value cache for each. The same plan takes a whole prompt
 * in chunks and a single token, since the length of a run is a named size.
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
    private static final String LOGITS = "logits";

    /** About how many tokens one run takes at most, over all streams. */
    private static final int RUN = 1024;
    private static final int LEAST_CHUNK = 16;

    private final int rows;
    private final int places;
    private final int chunk;
    private final int vocabulary;
    private final List<Buffer> states = new ArrayList<>();
    private final int[] fed;
    private final Plan plan;
    private final long bytesPerToken;
    private boolean open = true;

    /**
     * @param rows   how many streams
     * @param places most tokens of one
     */
    Stepper(Compute compute, TransformerCore core, int rows, int places) {
        this.rows = rows;
        this.places = places;
        this.chunk = Math.min(places, Math.max(LEAST_CHUNK, RUN / rows));
        this.vocabulary = core.geometry().vocabulary();
        this.fed = new int[rows];
        GraphBuilder graph = new GraphBuilder();
        Dim length = Dim.named(LENGTH, chunk);
        Shape shape = Shape.of(Dim.fixed(rows), length);
        Node ids = graph.input(IDS, TensorType.i32(shape));
        Node position = graph.input(POSITION, TensorType.i32(shape));
        Node slot = graph.input(SLOT, TensorType.i32(rows));
        Node last = graph.input(LAST, TensorType.i32(rows));
        Node hidden = core.hidden(graph, ids, position, KeyValueCache.states(slot, rows, places));
        Node all = graph.reshape(hidden, Shape.of(shape.count(), hidden.shape().dim(-1)));
        Node logits = core.logits(graph, graph.gather(all, last));
        Graph built = graph.build(Map.of(LOGITS, logits));
        this.bytesPerToken = bytesPerToken(built);
        Map<String, Buffer> bound = new HashMap<>();
        built.leaves(Leaf.State.class).forEach((name, node) -> {
            Buffer state = compute.allocate(node.type());
            states.add(state);
            bound.put(name, state);
        });
        this.plan = compute.compile(built, bound);
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
     * @return the scores of all tokens for each stream that had new tokens; {@code null} for the others
     */
    float[][] next(List<Ids> streams) {
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
            run(streams, Math.min(longest, room), scores);
        }
    }

    private void run(List<Ids> streams, int length, float[][] scores) {
        int[] ids = new int[rows * length];
        int[] position = new int[rows * length];
        int[] slot = new int[rows];
        int[] last = new int[rows];
        boolean[] complete = new boolean[rows];
        for (int row = 0; row < rows; row++) {
            Ids stream = streams.get(row);
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
        }
        plan.input(IDS).write(ids);
        plan.input(POSITION).write(position);
        plan.input(SLOT).write(slot);
        plan.input(LAST).write(last);
        plan.run(Map.of(LENGTH, (long) length));
        float[] logits = plan.output(LOGITS).floats(rows * vocabulary);
        for (int row = 0; row < rows; row++) {
            if (complete[row]) {
                scores[row] = Arrays.copyOfRange(logits, row * vocabulary, (row + 1) * vocabulary);
            }
        }
    }

    @Override
    public void close() {
        open = false;
        plan.close();
        states.forEach(Buffer::close);
    }
}
