package org.intarsia.weights;

import java.lang.foreign.MemorySegment;
import java.util.function.ObjLongConsumer;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.TensorType;

/**
 * A tensor that is made while it is written, piece by piece, since it may be larger than memory.
 *
 * @param name    as the file shall have it
 * @param type    its fixed shape and its encoding
 * @param content fills a segment with the elements from a given one on, as many as fit; it is asked for whole blocks, in
 *                ascending order
 */
public record TensorSource(String name, TensorType type, ObjLongConsumer<MemorySegment> content) {

    /** A tensor as it is. */
    public static TensorSource of(Tensor tensor) {
        Encoding encoding = tensor.type().encoding();
        return new TensorSource(tensor.name(), tensor.type(), (target, first) ->
                target.copyFrom(tensor.content().asSlice(encoding.bytes(first), target.byteSize())));
    }

    /**
     * A tensor in another encoding, rounded to the nearest values that it has.
     *
     * @throws WeightsException when it cannot be stored so
     */
    public static TensorSource of(Tensor tensor, Encoding encoding) {
        if (tensor.type().encoding() == encoding) {
            return of(tensor);
        }
        return new TensorSource(tensor.name(), Elements.encodedType(tensor, encoding),
                (target, first) -> Elements.encode(tensor, first, encoding, target));
    }

    /** The same tensor under another name. */
    public TensorSource named(String newName) {
        return new TensorSource(newName, type, content);
    }
}
