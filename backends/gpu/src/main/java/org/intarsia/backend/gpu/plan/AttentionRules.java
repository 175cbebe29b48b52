package org.intarsia.backend.gpu.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.intarsia.backend.gpu.KernelSource;
import org.intarsia.graph.Dim;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.op.Attention;
import org.intarsia.graph.op.PagedAttention;

/**
 * Attention: the heads that share a key head are rows, place after place, and a group takes a tile of rows through a slice
 * of the context.
 */
final class AttentionRules {
    /** Up to so many places a named length is that of decoding, not that of a prompt. */
    private static final long FEW_PLACES = 4;
    /** Up to so many rows one thread sums up all of them, and threads share the keys; of more, threads share the rows. */
    private static final long FEW_ROWS = 8;
    private static final long MOST_ROWS = 32;
    /** So many keys the kernel takes at a time. */
    private static final long KEYS = 64;
    /** The results of so many slices one group joins. */
    private static final long MOST_SLICES = 128;
    /** Keys of a slice where they lie in blocks: always as many, so that a token has the same bits beside any others. */
    private static final long PAGED_SLICE = 1024;

    private AttentionRules() {
    }

    static void register(Map<String, Rule> rules) {
        rules.put("attention", AttentionRules::attention);
        rules.put("boundedAttention", AttentionRules::attention);
        rules.put("pagedAttention", AttentionRules::paged);
    }

    private static List<Launch> attention(Node shape, Node fixed) {
        Dim length = shape.shape().dim(1);
        long together = fixed.shape().size(2) / fixed.operand(1).shape().size(2);
        List<Launch> prompt = launches(shape, fixed, length.bounded() * together, length.bounded());
        if (length.isFixed() || length.bounded() <= FEW_PLACES) {
            return prompt;
        }
        List<Launch> decoding = launches(shape, fixed, together, FEW_PLACES);
        boolean few = fixed.shape().size(1) <= FEW_PLACES;
        List<Launch> launches = new ArrayList<>();
        decoding.forEach(launch -> launches.add(few ? launch : launch.idle()));
        prompt.forEach(launch -> launches.add(few ? launch.idle() : launch));
        return launches;
    }

    /**
     * @param rows   of a key head: tiles and slices are made for these
     * @param places of a sequence, at most
     */
    private static List<Launch> launches(Node shape, Node fixed, long rows, long places) {
        Shape most = shape.shape().bounded();
        long heads = most.size(2);
        long size = most.size(3);
        long keyHeads = shape.operand(1).shape().size(2);
        long context = shape.operand(1).shape().dim(1).bounded();
        long columns = Math.ceilDiv(size, 4);
        // A team of threads has all columns, four for each thread.
        long teams = rows <= FEW_ROWS ? 1 : Math.min(Math.min(rows, MOST_ROWS), KernelSource.of("attention").group() / columns);
        long rowsOfThread = Math.clamp(Math.min(rows, MOST_ROWS) / teams, 1, FEW_ROWS);
        long tile = teams * rowsOfThread;
        long groups = Math.max(1, most.size(0) * keyHeads * Math.ceilDiv(rows, tile));
        long slices = Math.clamp(Math.ceilDiv(context, KEYS), 1, Math.min(MOST_SLICES, Math.ceilDiv(Launch.MANY_GROUPS, groups)));
        long slice = Math.ceilDiv(context, slices * KEYS) * KEYS;
        slices = Math.max(1, Math.ceilDiv(context, slice));

        long sequences = fixed.shape().size(0);
        long length = fixed.shape().size(1);
        long contextNow = fixed.operand(1).shape().size(1);
        Attention op = (Attention) fixed.op();
        boolean causal = op.causal();
        KernelSource source = tiles(op, size, tile, rowsOfThread, slices, Encoding.F32);
        boolean slot = fixed.operands().size() > (causal ? 4 : 3);
        source = slot ? source.with("SLOT", 1) : source;
        source = source.with("SLOT_OF(sequence)", slot ? "slot[sequence]" : "(sequence)");
        List<Node> arrays = new ArrayList<>(shape.operands());
        arrays.add(slices == 1 ? shape : Launch.SCRATCH);
        Launch tiles = Launch.groups(source, sequences * keyHeads * Math.ceilDiv(length * heads / keyHeads, tile) * slices, arrays,
                length, heads, size, contextNow, keyHeads, scale(op), slices, slice, op.window(), bits(op.softCap()));
        if (slices == 1) {
            return List.of(tiles);
        }
        List<Node> joined = causal ? Arrays.asList(Launch.SCRATCH, shape.operand(3), shape) : Arrays.asList(Launch.SCRATCH, shape);
        return List.of(tiles.withScratch(16 * most.size(0) * places * heads * slices * (columns + 1)),
                Launch.groups(reading("attentionJoin", size, op, "P(6)"), sequences * length * heads, joined, heads, size, contextNow,
                        slices, slice, op.window()));
    }

