package org.intarsia.weights;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** One file, mapped for reading, its header read and checked. */
final class MappedFile {
    private final MemorySegment content;
    private final Header header;
    private final boolean gguf;
    private final Map<String, Header.Entry> entries = new HashMap<>();

    private MappedFile(Path file, MemorySegment content) {
        this.content = content;
        this.gguf = isGguf(file, content);
        this.header = gguf ? GgufReader.read(file, content) : HeaderReader.read(file, content);
        header.entries().forEach(entry -> entries.put(entry.name(), entry));
    }

    /** Maps a file; it stays mapped as long as the arena is open. */
    static MappedFile open(Path file, Arena arena) {
        if (!Files.isRegularFile(file)) {
            throw new WeightsException(Files.exists(file) ? "'" + file + "' is not a file" : "there is no file '" + file + "'");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            LfsPointer.refuse(file);
            MemorySegment content = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            return new MappedFile(file, content);
        } catch (IOException e) {
            throw new WeightsException("'" + file + "' cannot be read (" + e.getMessage() + ")", e);
        }
    }

    /** No safetensors file begins so: its header would be longer than the format allows. */
    private static boolean isGguf(Path file, MemorySegment content) {
        return Checkpoint.isNamedGguf(file) || GgufReader.recognises(content);
    }

    /** Which types of elements the format has that can be used, for messages. */
    String usableTypes() {
        return gguf ? GgmlType.usable() : Dtype.usable();
    }

    Header header() {
        return header;
    }

    Optional<Header.Entry> entry(String name) {
        return Optional.ofNullable(entries.get(name));
    }

    MemorySegment content(Header.Entry entry) {
        return content.asSlice(header.data() + entry.begin(), entry.end() - entry.begin());
    }
}
