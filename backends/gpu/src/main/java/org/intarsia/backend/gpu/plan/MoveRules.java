package org.intarsia.backend.gpu.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.intarsia.backend.gpu.KernelSource;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.op.Move;
import org.intarsia.graph.op.Upsample;

/** Ops that move elements: all of them copy from strides to strides. */
final class MoveRules {
    private MoveRules() {
    }

    static void register(Map<String, Rule> rules) {
        rules.put("permute", MoveRules::permute);
        rules.put("broadcast", (shape, fixed) -> List.of(copy(shape.operand(0), shape, fixed.encoding(),
                fixed.shape().sizes(), broadcastStrides(fixed.operand(0).shape(), fixed.shape()), 0,
                fixed.shape().strides(), 0)));
        rules.put("slice", MoveRules::slice);
        rules.put("pad", MoveRules::pad);
        rules.put("concat", MoveRules::concat);
        rules.put("upsample", MoveRules::upsample);
        rules.put("assign", (shape, fixed) -> List.of(plain(shape.operand(1), shape, fixed)));
        rules.put("cast", MoveRules::cast);
    }

    private static List<Launch> permute(Node shape, Node fixed) {
        long[] own = fixed.operand(0).shape().strides();
        long[] from = ((Move.Permute) fixed.op()).order().stream().mapToLong(axis -> own[axis]).toArray();
        return List.of(copy(shape.operand(0), shape, fixed.encoding(), fixed.shape().sizes(), from, 0,
                fixed.shape().strides(), 0));
    }

    private static List<Launch> slice(Node shape, Node fixed) {
        Move.Slice slice = (Move.Slice) fixed.op();
        long[] from = fixed.operand(0).shape().strides();
        long offset = 0;
        for (int axis = 0; axis < from.length; axis++) {
            offset += slice.start().get(axis) * from[axis];
            from[axis] *= slice.stride().get(axis);
        }
        return List.of(copy(shape.operand(0), shape, fixed.encoding(), fixed.shape().sizes(), from, offset,
                fixed.shape().strides(), 0));
    }

    private static List<Launch> pad(Node shape, Node fixed) {
        Move.Pad pad = (Move.Pad) fixed.op();
        long[] to = fixed.shape().strides();
        long offset = 0;
        for (int axis = 0; axis < to.length; axis++) {
            offset += pad.low().get(axis) * to[axis];
            to[axis] *= pad.interior().get(axis) + 1;
        }
        Shape inner = fixed.operand(0).shape();
        return List.of(LeafRules.fill(shape, fixed, 0),
                copy(shape.operand(0), shape, fixed.encoding(), inner.sizes(), inner.strides(), 0, to, offset));
    }

    private static List<Launch> concat(Node shape, Node fixed) {
        int axis = ((Move.Concat) fixed.op()).axis();
        int along = axis < 0 ? axis + fixed.shape().rank() : axis;
        long[] to = fixed.shape().strides();
        List<Launch> launches = new ArrayList<>();
        long offset = 0;
        for (int i = 0; i < fixed.operands().size(); i++) {
            Shape part = fixed.operand(i).shape();
            launches.add(copy(shape.operand(i), shape, fixed.encoding(), part.sizes(), part.strides(), 0, to, offset));
            offset += part.size(along) * to[along];
        }
        return launches;
    }

    private static List<Launch> upsample(Node shape, Node fixed) {
        long factor = ((Upsample) fixed.op()).factor();
        long[] x = fixed.operand(0).shape().sizes();
        Shape wide = Shape.of(x[0] * x[1], x[2], factor, x[3], factor);
        return List.of(copy(shape.operand(0), shape, fixed.encoding(), wide.sizes(),
                broadcastStrides(Shape.of(x[0] * x[1], x[2], 1, x[3], 1), wide), 0, wide.strides(), 0));
    }

    /** All elements, which lie alike. */
    private static Launch plain(Node from, Node to, Node fixed) {
        long[] all = {fixed.shape().elements()};
        return copy(from, to, fixed.encoding(), all, new long[] {1}, 0, new long[] {1}, 0);
    }

    private static List<Launch> cast(Node shape, Node fixed) {
        Encoding from = fixed.operand(0).encoding();
        Encoding to = fixed.encoding();
        String computed = to.isInteger() == from.isInteger() ? "(x)" : to.isInteger() ? "toInteger(x)" : "FLOAT(x)";
        KernelSource source = Encodings.storing(Encodings.reading(KernelSource.of("cast"), from), to, computed);
        return List.of(Launch.each(source, fixed.shape().elements(), List.of(shape.operand(0), shape)));
    }

    /** How far apart the neighbours of a repeated shape lie: 0 along what is repeated. */
    static long[] broadcastStrides(Shape narrow, Shape wide) {
        long[] own = narrow.strides();
        long[] strides = new long[wide.rank()];
        int added = wide.rank() - narrow.rank();
        for (int axis = added; axis < strides.length; axis++) {
            strides[axis] = narrow.size(axis - added) == 1 ? 0 : own[axis - added];
        }
        return strides;
    }

    private static Launch copy(Node x, Node y, Encoding encoding, long[] sizes, long[] from, long fromOffset, long[] to,
            long toOffset) {
        List<long[]> axes = new ArrayList<>();
        for (int axis = sizes.length - 1; axis >= 0; axis--) {
            long[] inner = axes.isEmpty() ? null : axes.getLast();
            if (inner != null && inner[1] * inner[0] == from[axis] && inner[2] * inner[0] == to[axis]) {
                inner[0] *= sizes[axis];
            } else if (sizes[axis] != 1) {
                axes.add(new long[] {sizes[axis], from[axis], to[axis]});
            }
        }
        // As many numbers as there are axes, however many can be walked as one with the sizes of this run.
        long[] numbers = new long[3 + 3 * sizes.length];
        numbers[0] = fromOffset;
        numbers[1] = toOffset;
        numbers[2] = axes.size();
        for (int axis = 0; axis < axes.size(); axis++) {
            System.arraycopy(axes.get(axis), 0, numbers, 3 + 3 * axis, 3);
        }
        return Launch.each(Encodings.moving(KernelSource.of("copy"), encoding), Arrays.stream(sizes).reduce(1, (a, b) -> a * b),
                List.of(x, y), numbers);
    }
}
