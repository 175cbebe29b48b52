package org.intarsia.weights;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Shape;
import org.intarsia.text.Quoted;

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
        /** The same tensor with another end. */
        Entry until(long otherEnd) {
            return new Entry(name, type, encoding, shape, begin, otherEnd);
        }
    }

    /**
     * Brings entries into the order of their offsets, and checks that they lie inside the file and none upon another.
     *
     * @param available bytes of data that the file holds
     * @param gaps      whether bytes between tensors, and behind the last, may belong to none
     * @param broken    makes the exception of a sentence that lacks the file's name in front
     */
    static void checkLayout(List<Entry> entries, long available, boolean gaps, Function<String, WeightsException> broken) {
        entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        long position = 0;
        String previous = "";
        for (Entry entry : entries) {
            if (entry.begin() < position) {
                throw broken.apply("is damaged: the tensors " + Quoted.of(previous) + " and " + Quoted.of(entry.name())
                        + " overlap");
            }
            if (entry.end() > available) {
                throw broken.apply("is cut off or damaged: the tensor " + Quoted.of(entry.name()) + " ends at byte "
                        + entry.end() + " of the data, but the file holds only " + available
                        + "; copy or download it again");
            }
            if (entry.begin() > position && !gaps) {
                throw broken.apply("is damaged: the bytes from " + position + " to " + entry.begin()
                        + " of its data belong to no tensor");
            }
            position = entry.end();
            previous = entry.name();
        }
        if (position < available && !gaps) {
            throw broken.apply("is damaged: " + (available - position) + " bytes behind the last tensor belong to none");
        }
    }
}
