package org.intarsia.engine.scheduler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.api.Buffer;
import org.intarsia.backend.api.DeviceLostException;
import org.intarsia.backend.api.Plan;
import org.intarsia.backend.api.Precision;
import org.intarsia.engine.scheduler.StepGraph.Variant;
import org.intarsia.engine.stages.StageLayers;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Graph;
import org.intarsia.graph.GraphStages;
import org.intarsia.graph.Node;
import org.intarsia.graph.op.Leaf;
import org.intarsia.model.api.TokenRow;
import org.intarsia.model.api.TransformerCore;
import org.intarsia.model.api.TransformerCore.Head;

/**
 * One model on one device: the plans of a step, and the cache of keys and values that all streams share.
 *
 * <p>Nothing but the tokens matters: what the cache does not hold of a stream is read, so a new runner may take over from one that
 * was lost by reading the tokens again. From one that still works it takes what was read ({@link SavedCache}). The cache grows as long as it may, by copying; a stream that finds no room has to wait until others
 * {@linkplain #forget have given theirs back}. Not safe for use by several threads.
 */
public final class StepRunner implements AutoCloseable {
    /** Places of a block: of long contexts more, so that tables stay short. */
    private static final int SMALL_BLOCK = 16;
    private static final int LARGE_BLOCK = 64;
    private static final int LONG_CONTEXT = 4096;
    /** The cache begins with so many places, or as many as a stream may have. */
    private static final int FIRST_PLACES = 1024;
    /** The most numbers of scores: they are read back whole. */
    private static final int MOST_SCORES = 1 << 24;
    private static final int LEAST_SCORED = 32;
    /** Up to so many tokens each number is a size of its own; behind it there are so many sizes from a number to its double. */
    private static final int EACH = 8;
    private static final int SIZES = 4;

    private final PlanCompiler compiler;
    private final TransformerCore core;
    private final SchedulerLimits limits;
    private final int size;
    private final int scored;
    /** Blocks behind those of streams, into which padding is written. */
    private final int scratch;
    private final Encoding encoding;
    private final boolean alike;
    private BlockPool pool;
    private final Map<TokenRow, Sequence> sequences = new IdentityHashMap<>();
    private final Map<Variant, Plan> plans = new HashMap<>();
    private Map<String, Buffer> states = new HashMap<>();
    private StepGraph graphs;
    private int mostBlocks;

    /** @param encoding how keys and values are kept: F32, F16 or BF16 */
    public StepRunner(PlanCompiler compiler, TransformerCore core, SchedulerLimits limits, Encoding encoding) {
        this.compiler = compiler;
        this.core = core;
        this.limits = limits;
        this.encoding = encoding;
        size = blockSize(core);
        scored = Math.clamp(MOST_SCORES / core.geometry().vocabulary(), LEAST_SCORED, Math.max(LEAST_SCORED, limits.tokens()));
        alike = compiler.isAlikeBesideOthers();
        pool = new BlockPool(size, alike);
        int first = firstBlocks(core);
        scratch = scratchBlocks(core, limits);
        graphs = new StepGraph(core, limits.tokens(), scored, first + scratch, size, encoding, compiler.boundaries());
        Graph usual = graphs.build(graphs.usual());
        states = compiler.allocate(usual);
        long blockBytes = states.values().stream().mapToLong(state -> state.type().bytes()).sum() / (first + scratch);
        // The longest stream must fit, and so must all that a step reads.
        mostBlocks = Math.toIntExact(Math.max(limits.cacheBytes() / blockBytes, graphs.tableWidth() + Math.ceilDiv(limits.tokens(), size)));
        pool.grow(first);
    }

    private static int blockSize(TransformerCore core) {
        return core.geometry().context() > LONG_CONTEXT ? LARGE_BLOCK : SMALL_BLOCK;
    }

    private static int firstBlocks(TransformerCore core) {
        return Math.ceilDiv(Math.min(core.geometry().context(), FIRST_PLACES), blockSize(core));
    }

    private static int scratchBlocks(TransformerCore core, SchedulerLimits limits) {
        return Math.ceilDiv(limits.tokens(), SIZES * blockSize(core)) + 1;
    }

