package org.intarsia.weights;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.intarsia.graph.Shape;
import org.intarsia.text.Quoted;

/**
 * Reads and checks what stands in front of the tensors of a GGUF file, versions 2 and 3, trusting nothing in it: each fault
 * is one sentence, and nothing is allocated for what the file merely claims. Values of the metadata stay where they lie.
 */
final class GgufReader {
    /** The first four bytes. */
    static final int MAGIC = 'G' | 'G' << 8 | 'U' << 16 | 'F' << 24;
    static final String ALIGNMENT = "general.alignment";
    static final int USUAL_ALIGNMENT = 32;

    /** Real files come nowhere near these; without them a file of many gigabytes could fill the memory. */
    private static final int MOST_ENTRIES = 1 << 18;
    private static final int MOST_ITEMS = 1 << 22;
    private static final int LONGEST_NAME = 4096;
    private static final int LONGEST_TEXT = 16 << 20;
    private static final int MOST_DIMENSIONS = 32;
    private static final int DEEPEST = 8;

    private final Path file;
    private final MemorySegment content;
    private final SortedMap<String, MemorySegment> metadata = new TreeMap<>();
    private final List<Header.Entry> entries = new ArrayList<>();
    private long position;

    private GgufReader(Path file, MemorySegment content) {
        this.file = file;
        this.content = content;
    }

    /** Whether the file says so itself. */
    static boolean recognises(MemorySegment content) {
        return content.byteSize() >= Integer.BYTES && content.get(Elements.INT, 0) == MAGIC;
    }

    /**
     * The header of a file.
     *
     * @param content all bytes of the file
     * @throws WeightsException saying what is wrong with it
     */
    static Header read(Path file, MemorySegment content) {
        return new GgufReader(file, content).read();
    }

    private Header read() {
        if (!recognises(content)) {
            throw broken("is not a GGUF file: it does not begin with 'GGUF'");
        }
        position = Integer.BYTES;
        checkVersion(int32("its version"));
        long tensors = count("tensors");
        long values = count("metadata values");
        for (long i = 0; i < values; i++) {
            readValue();
        }
        int alignment = alignment();
        Set<String> names = new HashSet<>();
        for (long i = 0; i < tensors; i++) {
            Header.Entry entry = readEntry(alignment);
            if (!names.add(entry.name())) {
                throw broken("is damaged: it names the tensor " + Quoted.of(entry.name()) + " twice");
            }
            entries.add(entry);
        }
        // A file of empty tensors may end before the place where data would begin.
        long data = Math.min(Math.ceilDiv(position, (long) alignment) * alignment, content.byteSize());
        settleUnknownTypes(content.byteSize() - data);
        // Tensors are aligned, so there may be gaps between them.
        Header.checkLayout(entries, content.byteSize() - data, true, this::broken);
        return new Header(List.copyOf(entries), new Metadata(file.toString(), metadata), data);
    }

    private void checkVersion(int version) {
        if (Integer.reverseBytes(version) == 2 || Integer.reverseBytes(version) == 3) {
            throw broken("is a GGUF file for big-endian machines; only little-endian ones can be used");
        }
        if (version != 2 && version != 3) {
            throw broken("has the GGUF version " + Integer.toUnsignedString(version) + "; versions 2 and 3 can be read");
        }
    }

    private long count(String what) {
        long count = int64("the number of its " + what);
        if (Long.compareUnsigned(count, MOST_ENTRIES) > 0) {
            throw broken("is damaged: it promises " + Long.toUnsignedString(count) + " " + what + "; at most " + MOST_ENTRIES
                    + " are read");
        }
        return count;
    }

    private void readValue() {
        String key = name("a metadata key");
        long begin = position;
        String what = "the metadata " + Quoted.of(key);
        skip(what, type(what), 0);
        if (metadata.put(key, content.asSlice(begin, position - begin)) != null) {
            throw broken("is damaged: it has " + what + " twice");
        }
    }

    private ValueType type(String what) {
        int number = int32(what);
        return ValueType.numbered(number).orElseThrow(() -> broken("is damaged: " + what + " is of the unknown type "
                + Integer.toUnsignedString(number)));
    }

    /** Goes behind a value, and leaves nothing in it that could not be read later. */
    private void skip(String what, ValueType type, int depth) {
        switch (type) {
            case TEXT -> advance(length(what, LONGEST_TEXT), what);
            case ARRAY -> skipArray(what, depth);
            case BOOL -> {
                long at = advance(1, what);
                if (content.get(JAVA_BYTE, at) >>> 1 != 0) {
                    throw broken("is damaged: " + what + " is neither true nor false");
                }
            }
            default -> advance(type.bytes(), what);
        }
    }

    private void skipArray(String what, int depth) {
        if (depth == DEEPEST) {
            throw broken("is damaged: " + what + " has lists in lists more than " + DEEPEST + " deep");
        }
        ValueType type = type(what);
        long count = int64(what);
        if (Long.compareUnsigned(count, MOST_ITEMS) > 0) {
            throw broken("is damaged: " + what + " promises a list of " + Long.toUnsignedString(count) + " items; at most "
                    + MOST_ITEMS + " are read");
        }
        for (long i = 0; i < count; i++) {
            skip(what, type, depth + 1);
        }
    }

