package org.intarsia.backend.cpu.step;

import java.util.Map;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.cpu.host.Memory;
import org.intarsia.backend.cpu.kernel.RowKernels;
import org.intarsia.backend.cpu.kernel.RowKernels.Binary;
import org.intarsia.backend.cpu.kernel.TileKernels;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.op.Random;

/** Ops that address rows by number, and counter-based random numbers. An index outside its table ends the run. */
public final class IndexSteps {
    private IndexSteps() {
    }

    /** Puts the steps of this family into a table, by the kind of op. */
    public static void register(Map<String, Step.Factory> table) {
        table.put("gather", IndexSteps::gather);
        table.put("scatterAdd", IndexSteps::scatterAdd);
        table.put("random", IndexSteps::random);
    }

    private static Step gather(NodeBinding binding) {
        long rows = binding.shape(0).size(0);
        int length = Math.toIntExact(binding.shape(0).drop(1).elements());
        Encoding stored = binding.encoding(0);
        boolean plain = stored == stored.computed();
        long table = binding.operand(0);
        long indices = binding.operand(1);
        long target = binding.result();
        TileKernels tiles = binding.kernels().tiles();
        return team -> team.split(binding.shape(1).elements(), Math.max(1, 8192 / Math.max(1, length)), (first, last, worker) -> {
            for (long i = first; i < last; i++) {
                long from = table + stored.bytes(row("gather", indices + 4 * i, rows) * length);
                long to = target + 4 * i * length;
                if (plain) {
                    Memory.copy(from, to, 4L * length);
                } else if (stored == Encoding.I64) {
                    for (int j = 0; j < length; j++) {
                        Memory.putInt(to + 4L * j, (int) Memory.getLong(from + 8L * j));
                    }
                } else {
                    tiles.decode(stored, from, to, length);
                }
            }
        });
    }

    private static Step scatterAdd(NodeBinding binding) {
        long rows = binding.shape().size(0);
        int length = Math.toIntExact(binding.shape().drop(1).elements());
        long count = binding.shape(0).elements();
        long indices = binding.operand(0);
        long added = binding.operand(1);
        long target = binding.result();
        RowKernels kernels = binding.kernels().rows();
        // Each task has rows of its own and adds to them in the order of the indices.
        return team -> team.split(rows, Math.max(1, rows / (2L * team.size())), (first, last, worker) -> {
            Memory.clear(target + 4 * first * length, 4 * (last - first) * length);
            for (long i = 0; i < count; i++) {
                long row = row("scatterAdd", indices + 4 * i, rows);
                if (row >= first && row < last) {
                    long to = target + 4 * row * length;
                    kernels.binary(Binary.ADD, to, added + 4 * i * length, to, length);
                }
            }
        });
    }

    /** Reads a number of a row. */
    static long row(String op, long address, long rows) {
        int row = Memory.getInt(address);
        if (row < 0 || row >= rows) {
            throw new BackendException("cpu: " + op + " was given the row " + row + " of a table with the rows 0 to " + (rows - 1));
        }
        return row;
    }

    private static Step random(NodeBinding binding) {
        long key = binding.operand(0);
        long target = binding.result();
        return team -> team.split(binding.shape().elements(), 4096, (first, last, worker) -> {
            int seed = Memory.getInt(key);
            for (long i = first; i < last; i++) {
                Memory.putFloat(target + 4 * i, Random.at(seed, (int) i));
            }
        });
    }
}
