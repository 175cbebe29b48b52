package org.intarsia.backend.cpu;

import java.lang.foreign.Arena;
import org.intarsia.graph.Encoding;

/**
 * Weights of few bits in another order than they are stored in: a group of rows lies side by side, so that a lane of a vector is a
 * row, and nothing is shuffled where they are multiplied. The values are those that are stored. Rows that are missing in the last
 * group have the scale 0.
 */
abstract sealed class PackedWeights permits ShortPackedWeights, BytePackedWeights {
    private final Encoding encoding;
    private final int rows;
    private final int inner;
    private final long source;
    private final int groupRows;
    private final long groupBytes;
    private final Arena arena = Arena.ofShared();
    private final long address;
    private boolean packed;

    /**
     * Allocates memory, for {@link #pack(ThreadTeam)}.
     *
     * @param source     the address of {@code rows} rows of {@code inner} weights each, as they are stored
     * @param groupRows  rows of a group
     * @param groupBytes bytes that a group takes
     */
    PackedWeights(Encoding encoding, int rows, int inner, long source, int groupRows, long groupBytes) {
        this.encoding = encoding;
        this.rows = rows;
        this.inner = inner;
        this.source = source;
        this.groupRows = groupRows;
        this.groupBytes = groupBytes;
        this.address = CpuBuffer.allocate(arena, groups() * groupBytes).address();
    }

    final Encoding encoding() {
        return encoding;
    }

    final int inner() {
        return inner;
    }

    final long bytes() {
        return groups() * groupBytes;
    }

    final int groups() {
        return Math.ceilDiv(rows, groupRows);
    }

    /** The address of a group. */
    final long group(long group) {
        return address + group * groupBytes;
    }

    /** Packs all groups, the first time. */
    final synchronized void pack(ThreadTeam team) {
        if (!packed) {
            long rowBytes = encoding.bytes(inner);
            team.split(groups(), 1, (first, last, _) -> {
                for (long group = first; group < last; group++) {
                    for (int row = 0; row < Math.min(groupRows, rows - group * groupRows); row++) {
                        pack(source + (group * groupRows + row) * rowBytes, group(group), row);
                    }
                }
            });
            packed = true;
        }
    }

    /**
     * Packs one row.
     *
     * @param from the row, as it is stored
     * @param to   the group
     * @param row  of the group
     */
    abstract void pack(long from, long to, int row);

    final void close() {
        arena.close();
    }
}
