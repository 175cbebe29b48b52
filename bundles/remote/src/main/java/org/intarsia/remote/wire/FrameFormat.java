package org.intarsia.remote.wire;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor.Marshaller;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.intarsia.graph.Encoding;
import org.intarsia.remote.api.TensorFrame;

/**
 * The layout of a tensor frame, all of it little-endian:
 *
 * <pre>
 *  0  i32  0x31465449, the letters ITF1
 *  4  i8   encoding: 1 for F32, 2 for BF16
 *  5  i8   number of dimensions, 1 to 8
 *  6  i16  0
 *  8  i64  sequence number
 * 16  i32  length of the tensor in bytes
 * 20  i32  each dimension, the outermost first
 *     i8   the tensor
 * </pre>
 */
final class FrameFormat implements Marshaller<FrameMessage> {
    static final int MOST_HEADER_BYTES = 20 + Integer.BYTES * TensorFrame.MOST_DIMENSIONS;

    private static final int MAGIC = 0x31465449;
    private static final int FIXED_BYTES = 20;
    private static final byte F32 = 1;
    private static final byte BF16 = 2;

    private final int mostBytes;

    /** @param mostBytes the most bytes of a tensor that is received */
    FrameFormat(int mostBytes) {
        this.mostBytes = mostBytes;
    }

    @Override
    public InputStream stream(FrameMessage message) {
        TensorFrame frame = message.frame().orElseThrow();
        return new FrameStream(header(frame), frame.bytes());
    }

    /** The header of a frame. */
    private static byte[] header(TensorFrame frame) {
        int[] shape = frame.shape();
        ByteBuffer header = ByteBuffer.allocate(FIXED_BYTES + Integer.BYTES * shape.length).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(MAGIC).put(frame.encoding() == Encoding.F32 ? F32 : BF16).put((byte) shape.length).putShort((short) 0)
                .putLong(frame.sequence()).putInt(frame.bytes().length);
        for (int dimension : shape) {
            header.putInt(dimension);
        }
        return header.array();
    }

    @Override
    public FrameMessage parse(InputStream stream) {
        try {
            ByteBuffer fixed = ByteBuffer.wrap(stream.readNBytes(FIXED_BYTES)).order(ByteOrder.LITTLE_ENDIAN);
            if (fixed.remaining() < FIXED_BYTES || fixed.getInt() != MAGIC) {
                return FrameMessage.refused("it does not begin as a frame does");
            }
            byte code = fixed.get();
            int rank = fixed.get();
            if (code != F32 && code != BF16 || rank < 1 || rank > TensorFrame.MOST_DIMENSIONS || fixed.getShort() != 0) {
                return FrameMessage.refused("its header has an encoding or a number of dimensions that there is not");
            }
            long sequence = fixed.getLong();
            int length = fixed.getInt();
            ByteBuffer dimensions = ByteBuffer.wrap(stream.readNBytes(Integer.BYTES * rank)).order(ByteOrder.LITTLE_ENDIAN);
            if (dimensions.remaining() < Integer.BYTES * rank) {
                return FrameMessage.refused("its header is cut off");
            }
            int[] shape = new int[rank];
            dimensions.asIntBuffer().get(shape);
            Encoding encoding = code == F32 ? Encoding.F32 : Encoding.BF16;
            if (length < 0 || length > mostBytes) {
                return FrameMessage.refused("it declares more than " + mostBytes + " bytes");
            }
            if (TensorFrame.size(encoding, shape) != length) {
                return FrameMessage.refused("its shape and its length do not fit each other");
            }
            byte[] bytes = stream.readNBytes(length);
            if (bytes.length < length || stream.read() >= 0) {
                return FrameMessage.refused("it has more or fewer bytes than it declares");
            }
            return FrameMessage.of(new TensorFrame(sequence, encoding, shape, bytes));
        } catch (IllegalArgumentException e) {
            return FrameMessage.refused("its shape cannot be");
        } catch (IOException e) {
            return FrameMessage.refused("it could not be read");
        }
    }

    /** Writes header and tensor into gRPC's buffers without a copy between. */
    private static final class FrameStream extends InputStream implements KnownLength, Drainable {
        private final InputStream both;
        private final byte[] header;
        private final byte[] bytes;
        private int left;

        FrameStream(byte[] header, byte[] bytes) {
            this.header = header;
            this.bytes = bytes;
            this.left = header.length + bytes.length;
            this.both = new SequenceInputStream(new ByteArrayInputStream(header), new ByteArrayInputStream(bytes));
        }

        @Override
        public int drainTo(OutputStream target) throws IOException {
            target.write(header);
            target.write(bytes);
            int written = left;
            left = 0;
            return written;
        }

        @Override
        public int available() {
            return left;
        }

        @Override
        public int read() throws IOException {
            int next = left == 0 ? -1 : both.read();
            left -= next < 0 ? 0 : 1;
            return next;
        }
    }
}
