package org.intarsia.backend.cpu.attention;

import java.util.ArrayList;
import java.util.List;
import org.intarsia.backend.cpu.host.Memory;
import org.intarsia.backend.cpu.host.ThreadTeam;
import org.intarsia.backend.cpu.host.Worker;
import org.intarsia.backend.cpu.kernel.TileKernels;
import org.intarsia.backend.cpu.step.NodeBinding;
import org.intarsia.backend.cpu.step.Step;
import org.intarsia.backend.cpu.vector.Kernels;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.op.PagedAttention;

/**
 * Attention of tokens to keys in blocks. Neighbouring tokens of a sequence, as a piece of a prompt has them, are worked on together,
 * so that keys are read once for all of them.
 *
 * <p>A token has the same bits alone and beside any others, in whichever way a prompt was cut: a score is one chain of multiply-adds
 * along the head, weights are those of {@link ScoreSoftmax}, and an element of the result is one chain in the order of the positions.
 * No weight is multiplied with a value that the token does not see, so what stands there, which may be no number, does not matter.
 */
final class PagedAttentionStep implements Step {
    /** Positions of one pass, which begins at a multiple of it: so many keys, or values, stay in the first-level cache. */
    private static final int TILE = 64;
    /** Queries and heads of one call; see {@link org.intarsia.backend.cpu.kernel.RowKernels#addMixed}. */
    private static final int ROWS = 4;
    /** Fewer queries and heads than this read values in place. */
    private static final int FEW = 8;
    /** Floats of the scores of a piece. */
    private static final int SCORES = 1 << 16;
    /** Queries and heads of a key that are worked on together, at least, so that turning its tile is worth it, and at most. */
    private static final int LEAST_ROWS = 32;
    private static final int MOST_ROWS = 128;
    /** Bytes of neighbouring heads of one key that are read together: a page. */
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

        /** The position of the first of their scores, where a tile begins. */
        int start() {
            return begin / TILE * TILE;
        }

