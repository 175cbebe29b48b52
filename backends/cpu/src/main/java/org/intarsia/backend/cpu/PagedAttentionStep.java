package org.intarsia.backend.cpu;

import java.util.ArrayList;
import java.util.List;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.op.PagedAttention;

/**
 * Attention of tokens to keys in blocks. Neighbouring tokens of a sequence, as a piece of a prompt has them, are worked on together,
 * so that keys are read once for all of them.
 *
 * <p>A token has the same bits alone and beside any others, in whichever way a prompt was cut: a score is summed along the head in
 * the order of {@link RowKernels#dots}, weights by {@link ScoreSoftmax}, and values in the order of their positions, by one chain
 * of multiply-adds for each element. No weight is multiplied with a value that the token does not see, so what stands there, which
 * may be no number, does not matter.
 */
final class PagedAttentionStep implements Step {
    /** Fewer neighbouring tokens than this read keys in place. */
    private static final int FEW = 4;
    /** Keys, and queries or heads, of one pass; see {@link RowKernels#dots}. */
    private static final int TILE = 4;
    /** Keys of many queries that are copied at a time, into the first-level cache. */
    private static final int KEYS = 64;
    /** Floats of the scores of a piece. */
    private static final int SCORES = 1 << 16;
    /** Queries and heads of a key that are worked on together, at least, so that copying its tile is worth it, and at most. */
    private static final int LEAST_ROWS = 32;
    private static final int MOST_ROWS = 128;
    /** Bytes of neighbouring heads of one key, decoded: a page. */
    private static final int PIECE_BYTES = 4096;

    /**
     * Tokens with following positions in one row of the table.
     *
     * @param begin the first position that any of them sees
     */
    private record Piece(int token, int count, int row, int position, int begin) {

        /** Behind the last position that any of them sees. */
        int end() {
            return position + count;
        }

        int seen() {
            return end() - begin;
        }
    }

    /** Some heads of the keys for a piece. */
    private record Task(Piece piece, int firstKeyHead, int count) {
    }

    private final Kernels kernels;
    private final ScoreSoftmax softmax;
    private final PagedPlaces places;
    private final long q;
    private final long k;
    private final long v;
    private final long result;
    private final int headDim;
    private final int keyHeads;
    private final int shared;

    PagedAttentionStep(Site site) {
        PagedAttention op = site.op(PagedAttention.class);
        this.kernels = site.kernels();
        this.softmax = new ScoreSoftmax(kernels.rows(), op.scale(), op.softCap());
        this.places = PagedPlaces.of(site);
        this.q = site.operand(0);
        this.k = site.operand(1);
        this.v = site.operand(2);
        this.result = site.result();
        this.headDim = places.headDim();
        this.keyHeads = places.keyHeads();
        this.shared = places.shared();
    }

    @Override
    public void run(ThreadTeam team) {
        List<Piece> pieces = pieces();
        int share = Math.ceilDiv(pieces.size() * keyHeads, team.size());
        int group = Math.clamp(Math.min(PIECE_BYTES / (4 * headDim), share), 1, keyHeads);
        List<Task> tasks = new ArrayList<>();
        for (Piece piece : pieces) {
            int heads = piece.count() < FEW ? group : 1;
            for (int head = 0; head < keyHeads; head += heads) {
                tasks.add(new Task(piece, head, Math.min(heads, keyHeads - head)));
            }
        }
        team.run(tasks.size(), (number, worker) -> {
            Task task = tasks.get(number);
            if (task.piece().count() < FEW) {
                few(worker, task.piece(), task.firstKeyHead(), task.count());
            } else {
                many(worker, task.piece(), task.firstKeyHead());
            }
        });
    }

    /** Cuts the tokens where another sequence begins, and where a piece has as many as are worked on together. */
    private List<Piece> pieces() {
        List<Piece> pieces = new ArrayList<>();
        int tokens = places.tokens();
        for (int token = 0, next; token < tokens; token = next) {
            int row = places.row(token);
            int position = places.position(token);
            int most = queries(position + 1);
            next = token + 1;
            while (next < tokens && next - token < most && places.row(next) == row && places.position(next) == position + next - token) {
                next++;
            }
            pieces.add(new Piece(token, next - token, row, position, places.begin(position)));
        }
        return pieces;
    }

