package org.intarsia.backend.cpu.kernel;

/** In plain Java: the limit of a runtime without the Vector API, not that of the processor. */
public final class ScalarPeakKernel implements PeakKernel {
    private static final int ROUNDS = 2000;
    private static final int SUMS = 12;

    @Override
    public long operations() {
        return 2L * ROUNDS * SUMS;
    }

    @Override
    public float run() {
        float x = 0.999f;
        float y = 1e-3f;
        float a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
        for (int round = 0; round < ROUNDS; round++) {
            a = Math.fma(a, x, y);
            b = Math.fma(b, x, y);
            c = Math.fma(c, x, y);
            d = Math.fma(d, x, y);
            e = Math.fma(e, x, y);
            f = Math.fma(f, x, y);
            g = Math.fma(g, x, y);
            h = Math.fma(h, x, y);
            i = Math.fma(i, x, y);
            j = Math.fma(j, x, y);
            k = Math.fma(k, x, y);
            l = Math.fma(l, x, y);
        }
        return a + b + c + d + e + f + g + h + i + j + k + l;
    }
}
