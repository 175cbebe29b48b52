package org.intarsia.weights.tool;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.intarsia.io.AtomicFile;
import org.intarsia.io.Sha256;
import org.intarsia.text.Quoted;
import org.intarsia.weights.WeightsException;

/**
 * The hashes of a checkpoint's files, as {@code sha256sum} writes them: a line for each, {@code HASH  NAME}.
 *
 * @param hashes SHA-256 in hexadecimal, by the files' names
 */
public record Manifest(SortedMap<String, String> hashes) {
    /** The backslash in front says that the name has escapes. */
    private static final Pattern LINE = Pattern.compile("(\\\\?)([0-9a-fA-F]{64}) [ *](.+)", Pattern.DOTALL);
    /** Characters that sha256sum escapes in a name, the backslash first; then the letters that follow a backslash for them. */
    private static final String ESCAPED = "\\\n\r";
    private static final String ESCAPES = "\\nr";
    private static final int PIECE = 1 << 20;

    /** Reads a manifest. */
    public static Manifest read(Path file) {
        SortedMap<String, String> hashes = new TreeMap<>();
        try {
            // Only line feeds end a line: a name may have any other character.
            for (String line : Files.readString(file).split("\n")) {
                if (!line.isBlank()) {
                    read(file, line.endsWith("\r") ? line.substring(0, line.length() - 1) : line, hashes);
                }
            }
        } catch (IOException e) {
            throw new WeightsException(e instanceof CharacterCodingException ? "'" + file + "' is not UTF-8 text"
                    : "'" + file + "' cannot be read (" + e.getMessage() + ")", e);
        }
        return new Manifest(hashes);
    }

    private static void read(Path file, String line, SortedMap<String, String> hashes) {
        Matcher matcher = LINE.matcher(line);
        Optional<String> name = !matcher.matches() ? Optional.empty()
                : matcher.group(1).isEmpty() ? Optional.of(matcher.group(3)) : unescaped(matcher.group(3));
        if (name.isEmpty() || hashes.put(name.get(), matcher.group(2).toLowerCase(Locale.ROOT)) != null) {
            throw new WeightsException("'" + file + "' is no manifest: its lines should be HASH  NAME, each with"
                    + " another name");
        }
    }

    /** The name that was escaped; nothing where an escape is none. */
    private static Optional<String> unescaped(String text) {
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) != '\\') {
                name.append(text.charAt(i));
                continue;
            }
            int escape = ++i < text.length() ? ESCAPES.indexOf(text.charAt(i)) : -1;
            if (escape < 0) {
                return Optional.empty();
            }
            name.append(ESCAPED.charAt(escape));
        }
        return Optional.of(name.toString());
    }

    /** The lines of the manifest, each without its end: with a backslash in front where the name needed escapes. */
    public List<String> lines() {
        return hashes.entrySet().stream().map(entry -> {
            String name = entry.getKey();
            for (int i = 0; i < ESCAPED.length(); i++) {
                name = name.replace(ESCAPED.substring(i, i + 1), "\\" + ESCAPES.charAt(i));
            }
            return (name.equals(entry.getKey()) ? "" : "\\") + entry.getValue() + "  " + name;
        }).toList();
    }

    /** Hashes the files of a directory, or one file. */
    public static Manifest of(Path path, ProgressListener listener) {
        List<Path> files = files(path);
        SortedMap<String, String> hashes = new TreeMap<>();
        try {
            long total = 0;
            for (Path file : files) {
                total += Files.size(file);
            }
            long done = 0;
            for (Path file : files) {
                hashes.put(file.getFileName().toString(), hash(file, done, total, listener));
                done += Files.size(file);
            }
        } catch (IOException e) {
            throw new WeightsException("'" + path + "' cannot be read (" + e.getMessage() + ")", e);
        }
        return new Manifest(hashes);
    }

    private static List<Path> files(Path path) {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (Stream<Path> files = Files.list(path)) {
            // Hidden ones are leftovers, and what other programs keep there.
            return files.filter(file -> Files.isRegularFile(file) && !file.getFileName().toString().startsWith("."))
                    .sorted().toList();
        } catch (IOException e) {
            throw new WeightsException("the directory '" + path + "' cannot be read (" + e.getMessage() + ")", e);
        }
    }

    private static String hash(Path file, long before, long total, ProgressListener listener) throws IOException {
        MessageDigest digest = Sha256.digest();
        long done = before;
        byte[] piece = new byte[PIECE];
        try (InputStream stream = Files.newInputStream(file)) {
            for (int read = stream.read(piece); read >= 0; read = stream.read(piece)) {
                digest.update(piece, 0, read);
                done += read;
                listener.at(file.getFileName().toString(), done, total);
            }
        }
        return Sha256.hexadecimal(digest);
    }

    /** Writes a manifest, or over it, all at once. */
    public void write(Path file) {
        try {
            AtomicFile.write(file, lines().stream().map(line -> line + "\n").collect(Collectors.joining()));
        } catch (IOException e) {
            throw new WeightsException("'" + file + "' cannot be written (" + e.getMessage() + ")", e);
        }
    }

    /** What is otherwise than it should be, a sentence each. Files that this does not name may be there or not. */
    List<String> differences(Map<String, String> found) {
        List<String> differences = new ArrayList<>();
        hashes.forEach((name, hash) -> {
            if (!found.containsKey(name)) {
                differences.add("the file " + Quoted.of(name) + " of the manifest is missing");
            } else if (!found.get(name).equals(hash)) {
                differences.add("the file " + Quoted.of(name) + " has the SHA-256 " + found.get(name) + ", but should have " + hash);
            }
        });
        return differences;
    }
}