    /** As many queries as have room for the scores of so many keys. */
    private int queries(int keys) {
        return Math.max(FEW, Math.clamp(SCORES / keys, LEAST_ROWS, MOST_ROWS) / shared);
    }

    /** Weights from the scores of query {@code query} of a piece; {@code row} are those of the keys from the piece's begin on. */
    private void softmax(long row, Piece piece, int query) {
        int begin = places.begin(piece.position() + query);
        softmax.apply(row + 4L * (begin - piece.begin()), piece.position() + query + 1 - begin);
    }

    // Few queries

    /** Neighbouring heads of keys are read together, so that memory is read in long pieces. */
    private void few(Worker worker, Piece piece, int firstKeyHead, int count) {
        long rowBytes = 4L * piece.seen();
        int rows = count * shared;
        // A row of scores for each query and head: query by query, and within that head by head.
        long scores = worker.scratch(piece.count() * rows * rowBytes + 4L * TILE * count * headDim);
        long decoded = scores + piece.count() * rows * rowBytes;
        for (int position = piece.begin(), next; position < piece.end(); position = next) {
            next = position + Math.min(TILE, places.within(position, piece.end()));
            long keys = read(k, piece.row(), position, next - position, firstKeyHead, count, decoded);
            for (int head = 0; head < count; head++) {
                for (int query = 0; query < piece.count(); query++) {
                    for (int part = 0; part < shared; part += TILE) {
                        kernels.rows().dots(next - position, keys + 4L * head * headDim, step(count), Math.min(TILE, shared - part),
                                q + places.query(piece.token() + query, (firstKeyHead + head) * shared + part), 4L * headDim, headDim,
                                scores + (query * rows + head * shared + part) * rowBytes + 4L * (position - piece.begin()), rowBytes,
                                worker.tile());
                    }
                }
            }
        }
        for (int query = 0; query < piece.count(); query++) {
            for (int row = 0; row < rows; row++) {
                softmax(scores + (query * rows + row) * rowBytes, piece, query);
            }
            kernels.rows().fill(0, result + places.query(piece.token() + query, firstKeyHead * shared), rows * headDim);
        }
        for (int position = piece.begin(), next; position < piece.end(); position = next) {
            next = position + Math.min(TILE, places.within(position, piece.end()));
            long values = read(v, piece.row(), position, next - position, firstKeyHead, count, decoded);
            for (int query = 0; query < piece.count(); query++) {
                int from = Math.max(position, places.begin(piece.position() + query));
                int seen = Math.min(next, piece.position() + query + 1) - from;
                for (int row = 0; row < rows && seen > 0; row++) {
                    kernels.rows().addScaled(seen, values + (from - position) * step(count) + 4L * (row / shared) * headDim, step(count),
                            scores + (query * rows + row) * rowBytes + 4L * (from - piece.begin()),
                            result + places.query(piece.token() + query, firstKeyHead * shared + row), headDim);
                }
            }
        }
    }

    /** Returns the address of the first of some neighbouring keys or values in F32: where they lie, or decoded. */
    private long read(long pool, int row, int position, int keys, int firstKeyHead, int count, long decoded) {
        long from = pool + places.key(row, position, firstKeyHead);
        if (places.stored() == Encoding.F32) {
            return from;
        }
        for (int i = 0; i < keys; i++) {
            kernels.tiles().decode(places.stored(), from + i * places.keyStep(), decoded + i * step(count), count * headDim);
        }
        return decoded;
    }

    /** Bytes from one key to the next as {@link #read} gives them. */
    private long step(int count) {
        return places.stored() == Encoding.F32 ? places.keyStep() : 4L * count * headDim;
    }

    // Many queries