        /** The scores of a query, whole tiles. */
        int width() {
            return Math.ceilDiv(end() - start(), TILE) * TILE;
        }
    }

    /** Some heads of the keys for a piece. */
    private record Task(Piece piece, int firstKeyHead, int count) {
    }

    /**
     * Scratch memory of a task.
     *
     * @param scores  whole tiles for each row, which is a query and a head: head by head of the keys, and within that query by query
     * @param queries a head of each row
     * @param mixed   the result for each row
     * @param turned  the keys of a tile for one head, side by side
     * @param tile    the keys or values of a tile for one head, one behind the other
     */
    private record Room(long scores, long queries, long mixed, long turned, long tile) {
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

    PagedAttentionStep(NodeBinding binding) {
        PagedAttention op = binding.op(PagedAttention.class);
        this.kernels = binding.kernels();
        this.softmax = new ScoreSoftmax(kernels.rows(), op.scale(), op.softCap());
        this.places = PagedPlaces.of(binding);
        this.q = binding.operand(0);
        this.k = binding.operand(1);
        this.v = binding.operand(2);
        this.result = binding.result();
        this.headDim = places.headDim();
        this.keyHeads = places.keyHeads();
        this.shared = places.shared();
    }

    @Override
    public void run(ThreadTeam team) {
        List<Piece> pieces = pieces();
        int share = Math.ceilDiv(pieces.size() * keyHeads, team.size());
        int group = Math.clamp(Math.min(PIECE_BYTES / places.stored().bytes(headDim), share), 1, keyHeads);
        List<Task> tasks = new ArrayList<>();
        for (Piece piece : pieces) {
            int heads = piece.count() * shared < FEW ? group : 1;
            for (int head = 0; head < keyHeads; head += heads) {
                tasks.add(new Task(piece, head, Math.min(heads, keyHeads - head)));
            }
        }
        team.run(tasks.size(), (number, worker) -> run(tasks.get(number), worker));
    }

    /** Cuts the tokens where another sequence begins, and where a piece has as many as are worked on together. */
    private List<Piece> pieces() {
        List<Piece> pieces = new ArrayList<>();
        int tokens = places.tokens();
        for (int token = 0, next; token < tokens; token = next) {
            int row = places.row(token);
            int position = places.position(token);
            int most = Math.max(1, Math.clamp(SCORES / (position + 1), LEAST_ROWS, MOST_ROWS) / shared);
            next = token + 1;
            while (next < tokens && next - token < most && places.row(next) == row && places.position(next) == position + next - token) {
                next++;
            }
            pieces.add(new Piece(token, next - token, row, position, places.begin(position)));
        }
        return pieces;
    }

    private void run(Task task, Worker worker) {
        Piece piece = task.piece();
        int rows = piece.count() * shared;
        long all = (long) task.count() * rows;
        long headBytes = 4L * headDim;
        long scores = worker.scratch(4 * all * piece.width() + 2 * all * headBytes + 2 * TILE * headBytes);
        long queries = scores + 4 * all * piece.width();
        long mixed = queries + all * headBytes;
        long turned = mixed + all * headBytes;
        Room room = new Room(scores, queries, mixed, turned, turned + TILE * headBytes);
        kernels.rows().fill(0, scores, Math.toIntExact(all * piece.width()));
        kernels.rows().fill(0, mixed, Math.toIntExact(all * headDim));
        for (int head = 0; head < task.count(); head++) {
            for (int query = 0; query < piece.count(); query++) {
                Memory.copy(q + places.query(piece.token() + query, (task.firstKeyHead() + head) * shared),
                        queries + ((long) head * rows + query * shared) * headBytes, shared * headBytes);
            }
        }
        for (int start = piece.start(); start < piece.end(); start += TILE) {
            for (int head = 0; head < task.count(); head++) {
                turn(piece, start, task.firstKeyHead() + head, room);
                score(piece, start, head, room);
            }
        }
        for (int row = 0; row < all; row++) {
            int position = piece.position() + row % rows / shared;
            int begin = places.begin(position);
            softmax.apply(scores + 4L * ((long) row * piece.width() + begin - piece.start()), position + 1 - begin);
        }
        for (int start = piece.start(); start < piece.end(); start += TILE) {
            for (int head = 0; head < task.count(); head++) {
                mix(piece, start, task.firstKeyHead() + head, head, room);
            }
        }
        for (int head = 0; head < task.count(); head++) {
            for (int query = 0; query < piece.count(); query++) {
                Memory.copy(mixed + ((long) head * rows + query * shared) * headBytes,
                        result + places.query(piece.token() + query, (task.firstKeyHead() + head) * shared), shared * headBytes);
            }
        }
    }

    // Scores

    /**
     * Turns a tile of keys, so that neighbouring keys are neighbours. What no query sees may be turned with them, where it lies within
     * the same block.
     */
    private void turn(Piece piece, int start, int keyHead, Room room) {
        TileKernels tiles = kernels.tiles();
        int lanes = tiles.lanes();
        int first = Math.max(start, piece.begin());
        int end = Math.min(start + TILE, piece.end());
        if (places.stored() != Encoding.F32 || places.block() % lanes != 0) {
            copy(k, piece, first, end, keyHead, room.tile() + 4L * (first - start) * headDim);
            tiles.pack(Encoding.F32, headDim, Math.ceilDiv(end - start, lanes) * lanes, TILE / lanes, room.tile(), 1, headDim,
                    room.turned());
            return;
        }
        for (int position = first / lanes * lanes, next; position < end; position = next) {
            next = position + places.within(position, Math.ceilDiv(end, lanes) * lanes);
            tiles.pack(Encoding.F32, headDim, next - position, TILE / lanes, k + places.key(piece.row(), position, keyHead), 1,
                    (long) keyHeads * headDim, room.turned() + 4L * (position - start));
        }
    }

    /** Copies one head of keys or values, decoded to F32. */
    private void copy(long pool, Piece piece, int first, int end, int keyHead, long to) {
        for (int position = first, next; position < end; position = next) {
            next = position + places.within(position, end);
            long from = pool + places.key(piece.row(), position, keyHead);
            for (int i = 0; i < next - position; i++) {
                if (places.stored() == Encoding.F32) {
                    kernels.rows().copy(from + i * places.keyStep(), to, headDim);
                } else {
                    kernels.tiles().decode(places.stored(), from + i * places.keyStep(), to, headDim);
                }
                to += 4L * headDim;
            }
        }
    }

    private void score(Piece piece, int start, int head, Room room) {
        int rows = piece.count() * shared;
        int width = piece.width();
        for (int row = firstRow(piece, start); row < rows; row += ROWS) {
            int count = Math.min(ROWS, rows - row);
            int seen = Math.min(TILE, end(piece, row + count - 1) - start);
            int columns = Math.min(TILE, Math.ceilDiv(seen, 2 * kernels.tiles().lanes()) * 2 * kernels.tiles().lanes());
            long at = (long) head * rows + row;
            kernels.rows().addMixed(count, headDim, room.turned(), 4L * TILE, room.queries() + 4 * at * headDim, 4L * headDim,
                    room.scores() + 4 * (at * width + start - piece.start()), 4L * width, columns);
        }
    }

    /** The first row of a call that sees something of a tile. */
    private int firstRow(Piece piece, int start) {
        return Math.max(0, start - piece.position()) * shared / ROWS * ROWS;
    }

    /** Behind the last position that a row sees. */
    private int end(Piece piece, int row) {
        return piece.position() + row / shared + 1;
    }

    private int begin(Piece piece, int row) {
        return places.begin(piece.position() + row / shared);
    }

    // Values

    /** Adds the values of a tile: together those that several rows see, and what only some of them see row by row. */
    private void mix(Piece piece, int start, int keyHead, int head, Room room) {
        int rows = piece.count() * shared;
        int first = Math.max(start, piece.begin());
        int end = Math.min(start + TILE, piece.end());
        boolean inPlace = places.stored() == Encoding.F32 && rows < FEW;
        if (!inPlace) {
            copy(v, piece, first, end, keyHead, room.tile());
        }
        for (int position = first, next; position < end; position = next) {
            next = inPlace ? position + places.within(position, end) : end;
            long values = inPlace ? v + places.key(piece.row(), position, keyHead) : room.tile();
            long step = inPlace ? places.keyStep() : 4L * headDim;
            for (int row = firstRow(piece, start); row < rows; row += ROWS) {
                int count = Math.min(ROWS, rows - row);
                int from = Math.clamp(begin(piece, row + count - 1), position, next);
                int to = Math.clamp(end(piece, row), from, next);
                for (int i = row; i < row + count; i++) {
                    add(piece, head, i, 1, Math.max(position, begin(piece, i)), Math.min(from, end(piece, i)), position, values, step,
                            room);
                }
                add(piece, head, row, count, from, to, position, values, step, room);
                for (int i = row; i < row + count; i++) {
                    add(piece, head, i, 1, Math.max(to, begin(piece, i)), Math.min(next, end(piece, i)), position, values, step, room);
                }
            }
        }
    }

    private void add(Piece piece, int head, int row, int count, int from, int to, int position, long values, long step, Room room) {
        if (from < to) {
            int width = piece.width();
            long at = (long) head * piece.count() * shared + row;
            kernels.rows().addMixed(count, to - from, values + (from - position) * step, step,
                    room.scores() + 4 * (at * width + from - piece.start()), 4L * width, room.mixed() + 4 * at * headDim, 4L * headDim,
                    headDim);
        }
    }
}
