package org.intarsia.weights;

import java.util.List;
import java.util.Optional;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Shape;

/**
 * What a file says at its head, checked: the entries lie inside the file and do not overlap.
 *
 * @param entries  in the order of their offsets
 * @param metadata what the file says about itself
 * @param data     where in the file the first tensor's bytes begin
 */
record Header(List<Entry> entries, Metadata metadata, long data) {

    /** In safetensors files: the name that is no tensor's, but that of the metadata. */
    static final String METADATA = "__metadata__";

    /** In safetensors files: the length of the header stands in front of it, in eight bytes. */
    static final int PREFIX = Long.BYTES;

    /** The longest header that the reference implementation of safetensors reads; kept for other formats, too. */
    static final long LONGEST = 100_000_000;

    /**
     * One tensor; its bytes lie in [begin, end) from {@link #data}.
     *
     * @param type     how the format calls the type of its elements
     * @param encoding that type, where it can be used
     */
    record Entry(String name, String type, Optional<Encoding> encoding, Shape shape, long begin, long end) {
    }
}
