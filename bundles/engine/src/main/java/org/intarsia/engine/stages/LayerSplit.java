package org.intarsia.engine.stages;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.intarsia.engine.stages.StageHost.Capacity;

/**
 * Divides the layers of a model among hosts, so that the slowest takes as little time as it can: that bounds how many tokens a second
 * pass through all of them. Each host reads the weights of its layers once a step, at the speed of its memory.
 */
public final class LayerSplit {
    private LayerSplit() {
    }

    /**
     * Divides layers. Where the speed of a host is not known, all count as equally fast.
     *
     * @param layers bytes of each layer, with its keys and values
     * @param fixed  bytes that the first host has beside its layers: the embedding and the heads
     * @param read   as many of those as it reads for each step; of an embedding it reads some rows
     * @param hosts  the one with the prompt first; it gets a layer at least, others may get none
     * @return how many layers each host gets, in their order; nothing where they have no room for all
     */
    public static Optional<int[]> of(long[] layers, long fixed, long read, List<Capacity> hosts) {
        boolean known = hosts.stream().allMatch(host -> host.memoryBandwidth() > 0);
        long[] before = new long[layers.length + 1];
        for (int i = 0; i < layers.length; i++) {
            before[i + 1] = before[i] + layers[i];
        }
        // slowest[h][n]: the time of the slowest of the first h hosts where these have n layers; taken[h][n]: the layers of the last.
        double[][] slowest = new double[hosts.size() + 1][layers.length + 1];
        int[][] taken = new int[hosts.size() + 1][layers.length + 1];
        Arrays.stream(slowest).forEach(row -> Arrays.fill(row, Double.POSITIVE_INFINITY));
        slowest[0][0] = 0;
        for (int host = 1; host <= hosts.size(); host++) {
            Capacity capacity = hosts.get(host - 1);
            long kept = host == 1 ? fixed : 0;
            long readBeside = host == 1 ? read : 0;
            for (int all = 0; all <= layers.length; all++) {
                for (int own = host == 1 ? 1 : 0; own <= all; own++) {
                    long bytes = before[all] - before[all - own];
                    boolean fits = own == 0 || capacity.memoryBytes() <= 0 || kept + bytes <= capacity.memoryBytes();
                    double time = Math.max(slowest[host - 1][all - own],
                            (readBeside + bytes) / (known ? capacity.memoryBandwidth() : 1));
                    if (fits && time < slowest[host][all]) {
                        slowest[host][all] = time;
                        taken[host][all] = own;
                    }
                }
            }
        }
        if (Double.isInfinite(slowest[hosts.size()][layers.length])) {
            return Optional.empty();
        }
        int[] counts = new int[hosts.size()];
        int left = layers.length;
        for (int host = hosts.size(); host > 0; host--) {
            counts[host - 1] = taken[host][left];
            left -= counts[host - 1];
        }
        return Optional.of(counts);
    }
}