    /** Single tokens, each with its own row of a table of blocks, and heads that share a key head. */
    private static List<Launch> paged(Node shape, Node fixed) {
        PagedAttention paged = (PagedAttention) fixed.op();
        Attention op = new Attention(paged.scale(), true, paged.window(), paged.softCap());
        long heads = fixed.shape().size(1);
        long size = fixed.shape().size(2);
        Shape keys = fixed.operand(1).shape();
        Shape table = fixed.operand(5).shape();
        long together = heads / keys.size(2);
        long columns = Math.ceilDiv(size, 4);
        long teams = together <= FEW_ROWS ? 1 : Math.min(Math.min(together, MOST_ROWS), KernelSource.of("attention").group() / columns);
        long rowsOfThread = Math.clamp(Math.min(together, MOST_ROWS) / teams, 1, FEW_ROWS);
        long tile = teams * rowsOfThread;
        long context = table.size(1) * keys.size(1);
        long slice = Math.max(PAGED_SLICE, Math.ceilDiv(context, MOST_SLICES * KEYS) * KEYS);
        long slices = Math.max(1, Math.ceilDiv(context, slice));
        long tokens = fixed.shape().size(0);
        KernelSource source = tiles(op, size, tile, rowsOfThread, slices, fixed.operand(1).encoding()).with("PAGED", 1);
        List<Node> arrays = new ArrayList<>(shape.operands());
        arrays.add(slices == 1 ? shape : Launch.SCRATCH);
        Launch tiles = Launch.groups(source, tokens * keys.size(2) * Math.ceilDiv(together, tile) * slices, arrays, 1, heads, size, context,
                keys.size(2), scale(op), slices, slice, op.window(), bits(op.softCap()), keys.size(1), keys.size(0), table.size(0),
                table.size(1));
        if (slices == 1) {
            return List.of(tiles);
        }
        return List.of(tiles.withScratch(16 * shape.shape().bounded().size(0) * heads * slices * (columns + 1)),
                Launch.groups(reading("attentionJoin", size, op, "P(6)"), tokens * heads,
                        Arrays.asList(Launch.SCRATCH, shape.operand(3), shape), heads, size, context, slices, slice, op.window()));
    }

    private static KernelSource tiles(Attention op, long size, long tile, long rowsOfThread, long slices, Encoding kept) {
        KernelSource source = Encodings.keeping(reading("attention", size, op, "P(9)"), kept, size % 4 == 0).with("ROWS", tile)
                .with("ROWS_OF_THREAD", rowsOfThread).with("QUERY_FOURS", Math.ceilDiv(tile, 2) * 2 * Math.ceilDiv(size, 4))
                .with(slices == 1 ? "WHOLE" : "SLICED", 1);
        return op.softCap() > 0 ? source.with("CAPPED", 1) : source;
    }

    /** The factor on products of queries and keys; where scores are capped, divided by the cap. */
    private static int scale(Attention op) {
        return bits(op.softCap() > 0 ? op.scale() / op.softCap() : op.scale());
    }

    private static int bits(double value) {
        return Float.floatToRawIntBits((float) value);
    }

    /**
     * @param window the parameter of the kernel that says how many keys a query sees
     */
    private static KernelSource reading(String name, long size, Attention op, String window) {
        boolean fours = size % 4 == 0;
        KernelSource source = KernelSource.of(name).with("FOURS", fours ? 1 : 0).with("NUMBERS", fours ? "FLOAT4" : "float")
                .with("SEEN(place, context)", op.causal() ? "(position[place] + 1)" : "(context)");
        if (op.window() > 0) {
            source = source.with("WINDOW", 1).with("BEGIN(place)",
                    "(position[place] + 1 > " + window + " ? position[place] + 1 - " + window + " : 0)");
        }
        return op.causal() ? source.with("CAUSAL", 1) : source;
    }
}
