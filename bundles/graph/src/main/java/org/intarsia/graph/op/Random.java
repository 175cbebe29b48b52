package org.intarsia.graph.op;

import java.util.List;
import java.util.Map;
import org.intarsia.graph.Op;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;

/**
 * Uniform numbers in [0, 1) from a key: element i is a function of (key, i) alone, so every backend draws the same.
 *
 * <p>Philox-2x32 with 10 rounds (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011): the counter is
 * (i, 0), the key the operand, an I32 scalar; of the first output word the upper 24 bits are taken, over 2^24.
 */
public record Random(Shape shape) implements Op {
    private static final long MULTIPLIER = 0xD256D193L;
    private static final int WEYL = 0x9E3779B9;

    @Override
    public String kind() {
        return "random";
    }

    @Override
    public TensorType infer(List<TensorType> operands) {
        Check.count(kind(), 1, operands);
        Check.i32(kind(), operands, 0);
        Check.rank(kind(), operands, 0, 0);
        return TensorType.f32(shape);
    }

    @Override
    public Op bind(Map<String, Long> sizes) {
        return new Random(shape.bind(sizes));
    }

    /** The number at row-major {@code index} under {@code key}. */
    public static float at(int key, int index) {
        int left = index;
        int right = 0;
        for (int round = 0; round < 10; round++) {
            long product = MULTIPLIER * (left & 0xFFFFFFFFL);
            left = (int) (product >>> 32) ^ key ^ right;
            right = (int) product;
            key += WEYL;
        }
        return (left >>> 8) * 0x1p-24f;
    }
}
