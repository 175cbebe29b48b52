package org.intarsia.weights;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.intarsia.text.Quoted;

/** What a GGUF file of version 3 looks like. */
final class GgufLayout {
    private static final int VERSION = 3;

    private GgufLayout() {
    }

    static Layout of(Collection<TensorSource> tensors, Metadata metadata) {
        int alignment = metadata.integer(GgufReader.ALIGNMENT).map(Math::toIntExact).orElse(GgufReader.USUAL_ALIGNMENT);
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        MetadataValue.put(head, Integer.BYTES, GgufReader.MAGIC);
        MetadataValue.put(head, Integer.BYTES, VERSION);
        MetadataValue.put(head, Long.BYTES, tensors.size());
        MetadataValue.put(head, Long.BYTES, metadata.stored().size());
        metadata.stored().forEach((key, value) -> {
            MetadataValue.putText(head, key);
            head.writeBytes(value.toArray(JAVA_BYTE));
        });
        List<Long> offsets = new ArrayList<>();
        long position = 0;
        for (TensorSource tensor : tensors) {
            putEntry(head, tensor, position);
            offsets.add(position);
            position = aligned(position + tensor.type().bytes(), alignment);
        }
        byte[] bytes = Arrays.copyOf(head.toByteArray(), Math.toIntExact(aligned(head.size(), alignment)));
        List<Layout.Placed> placed = new ArrayList<>();
        for (TensorSource tensor : tensors) {
            placed.add(new Layout.Placed(tensor, bytes.length + offsets.get(placed.size())));
        }
        return new Layout(bytes, placed, bytes.length + position);
    }

    private static void putEntry(ByteArrayOutputStream head, TensorSource tensor, long position) {
        long[] sizes = tensor.type().shape().sizes();
        MetadataValue.putText(head, tensor.name());
        MetadataValue.put(head, Integer.BYTES, sizes.length);
        for (int i = sizes.length - 1; i >= 0; i--) {
            MetadataValue.put(head, Long.BYTES, sizes[i]);
        }
        MetadataValue.put(head, Integer.BYTES, GgmlType.of(tensor.type().encoding())
                .orElseThrow(() -> new WeightsException("GGUF files cannot hold the tensor " + Quoted.of(tensor.name())
                        + " of type " + tensor.type().encoding() + "; name a file that ends in .safetensors"))
                .number());
        MetadataValue.put(head, Long.BYTES, position);
    }

    private static long aligned(long position, int alignment) {
        return Math.ceilDiv(position, (long) alignment) * alignment;
    }
}
