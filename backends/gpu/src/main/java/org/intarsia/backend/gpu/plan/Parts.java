package org.intarsia.backend.gpu.plan;

import java.util.ArrayList;
import java.util.List;
import org.intarsia.graph.TensorType;

/**
 * How a stored matrix is cut, row by row, of which a kernel may not see all at once: devices have a bound for that, such as
 * 128 MiB, which the vocabulary of a model exceeds soon.
 *
 * @param largest   bytes that a kernel may see of one array
 * @param alignment what offsets into arrays must be multiples of, in bytes
 */
record Parts(long largest, long alignment) {

    /** Some rows of a matrix. */
    record Part(long first, long count) {
    }

    /** Whether a kernel may see all of such an array. */
    boolean isWhole(TensorType type) {
        return GpuBuffer.bytes(type) <= largest;
    }

    /** Whether there are parts of such a matrix that it may see; of one whose size changes there are none. */
    boolean divides(TensorType matrix) {
        return matrix.shape().isFixed() && most(rowBytes(matrix)) > 0;
    }

    /**
     * All rows in one part where they fit, else in several; both the rows and a float for each begin where they may.
     *
     * @param rows of the matrix, now
     */
    List<Part> of(TensorType matrix, long rows) {
        long most = isWhole(matrix) ? Math.max(1, rows) : most(rowBytes(matrix));
        List<Part> parts = new ArrayList<>();
        for (long first = 0; first < rows; first += most) {
            parts.add(new Part(first, Math.min(most, rows - first)));
        }
        return parts;
    }

    /** Bytes of one row. */
    static long rowBytes(TensorType matrix) {
        return matrix.encoding().bytes(matrix.shape().drop(1).elements());
    }

    private long most(long rowBytes) {
        return largest / Math.max(1, rowBytes) / alignment * alignment;
    }
}