    /**
     * Describes some layers as a runner with these limits needs them of another host.
     *
     * @param weights   the hash of the model's weights
     * @param first     the first layer
     * @param last      the last layer
     * @param encoding  how keys and values are kept
     * @param precision how exactly they are computed
     */
    public static StageLayers layers(TransformerCore core, SchedulerLimits limits, String weights, int first, int last, Encoding encoding,
            Precision precision) {
        StageLayers layers = new StageLayers(weights, first, last, limits.tokens(), firstBlocks(core) + scratchBlocks(core, limits),
                blockSize(core), encoding, precision, "");
        return layers.with(GraphHash.of(StageRunner.graph(StageRunner.step(core, layers, layers.blocks()), layers)));
    }

    /**
     * The memory of a model by its parts.
     *
     * @param layers bytes of each layer: the weights that a step reads whole, and the keys and values that a runner begins with
     * @param fixed  bytes of all other weights
     * @param read   as many of those as a step reads whole
     */
    public record LayerBytes(long[] layers, long fixed, long read) {
        /** Returns the bytes of all parts. */
        public long all() {
            return Arrays.stream(layers).sum() + fixed;
        }
    }

    /**
     * Counts the memory of a model.
     *
     * @param encoding how keys and values are kept
     */
    public static LayerBytes layerBytes(TransformerCore core, SchedulerLimits limits, Encoding encoding) {
        int count = core.geometry().layers();
        List<Integer> boundaries = IntStream.range(0, count).boxed().toList();
        StepGraph step = new StepGraph(core, limits.tokens(), 1, firstBlocks(core) + scratchBlocks(core, limits), blockSize(core), encoding,
                boundaries);
        Graph whole = step.build(step.usual());
        List<Graph> stages = GraphStages.cut(whole, boundaries.stream().map(StagedCompiler::boundary).toList());
        long[] layers = new long[count];
        long weights = bytes(whole.leaves(Leaf.Parameter.class));
        for (int layer = 0; layer < count; layer++) {
            long own = StepGraph.weightBytes(stages.get(layer));
            layers[layer] = own + bytes(stages.get(layer).leaves(Leaf.State.class));
            weights -= own;
        }
        return new LayerBytes(layers, weights, StepGraph.weightBytes(stages.get(count)));
    }

    private static long bytes(Map<String, Node> leaves) {
        return leaves.values().stream().mapToLong(leaf -> leaf.type().bytes()).sum();
    }

    /** Bytes of weights that a step of this model reads whole. */
    public static long bytesPerToken(TransformerCore core) {
        StepGraph graphs = new StepGraph(core, 1, 1, 1, SMALL_BLOCK, Encoding.F32, List.of());
        return StepGraph.weightBytes(graphs.build(graphs.usual()));
    }

    /** Whether generations may share steps. */
    boolean isAlikeBesideOthers() {
        return alike;
    }

    /** Bytes of the cache. */
    public long cacheBytes() {
        return states.values().stream().mapToLong(state -> state.type().bytes()).sum();
    }

    /** The most tokens of one step. */
    int mostTokens() {
        return limits.tokens();
    }

    /** The most tokens that one step scores. */
    int mostScored() {
        return scored;
    }

    int context() {
        return core.geometry().context();
    }

    /** A stream's place in the cache. Streams are told apart by what they are: two may hold the same tokens. */
    Sequence sequence(TokenRow row) {
        return sequences.computeIfAbsent(row, key -> new Sequence(key, pool));
    }

    /** Gives back what a stream has of the cache; where it comes again, it is read again. */
    public void forget(TokenRow row) {
        Sequence sequence = sequences.remove(row);
        if (sequence != null) {
            sequence.drop();
        }
    }

    /** Whether a stream has blocks of the cache. */
    boolean holds(TokenRow row) {
        Sequence sequence = sequences.get(row);
        return sequence != null && sequence.holdsBlocks();
    }

    /** Makes room for more tokens of a stream: in free blocks, in those that nobody uses, or in a larger cache; false where there is none. */
    boolean reserve(Sequence sequence, int tokens) {
        while (!sequence.reserve(tokens)) {
            if (pool.blocks() >= mostBlocks || !grow(Math.min(mostBlocks, 2 * pool.blocks()))) {
                return false;
            }
        }
        return true;
    }

    private boolean grow(int blocks) {
        StepGraph larger = new StepGraph(core, limits.tokens(), scored, blocks + scratch, size, encoding, compiler.boundaries());
        Map<String, Buffer> next;
        try {
            next = compiler.allocate(larger.build(larger.usual()));
        } catch (DeviceLostException e) {
            throw e;
        } catch (BackendException e) {
            // There is no more memory: streams share what is there.
            mostBlocks = pool.blocks();
            return false;
        }
        if (!pool.isUnused()) {
            states.forEach((name, state) -> compiler.of(name).copy(state, next.get(name)));
        }
        closePlans();
        states.values().forEach(Buffer::close);
        states = next;
        graphs = larger;
        pool.grow(blocks);
        return true;
    }

