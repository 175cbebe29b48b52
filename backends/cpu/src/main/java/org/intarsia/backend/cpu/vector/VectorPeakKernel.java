package org.intarsia.backend.cpu.vector;

import jdk.incubator.vector.FloatVector;
import org.intarsia.backend.cpu.kernel.PeakKernel;

/** On the Vector API. Twelve independent sums hide how long one multiply-add takes. */
final class VectorPeakKernel implements PeakKernel {
    private static final int ROUNDS = 2000;
    private static final int SUMS = 12;

    @Override
    public long operations() {
        return 2L * ROUNDS * SUMS * VectorMath.F.length();
    }

    @Override
    public float run() {
        FloatVector x = FloatVector.broadcast(VectorMath.F, 0.999f);
        FloatVector y = FloatVector.broadcast(VectorMath.F, 1e-3f);
        FloatVector a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
        for (int round = 0; round < ROUNDS; round++) {
            a = a.fma(x, y);
            b = b.fma(x, y);
            c = c.fma(x, y);
            d = d.fma(x, y);
            e = e.fma(x, y);
            f = f.fma(x, y);
            g = g.fma(x, y);
            h = h.fma(x, y);
            i = i.fma(x, y);
            j = j.fma(x, y);
            k = k.fma(x, y);
            l = l.fma(x, y);
        }
        return a.add(b).add(c).add(d).add(e).add(f).add(g).add(h).add(i).add(j).add(k).add(l).lane(0);
    }
}
