package org.intarsia.backend.cpu.step;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.intarsia.backend.cpu.host.Memory;

/**
 * Cosines and sines of rotary positions, computed once in float64 and shared by all layers of a plan.
 */
public final class Rotations {
    private final Map<List<Double>, Table> tables = new ConcurrentHashMap<>();

    /** Returns the table of these frequencies, in radians a position; safe for use by several threads. */
    public Table of(List<Double> frequencies) {
        return tables.computeIfAbsent(frequencies, Table::new);
    }

    /** One row for each position from 0 on: cosines of all frequencies, then sines. It grows when it must. */
    public static final class Table {
        private static final int LEAST = 64;

        private final double[] frequencies;
        private MemorySegment memory = MemorySegment.NULL;
        private int positions;

        private Table(List<Double> frequencies) {
            this.frequencies = frequencies.stream().mapToDouble(frequency -> frequency).toArray();
        }

        /** Bytes of the row of one position. */
        public long rowBytes() {
            return 8L * frequencies.length;
        }

        /**
         * Makes sure that positions up to {@code last} are there. The garbage collector frees an outgrown table, so the
         * address is to be asked for anew at each run.
         */
        public synchronized long address(int last) {
            if (last >= positions) {
                positions = Math.max(LEAST, Math.max(last + 1, 2 * positions));
                memory = Arena.ofAuto().allocate(positions * rowBytes(), 64);
                for (int position = 0; position < positions; position++) {
                    long row = memory.address() + position * rowBytes();
                    for (int i = 0; i < frequencies.length; i++) {
                        double angle = position * frequencies[i];
                        Memory.putFloat(row + 4L * i, (float) StrictMath.cos(angle));
                        Memory.putFloat(row + 4L * (frequencies.length + i), (float) StrictMath.sin(angle));
                    }
                }
            }
            return memory.address();
        }
    }
}
