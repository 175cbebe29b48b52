package org.intarsia.backend.testkit.cases;

import org.intarsia.backend.testkit.suite.Tolerance;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.op.Conv2d.Window;

/** Convolution and upsampling of feature maps. */
final class PictureCases {
    private PictureCases() {
    }

    static void addTo(Catalogue all) {
        // n, channels, height, width, out channels, kernel height, kernel width.
        convolution(all, new long[] {1, 1, 1, 1, 1, 1, 1}, Window.same(0));
        convolution(all, new long[] {2, 3, 5, 7, 4, 1, 1}, Window.same(0));
        convolution(all, new long[] {1, 3, 8, 8, 5, 3, 3}, Window.same(1));
        convolution(all, new long[] {2, 4, 7, 9, 3, 3, 3}, Window.same(0));
        convolution(all, new long[] {1, 17, 5, 31, 6, 3, 3}, Window.same(1));
        convolution(all, new long[] {3, 2, 1, 65, 7, 1, 3}, new Window(1, 0, 0, 1, 1));
        convolution(all, new long[] {1, 2, 9, 4, 3, 5, 3}, new Window(1, 2, 2, 0, 1));
        convolution(all, new long[] {2, 3, 8, 8, 4, 3, 3}, new Window(2, 0, 1, 0, 1));
        convolution(all, new long[] {1, 3, 9, 7, 4, 3, 3}, new Window(2, 0, 1, 0, 1));
        convolution(all, new long[] {1, 5, 16, 17, 8, 3, 3}, new Window(2, 1, 1, 1, 1));
        convolution(all, new long[] {2, 3, 11, 13, 2, 4, 4}, new Window(3, 1, 0, 2, 1));
        convolution(all, new long[] {1, 3, 8, 8, 4, 2, 2}, new Window(2, 0, 0, 0, 0));
        convolution(all, new long[] {1, 4, 6, 6, 3, 1, 1}, new Window(2, 0, 0, 0, 0));
        convolution(all, new long[] {1, 33, 9, 33, 34, 3, 3}, Window.same(1));
        convolution(all, new long[] {2, 64, 8, 8, 64, 1, 1}, Window.same(0));
        convolution(all, new long[] {1, 16, 33, 31, 18, 3, 3}, Window.same(1));
        convolution(all, new long[] {2, 16, 32, 32, 8, 3, 3}, new Window(2, 0, 1, 0, 1));
        for (long[] sizes : new long[][] {{1, 1, 1, 1}, {2, 3, 5, 7}, {1, 2, 17, 33}, {3, 4, 8, 8}}) {
            for (int factor : new int[] {1, 2, 3}) {
                all.smooth("upsample", Catalogue.by(sizes) + " by " + factor, Tolerance.exact(),
                        d -> d.graph.upsample(d.weight("x", sizes), factor));
            }
        }
    }

    private static void convolution(Catalogue all, long[] s, Window window) {
        for (Encoding encoding : new Encoding[] {Encoding.F32, Encoding.BF16, Encoding.F16}) {
            String name = encoding + " " + Catalogue.by(s[0], s[1], s[2], s[3]) + " kernel " + Catalogue.by(s[4], s[5], s[6])
                    + " stride " + window.stride() + " padding " + window.top() + window.bottom() + window.left() + window.right();
            all.smooth("conv2d", name, Tolerance.reduction(s[1] * s[5] * s[6]), d -> d.graph.conv2d(
                    d.input("x", s[0], s[1], s[2], s[3]), d.weight("weight", encoding, s[4], s[1], s[5], s[6]), window));
        }
    }
}
