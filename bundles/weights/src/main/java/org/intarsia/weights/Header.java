package org.intarsia.weights;

import java.util.List;
import java.util.SortedMap;
import org.intarsia.graph.Shape;

/**
 * What a safetensors file says at its head, checked: entries lie one behind the other and fill the file.
 *
 * @param entries  in the order of their offsets
 * @param metadata what the file says about itself
 * @param data     where in the file the first tensor's bytes begin
 */
record Header(List<Entry> entries, SortedMap<String, String> metadata, long data) {

    /** The name that is no tensor's: it holds the metadata. */
    static final String METADATA = "__metadata__";

    /** The length of the header stands in front of it, in eight bytes. */
    static final int PREFIX = Long.BYTES;

    /** The longest header that the format's reference implementation reads. */
    static final long LONGEST = 100_000_000;

    /** One tensor; its bytes lie in [begin, end) from {@link #data}. */
    record Entry(String name, Dtype dtype, Shape shape, long begin, long end) {
    }
}
