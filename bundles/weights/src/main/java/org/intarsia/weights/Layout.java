package org.intarsia.weights;

import java.util.List;

/**
 * How a file will look.
 *
 * @param head    the bytes that it begins with, tensors aside
 * @param tensors in the order of the file; zeros fill what is between and behind them
 * @param bytes   the length of the file
 */
record Layout(byte[] head, List<Placed> tensors, long bytes) {

    /** A tensor and where in the file it begins. */
    record Placed(TensorSource tensor, long begin) {
    }
}