    /**
     * Copies what streams have in the cache to the host; nothing of a cache that several hosts keep, whose streams are read again. Nothing
     * may be done with this runner afterwards but to close it.
     *
     * @throws BackendException when the device cannot be read
     */
    Optional<SavedCache> save() {
        return compiler.boundaries().isEmpty() ? Optional.of(new SavedCache(encoding, pool, sequences, states, pool.blocks() + scratch))
                : Optional.empty();
    }

    /**
     * Goes on with what another runner has saved, before this one has read anything; where it is kept otherwise here, or there is no
     * room for it, the streams are read again.
     */
    void restore(SavedCache saved) {
        int blocks = saved.pool().blocks();
        if (saved.encoding() != encoding || saved.pool().size() != size || blocks > mostBlocks || blocks > pool.blocks() && !grow(blocks)) {
            return;
        }
        saved.write(states);
        saved.pool().grow(pool.blocks());
        saved.pool().forgetFull(alike);
        pool = saved.pool();
        sequences.putAll(saved.sequences());
    }

    private Plan plan(Variant variant) {
        return plans.computeIfAbsent(variant, key -> compiler.compile(graphs.build(key), states));
    }

    /**
     * Runs one step. For all its tokens there must be room.
     *
     * @return for each piece that reads its stream to the end, by id the scores of all tokens that its head scores, behind its last
     *         token and then behind each proposed one; {@code null} for the others
     */
    private float[][][] run(List<Piece> pieces) {
        int read = pieces.stream().mapToInt(Piece::size).sum();
        int tokens = padded(read, limits.tokens());
        int[] ids = new int[tokens];
        int[] placeOf = new int[tokens];
        int[][] positions = new int[graphs.axes()][tokens];
        int[] block = new int[tokens];
        int[] offset = new int[tokens];
        int[] row = new int[tokens];
        int width = graphs.tableWidth();
        int[] table = new int[pieces.size() * width];
        // A step that scores nothing computes the scores of one token all the same.
        int[] last = new int[padded(Math.max(1, pieces.stream().mapToInt(Piece::scored).sum()), scored)];
        Set<Head> heads = EnumSet.noneOf(Head.class);
        boolean features = false;
        int at = 0;
        int scores = 0;
        for (int number = 0; number < pieces.size(); number++) {
            Piece piece = pieces.get(number);
            Sequence sequence = piece.sequence();
            sequence.table(table, number * width);
            features |= sequence.row().hasFeatures(sequence.read(), piece.tokens());
            for (int i = 0; i < piece.size(); i++) {
                int place = sequence.read() + i;
                ids[at + i] = i < piece.tokens() ? sequence.row().at(place) : piece.proposed()[i - piece.tokens()];
                placeOf[at + i] = place;
                for (int axis = 0; axis < positions.length; axis++) {
                    positions[axis][at + i] = sequence.row().position(place, axis);
                }
                block[at + i] = sequence.block(place);
                offset[at + i] = place % size;
                row[at + i] = number;
            }
            at += piece.size();
            for (int i = piece.scored(); i > 0; i--) {
                last[scores++] = at - i;
            }
            if (piece.isLast()) {
                heads.add(graphs.head(piece.head()));
            }
        }
        for (int i = read; i < tokens; i++) {
            block[i] = pool.blocks() + (i - read) / size;
            offset[i] = (i - read) % size;
        }
        Plan plan = plan(new Variant(features, heads.isEmpty() ? graphs.usual().heads() : heads));
        if (features) {
            writeFeatures(plan, pieces, tokens);
        }
        plan.input(StepGraph.IDS).write(ids);
        plan.input(StepGraph.PLACE).write(placeOf);
        for (int axis = 0; axis < positions.length; axis++) {
            plan.input(StepGraph.POSITION + axis).write(positions[axis]);
        }
        plan.input(StepGraph.BLOCK).write(block);
        plan.input(StepGraph.OFFSET).write(offset);
        plan.input(StepGraph.ROW).write(row);
        plan.input(StepGraph.TABLE).write(table);
        plan.input(StepGraph.LAST).write(last);
        plan.run(Map.of(StepGraph.TOKENS, (long) tokens, StepGraph.SCORED, (long) last.length));
        float[][][] result = read(plan, pieces, heads, last.length);
        pieces.forEach(piece -> piece.sequence().advance(piece.tokens(), piece.proposed()));
        return result;
    }

