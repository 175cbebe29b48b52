package org.intarsia.backend.cpu.vector;

import static org.intarsia.backend.cpu.kernel.ScalarMath.E0;
import static org.intarsia.backend.cpu.kernel.ScalarMath.E1;
import static org.intarsia.backend.cpu.kernel.ScalarMath.E2;
import static org.intarsia.backend.cpu.kernel.ScalarMath.E3;
import static org.intarsia.backend.cpu.kernel.ScalarMath.E4;
import static org.intarsia.backend.cpu.kernel.ScalarMath.E5;
import static org.intarsia.backend.cpu.kernel.ScalarMath.EXP_LEAST;
import static org.intarsia.backend.cpu.kernel.ScalarMath.EXP_MOST;
import static org.intarsia.backend.cpu.kernel.ScalarMath.LN2_HIGH;
import static org.intarsia.backend.cpu.kernel.ScalarMath.LN2_LOW;
import static org.intarsia.backend.cpu.kernel.ScalarMath.LOG2_E;
import static org.intarsia.backend.cpu.kernel.ScalarMath.ROUND;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.intarsia.backend.cpu.kernel.ScalarMath;

/**
 * Functions of vectors, without the operators {@code EXP}, {@code TANH} and their like: those give other bits in
 * compiled code than in the interpreter, and then two equal runs would differ. For the same reason {@link #sum} adds
 * lanes in an order of its own.
 */
public final class VectorMath {
    /** The widest that the processor has, but not wider than the kernels were made for. */
    public static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED.length() <= FloatVector.SPECIES_512.length()
            ? FloatVector.SPECIES_PREFERRED : FloatVector.SPECIES_512;
    static final VectorSpecies<Integer> I = F.withLanes(int.class);
    /** Each lane's number with one bit turned. */
    static final VectorShuffle<Float> SWAP_1 = swap(1);
    static final VectorShuffle<Float> SWAP_2 = swap(2);
    static final VectorShuffle<Float> SWAP_4 = swap(4);
    static final VectorShuffle<Float> SWAP_8 = swap(8);

    private VectorMath() {
    }

    private static VectorShuffle<Float> swap(int distance) {
        return VectorShuffle.fromOp(F, lane -> (lane ^ distance) % F.length());
    }

    static FloatVector exp(FloatVector x) {
        FloatVector limited = x.max(EXP_LEAST).min(EXP_MOST);
        FloatVector shifted = limited.fma(LOG2_E, ROUND);
        FloatVector power = shifted.sub(ROUND);
        FloatVector r = power.fma(FloatVector.broadcast(F, -LN2_HIGH), limited);
        r = power.fma(FloatVector.broadcast(F, -LN2_LOW), r);
        FloatVector p = FloatVector.broadcast(F, E0).fma(r, FloatVector.broadcast(F, E1));
        p = p.fma(r, FloatVector.broadcast(F, E2));
        p = p.fma(r, FloatVector.broadcast(F, E3));
        p = p.fma(r, FloatVector.broadcast(F, E4));
        p = p.fma(r, FloatVector.broadcast(F, E5));
        p = p.fma(r.mul(r), r).add(1f);
        return p.add(p).mul(shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
    }

    static FloatVector tanh(FloatVector x) {
        FloatVector square = x.mul(x);
        FloatVector p = FloatVector.broadcast(F, ScalarMath.T0).fma(square, FloatVector.broadcast(F, ScalarMath.T1));
        p = p.fma(square, FloatVector.broadcast(F, ScalarMath.T2));
        p = p.fma(square, FloatVector.broadcast(F, ScalarMath.T3));
        p = p.fma(square, FloatVector.broadcast(F, ScalarMath.T4));
        FloatVector magnitude = x.lanewise(VectorOperators.ABS);
        FloatVector far = FloatVector.broadcast(F, 1f).sub(FloatVector.broadcast(F, 2f).div(exp(magnitude.add(magnitude)).add(1f)));
        return far.blend(far.neg(), x.compare(VectorOperators.LT, 0f))
                .blend(p.mul(square).fma(x, x), square.compare(VectorOperators.LT, ScalarMath.TANH_SMALL));
    }

    static FloatVector sigmoid(FloatVector x) {
        return FloatVector.broadcast(F, 1f).div(exp(x.neg()).add(1f));
    }

    static FloatVector silu(FloatVector x) {
        return x.div(exp(x.neg()).add(1f));
    }

    static FloatVector siluSlope(FloatVector x) {
        FloatVector one = FloatVector.broadcast(F, 1f);
        FloatVector sigmoid = sigmoid(x);
        return sigmoid.mul(x.fma(one.sub(sigmoid), one));
    }

    static FloatVector gelu(FloatVector x) {
        FloatVector inner = x.mul(x).mul(x).fma(FloatVector.broadcast(F, ScalarMath.GELU_CUBE), x).mul(ScalarMath.GELU_INNER);
        return x.div(exp(inner).add(1f));
    }

    /** The sum of the lanes, halves added to halves. */
    static float sum(FloatVector x) {
        if (F.length() > 8) {
            x = x.add(x.rearrange(SWAP_8));
        }
        if (F.length() > 4) {
            x = x.add(x.rearrange(SWAP_4));
        }
        x = x.add(x.rearrange(SWAP_2));
        return x.lane(0) + x.lane(1);
    }
}