    private void many(Worker worker, Piece piece, int keyHead) {
        int rows = piece.count() * shared;
        int seen = piece.seen();
        long headBytes = 4L * headDim;
        long scores = worker.scratch(4L * rows * seen + (KEYS + 2L * rows) * headBytes);
        long tile = scores + 4L * rows * seen;
        long queries = tile + KEYS * headBytes;
        long mixed = queries + rows * headBytes;
        for (int query = 0; query < piece.count(); query++) {
            Memory.copy(q + places.query(piece.token() + query, keyHead * shared), queries + query * shared * headBytes, shared * headBytes);
        }
        for (int position = piece.begin(), next; position < piece.end(); position = next) {
            next = Math.min(piece.end(), position + KEYS);
            copy(k, piece, position, next, keyHead, tile);
            score(worker, piece, position, next, tile, queries, scores);
        }
        for (int row = 0; row < rows; row++) {
            softmax(scores + 4L * row * seen, piece, row / shared);
        }
        kernels.rows().fill(0, mixed, rows * headDim);
        for (int position = piece.begin(), next; position < piece.end(); position = next) {
            next = Math.min(piece.end(), position + KEYS);
            copy(v, piece, position, next, keyHead, tile);
            mix(piece, position, next, tile, scores, mixed);
        }
        for (int query = 0; query < piece.count(); query++) {
            Memory.copy(mixed + query * shared * headBytes, result + places.query(piece.token() + query, keyHead * shared), shared * headBytes);
        }
    }

    /** Copies one head of keys or values, decoded to F32. */
    private void copy(long pool, Piece piece, int first, int end, int keyHead, long tile) {
        for (int position = first, next; position < end; position = next) {
            next = position + places.within(position, end);
            long from = pool + places.key(piece.row(), position, keyHead);
            for (int i = 0; i < next - position; i++) {
                long to = tile + 4L * (position - first + i) * headDim;
                if (places.stored() == Encoding.F32) {
                    kernels.rows().copy(from + i * places.keyStep(), to, headDim);
                } else {
                    kernels.tiles().decode(places.stored(), from + i * places.keyStep(), to, headDim);
                }
            }
        }
    }

    /** Scores of the queries that see any of the keys of a tile. */
    private void score(Worker worker, Piece piece, int first, int end, long tile, long queries, long scores) {
        int rows = piece.count() * shared;
        long rowBytes = 4L * piece.seen();
        for (int row = Math.max(0, first - piece.position()) * shared / TILE * TILE; row < rows; row += TILE) {
            int count = Math.min(TILE, rows - row);
            int seen = Math.min(end, piece.position() + (row + count - 1) / shared + 1);
            for (int position = first; position < seen; position += TILE) {
                kernels.rows().dots(Math.min(TILE, seen - position), tile + 4L * (position - first) * headDim, 4L * headDim, count,
                        queries + 4L * row * headDim, 4L * headDim, headDim, scores + row * rowBytes + 4L * (position - piece.begin()),
                        rowBytes, worker.tile());
            }
        }
    }

    /** Adds the values of a tile: together those that several rows see, and what only some of them see row by row. */
    private void mix(Piece piece, int first, int end, long tile, long scores, long mixed) {
        int rows = piece.count() * shared;
        for (int row = Math.max(0, first - piece.position()) * shared / TILE * TILE; row < rows; row += TILE) {
            int count = Math.min(TILE, rows - row);
            int from = Math.clamp(places.begin(piece.position() + (row + count - 1) / shared), first, end);
            int to = Math.clamp(piece.position() + row / shared + 1, from, end);
            for (int i = row; i < row + count; i++) {
                add(piece, i, 1, Math.max(first, places.begin(piece.position() + i / shared)),
                        Math.min(from, piece.position() + i / shared + 1), first, tile, scores, mixed);
            }
            add(piece, row, count, from, to, first, tile, scores, mixed);
            for (int i = row; i < row + count; i++) {
                add(piece, i, 1, Math.max(to, places.begin(piece.position() + i / shared)),
                        Math.min(end, piece.position() + i / shared + 1), first, tile, scores, mixed);
            }
        }
    }

    private void add(Piece piece, int row, int count, int from, int to, int first, long tile, long scores, long mixed) {
        if (from < to) {
            long rowBytes = 4L * piece.seen();
            kernels.rows().addMixed(count, to - from, tile + 4L * (from - first) * headDim, 4L * headDim,
                    scores + row * rowBytes + 4L * (from - piece.begin()), rowBytes, mixed + 4L * row * headDim, 4L * headDim, headDim);
        }
    }
}
