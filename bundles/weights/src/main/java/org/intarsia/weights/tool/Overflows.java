package org.intarsia.weights.tool;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicLong;
import org.intarsia.graph.Encoding;
import org.intarsia.weights.Tensor;
import org.intarsia.weights.TensorSource;
import org.intarsia.weights.llamacpp.WrittenTensor;

/** Counts the values of one tensor that are finite, but infinite in a smaller floating-point encoding. */
final class Overflows {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final TensorSource encoded;
    private final Encoding stored;
    private final Encoding encoding;
    private final WrittenTensor.Values values;
    private final AtomicLong count = new AtomicLong();
    /** From this element on they are counted while they are written. */
    private long written;

    Overflows(Tensor tensor, Encoding encoding) {
        this(TensorSource.of(tensor, encoding), tensor.type().encoding(), tensor::floats);
    }

    /**
     * @param encoded the tensor as it is written
     * @param stored  what it is made from
     * @param values  the values in the order in which they are written
     */
    Overflows(TensorSource encoded, Encoding stored, WrittenTensor.Values values) {
        this.encoded = encoded;
        this.stored = stored;
        this.encoding = encoded.type().encoding();
        this.values = values;
        this.written = encoded.type().shape().elements();
    }

    /** Returns whether values of this encoding can overflow. */
    private boolean possible() {
        return (encoding == Encoding.F16 || encoding == Encoding.BF16) && stored != encoding && !stored.isInteger();
    }

    /** The same tensor, whose values are counted while they are made. */
    TensorSource counting(TensorSource source) {
        return !possible() ? source : new TensorSource(source.name(), source.type(), (target, first) -> {
            source.content().accept(target, first);
            written = Math.min(written, first);
            count(first, Math.toIntExact(target.byteSize() / Short.BYTES), target);
        });
    }

    /** Returns the number of overflows, with those that an interrupted conversion had written before. */
    long count() {
        if (possible()) {
            Pieces.forEach(written, (first, length) -> {
                MemorySegment target = MemorySegment.ofArray(new short[length]);
                encoded.content().accept(target, first);
                count(first, length, target);
                return length;
            }, (length, elements) -> { });
            written = 0;
        }
        return count.get();
    }

    private void count(long first, int length, MemorySegment encoded) {
        int infinite = 0;
        for (int i = 0; i < length; i++) {
            infinite += isInfinite(encoded.get(SHORT, 2L * i)) ? 1 : 0;
        }
        if (infinite == 0) {
            return;
        }
        // Rare: only now it matters which of them were infinite before.
        for (float value : values.floats(first, length)) {
            infinite -= Float.isInfinite(value) ? 1 : 0;
        }
        count.addAndGet(infinite);
    }

    private boolean isInfinite(short bits) {
        return (bits & 0x7fff) == (encoding == Encoding.F16 ? 0x7c00 : 0x7f80);
    }
}