    private int alignment() {
        MemorySegment stored = metadata.get(ALIGNMENT);
        if (stored == null) {
            return USUAL_ALIGNMENT;
        }
        int alignment = MetadataValue.type(stored) == ValueType.U32 ? stored.get(Elements.INT, Integer.BYTES) : 0;
        if (alignment <= 0 || Integer.bitCount(alignment) != 1) {
            throw broken("is damaged: its " + ALIGNMENT + " is not a power of two of 32 bits");
        }
        return alignment;
    }

    private Header.Entry readEntry(int alignment) {
        String name = name("a tensor's name");
        String what = "the tensor " + Quoted.of(name);
        int rank = int32(what);
        if (Integer.compareUnsigned(rank, MOST_DIMENSIONS) > 0) {
            throw broken("is damaged: " + what + " has " + Integer.toUnsignedString(rank) + " dimensions");
        }
        long[] sizes = new long[rank];
        for (int i = rank - 1; i >= 0; i--) {
            // Their first dimension is the one that runs fastest, ours the last.
            sizes[i] = int64(what);
        }
        int number = int32(what);
        long begin = int64(what);
        Optional<GgmlType> type = GgmlType.numbered(number);
        // How many bytes an unknown type takes nobody can say here: that is settled when all tensors are known.
        long bytes = type.isPresent() ? bytes(what, type.get(), sizes) : 0;
        if (type.isEmpty()) {
            checkSizes(what, sizes);
        }
        if (begin < 0 || begin % alignment != 0) {
            throw broken("is damaged: " + what + " begins at byte " + Long.toUnsignedString(begin)
                    + " of the data, which is no multiple of " + alignment);
        }
        if (begin > Long.MAX_VALUE - bytes) {
            throw broken("is damaged: " + what + " begins at byte " + begin + " of the data, which is larger than any file");
        }
        return new Header.Entry(name, type.map(GgmlType::name).orElse("type " + Integer.toUnsignedString(number)),
                type.flatMap(GgmlType::encoding), Shape.of(sizes), begin, begin + bytes);
    }

    private long bytes(String what, GgmlType type, long[] sizes) {
        long row = sizes.length == 0 ? 1 : sizes[sizes.length - 1];
        checkSizes(what, sizes);
        if (row % type.blockElements() != 0) {
            throw broken("is damaged: " + what + " has rows of " + row + " elements, but " + type + " stores "
                    + type.blockElements() + " at a time");
        }
        try {
            long blocks = 1;
            for (int i = 0; i < sizes.length; i++) {
                blocks = Math.multiplyExact(blocks, i == sizes.length - 1 ? row / type.blockElements() : sizes[i]);
            }
            return Math.multiplyExact(blocks, type.blockBytes());
        } catch (ArithmeticException e) {
            throw tooLarge(what, sizes);
        }
    }

    /** A file may say anything: the number of elements must fit, too. */
    private void checkSizes(String what, long[] sizes) {
        if (Arrays.stream(sizes).anyMatch(size -> size < 0)) {
            throw broken("is damaged: " + what + " has a size that is out of range");
        }
        try {
            Arrays.stream(sizes).reduce(1, Math::multiplyExact);
        } catch (ArithmeticException e) {
            throw tooLarge(what, sizes);
        }
    }

    private WeightsException tooLarge(String what, long[] sizes) {
        return broken("is damaged: " + what + " has the shape " + Arrays.toString(sizes) + ", which is larger than any file");
    }

    /**
     * Gives tensors of an unknown type all bytes up to the next tensor. So a file that has one besides can be used; only who
     * asks for that tensor is told that its type is not supported.
     */
    private void settleUnknownTypes(long available) {
        TreeSet<Long> begins = entries.stream().map(Header.Entry::begin).collect(Collectors.toCollection(TreeSet::new));
        entries.replaceAll(entry -> GgmlType.isKnown(entry.type()) ? entry
                : entry.until(Optional.ofNullable(begins.higher(entry.begin())).orElse(Math.max(entry.begin(), available))));
    }

    private String name(String what) {
        long length = length(what, LONGEST_NAME);
        return MetadataValue.text(what + " in '" + file + "'", content.asSlice(advance(length, what), length));
    }

    private long length(String what, int longest) {
        long length = int64(what);
        if (Long.compareUnsigned(length, longest) > 0) {
            throw broken("is damaged: " + what + " promises a text of " + Long.toUnsignedString(length)
                    + " bytes; at most " + longest + " are read");
        }
        return length;
    }

    private int int32(String what) {
        return content.get(Elements.INT, advance(Integer.BYTES, what));
    }

    private long int64(String what) {
        return content.get(Elements.LONG, advance(Long.BYTES, what));
    }

    /** Where the next bytes begin, which are then behind us. */
    private long advance(long bytes, String what) {
        long begin = position;
        if (bytes > content.byteSize() - begin) {
            throw broken("is cut off: it ends within " + what + "; copy or download it again");
        }
        position += bytes;
        if (position > Header.LONGEST) {
            throw broken("has a header of more than " + Header.LONGEST + " bytes, which no real model needs");
        }
        return begin;
    }

    private WeightsException broken(String what) {
        return new WeightsException("'" + file + "' " + what);
    }
}
