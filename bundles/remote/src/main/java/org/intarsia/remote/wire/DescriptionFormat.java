package org.intarsia.remote.wire;

import io.grpc.MethodDescriptor.Marshaller;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.intarsia.remote.api.HostDescription;
import org.intarsia.remote.api.HostDescription.HostDevice;
import org.intarsia.remote.api.HostDescription.HostModel;

/**
 * The layout of a description, little-endian: an i32 that is the version of this layout, and the components of
 * {@link HostDescription} in their order. A text is its length in bytes as i32, and UTF-8; a list is its size as i32, and its
 * elements; a truth value is an i8.
 */
final class DescriptionFormat implements Marshaller<HostDescription> {
    static final int MOST_BYTES = 1 << 20;

    private static final int VERSION = 1;
    /** A text or a list that is longer comes from no host of ours. */
    private static final int MOST_LENGTH = 4096;

    @Override
    public InputStream stream(HostDescription host) {
        Writer writer = new Writer();
        writer.number(VERSION);
        writer.text(host.id());
        writer.text(host.name());
        writer.text(host.version());
        writer.bytes.write(host.draining() ? 1 : 0);
        writer.wide(Double.doubleToLongBits(host.memoryBandwidth()));
        writer.number(host.devices().size());
        for (HostDevice device : host.devices()) {
            writer.text(device.backend());
            writer.text(device.name());
            writer.text(device.description());
            writer.wide(device.memoryBytes());
        }
        writer.number(host.models().size());
        for (HostModel model : host.models()) {
            writer.text(model.name());
            writer.text(model.weights());
        }
        writer.number(host.running());
        writer.number(host.waiting());
        return new ByteArrayInputStream(writer.bytes.toByteArray());
    }

    /** @throws IllegalArgumentException when it is no description of this layout; gRPC then fails the call of the client */
    @Override
    public HostDescription parse(InputStream stream) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(stream.readNBytes(MOST_BYTES)).order(ByteOrder.LITTLE_ENDIAN);
            int version = bytes.getInt();
            if (version != VERSION) {
                throw new IllegalArgumentException("the description has layout " + version + ", not " + VERSION);
            }
            HostDescription host = new HostDescription(text(bytes), text(bytes), text(bytes), bytes.get() != 0,
                    Double.longBitsToDouble(bytes.getLong()),
                    list(bytes, () -> new HostDevice(text(bytes), text(bytes), text(bytes), bytes.getLong())),
                    list(bytes, () -> new HostModel(text(bytes), text(bytes))), bytes.getInt(), bytes.getInt());
            if (bytes.hasRemaining()) {
                throw new IllegalArgumentException("bytes follow the description");
            }
            return host;
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("the description is cut off", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int length(ByteBuffer bytes) {
        int length = bytes.getInt();
        if (length < 0 || length > MOST_LENGTH) {
            throw new IllegalArgumentException("a text or list of the description has the length " + length);
        }
        return length;
    }

    private static String text(ByteBuffer bytes) {
        byte[] text = new byte[length(bytes)];
        bytes.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    private static <T> List<T> list(ByteBuffer bytes, Supplier<T> element) {
        int length = length(bytes);
        List<T> list = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            list.add(element.get());
        }
        return list;
    }

    private static final class Writer {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        void number(int number) {
            bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(number).array());
        }

        void wide(long number) {
            bytes.writeBytes(ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array());
        }

        void text(String text) {
            byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
            if (encoded.length > MOST_LENGTH) {
                throw new IllegalArgumentException("a name of this host has more than " + MOST_LENGTH + " bytes");
            }
            number(encoded.length);
            bytes.writeBytes(encoded);
        }
    }
}
