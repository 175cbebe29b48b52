package org.intarsia.remote.hosts;

import java.util.Arrays;
import org.intarsia.graph.Encoding;
import org.intarsia.remote.api.Host;
import org.intarsia.remote.api.TensorFrame;

/**
 * The speed of a link, by frames that come back.
 *
 * @param frameBytes     bytes of a small frame: two tokens, 8,192 wide in F32, or four in BF16
 * @param roundTripMs    the median time of a small frame there and back, in milliseconds
 * @param slowestMs      the 99th percentile of the same
 * @param bytesPerSecond of large frames, both directions counted
 */
public record LinkMeasurement(int frameBytes, double roundTripMs, double slowestMs, double bytesPerSecond) {
    private static final int LARGE_BYTES = 4 << 20;
    private static final int LARGE_FRAMES = 4;
    private static final int WIDTH = 16_384;

    /**
     * Sends frames to a host and waits for each to come back, on the caller's thread.
     *
     * @param host   at the other end
     * @param warm   frames that are not counted
     * @param frames frames of {@value #WIDTH} values that are
     * @throws org.intarsia.remote.api.HostException when the host fails meanwhile
     */
    public static LinkMeasurement of(Host host, int warm, int frames) {
        TensorFrame small = frame(WIDTH * Float.BYTES);
        long[] nanos = new long[frames];
        for (int i = -warm; i < frames; i++) {
            long begun = System.nanoTime();
            host.echo(small);
            nanos[Math.max(0, i)] = System.nanoTime() - begun;
        }
        Arrays.sort(nanos);
        TensorFrame large = frame(LARGE_BYTES);
        host.echo(large);
        long begun = System.nanoTime();
        for (int i = 0; i < LARGE_FRAMES; i++) {
            host.echo(large);
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        return new LinkMeasurement(small.bytes().length, nanos[frames / 2] / 1e6,
                nanos[(int) Math.min(frames - 1L, Math.round(frames * 0.99))] / 1e6, 2.0 * LARGE_FRAMES * LARGE_BYTES / seconds);
    }

    private static TensorFrame frame(int bytes) {
        return new TensorFrame(1, Encoding.F32, new int[] {bytes / Float.BYTES}, new byte[bytes]);
    }
}