    /**
     * Returns the size of a step: devices prepare a plan for each size that they meet, which takes longer than some tokens more.
     * What is added is read into blocks that nobody looks at.
     */
    static int padded(int tokens, int most) {
        if (tokens <= EACH) {
            return tokens;
        }
        int unit = Integer.highestOneBit(tokens - 1) / SIZES;
        return Math.min(most, Math.ceilDiv(tokens, unit) * unit);
    }

    private float[][][] read(Plan plan, List<Piece> pieces, Set<Head> heads, int rows) {
        float[][][] result = new float[pieces.size()][][];
        for (Head head : heads) {
            Buffer output = plan.output(head.name());
            int count = Math.toIntExact(output.type().shape().size(-1));
            float[] logits = output.floats(rows * count);
            int first = 0;
            for (int number = 0; number < result.length; number++) {
                Piece piece = pieces.get(number);
                if (piece.isLast() && head == graphs.head(piece.head())) {
                    result[number] = new float[piece.scored()][core.geometry().vocabulary()];
                    for (int place = 0; place < piece.scored(); place++) {
                        Arrays.fill(result[number][place], Float.NEGATIVE_INFINITY);
                        System.arraycopy(logits, (first + place) * count, result[number][place], core.firstId(head), count);
                    }
                }
                first += piece.scored();
            }
        }
        return result;
    }

    private void writeFeatures(Plan plan, List<Piece> pieces, int tokens) {
        int hidden = core.geometry().hidden();
        int[] given = new int[tokens];
        float[] values = new float[tokens * hidden];
        int at = 0;
        for (Piece piece : pieces) {
            for (int i = 0; i < piece.tokens(); i++) {
                int place = piece.sequence().read() + i;
                given[at + i] = piece.sequence().row().copyFeatures(place, values, (at + i) * hidden) ? 1 : 0;
            }
            at += piece.size();
        }
        plan.input(StepGraph.GIVEN).write(given);
        plan.input(StepGraph.FEATURES).write(values);
    }

    /**
     * Reads what is new in each stream, alone with these streams, and gives the scores of the token that follows; and of those behind
     * each proposed token, where the context has room for them.
     *
     * @param heads    what each stream asks for
     * @param proposed what may follow in each stream
     * @return as a step gives them, for each stream
     * @throws BackendException where the cache cannot hold these streams
     */
    public float[][][] next(List<TokenRow> streams, List<Head> heads, List<int[]> proposed) {
        List<Asked> asked = IntStream.range(0, streams.size())
                .mapToObj(i -> new Asked(streams.get(i), heads.get(i), proposed.get(i))).toList();
        List<Asked> waiting = new ArrayList<>(asked);
        StepPlanner planner = new StepPlanner(this);
        while (!waiting.isEmpty()) {
            List<StepPlanner.Planned> planned = planner.plan(waiting, generating -> mostTokens(), nobody -> false);
            if (planned.isEmpty()) {
                throw new BackendException("the cache of " + (cacheBytes() >> 20) + " MiB cannot hold " + streams.size()
                        + " streams of these lengths, and the device has no more memory for it");
            }
            step(planned);
            waiting.removeIf(Asked::isAnswered);
        }
        return asked.stream().map(Asked::scores).toArray(float[][][]::new);
    }

    /** As {@link #next(List, List, List)} without proposed tokens, where all ask for the same: the scores of the token that follows. */
    public float[][] next(List<TokenRow> streams, Head head) {
        return Arrays.stream(next(streams, Collections.nCopies(streams.size(), head), Collections.nCopies(streams.size(), new int[0])))
                .map(behind -> behind[0]).toArray(float[][]::new);
    }

    /** Runs one step, and answers who is read to the end. */
    void step(List<StepPlanner.Planned> planned) {
        float[][][] scores = run(planned.stream().map(StepPlanner.Planned::piece).toList());
        for (int i = 0; i < scores.length; i++) {
            if (scores[i] != null) {
                planned.get(i).asked().answer(scores[i]);
            }
        }
    }

    private void closePlans() {
        plans.values().forEach(Plan::close);
        plans.clear();
    }

    @Override
    public void close() {
        closePlans();
        states.values().forEach(Buffer::close);
        compiler.close();
    }
}
