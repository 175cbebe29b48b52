package org.intarsia.weights.tool;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.intarsia.weights.WeightsException;

/**
 * The hashes of a checkpoint's files, as {@code sha256sum} writes them: a line for each, {@code HASH  NAME}.
 *
 * @param hashes SHA-256 in hexadecimal, by the files' names
 */
public record Manifest(SortedMap<String, String> hashes) {
    private static final Pattern LINE = Pattern.compile("([0-9a-fA-F]{64}) [ *](.+)");
    private static final int PIECE = 1 << 20;

    /** Reads a manifest. */
    public static Manifest read(Path file) {
        SortedMap<String, String> hashes = new TreeMap<>();
        try (Stream<String> lines = Files.lines(file)) {
            lines.filter(line -> !line.isBlank()).forEach(line -> {
                Matcher matcher = LINE.matcher(line);
                if (!matcher.matches() || hashes.put(matcher.group(2), matcher.group(1).toLowerCase()) != null) {
                    throw new WeightsException("'" + file + "' is no manifest: its lines should be HASH  NAME, each with"
                            + " another name");
                }
            });
        } catch (IOException | UncheckedIOException e) {
            Throwable cause = e instanceof UncheckedIOException ? e.getCause() : e;
            throw new WeightsException(cause instanceof CharacterCodingException ? "'" + file + "' is not UTF-8 text"
                    : "'" + file + "' cannot be read (" + cause.getMessage() + ")", e);
        }
        return new Manifest(hashes);
    }

    /** Hashes the files of a directory, or one file. */
    public static Manifest of(Path path, Watcher watcher) {
        List<Path> files = files(path);
        SortedMap<String, String> hashes = new TreeMap<>();
        try {
            long total = 0;
            for (Path file : files) {
                total += Files.size(file);
            }
            long done = 0;
            for (Path file : files) {
                hashes.put(file.getFileName().toString(), hash(file, done, total, watcher));
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

    private static String hash(Path file, long before, long total, Watcher watcher) throws IOException {
        MessageDigest digest = sha256();
        long done = before;
        byte[] piece = new byte[PIECE];
        try (InputStream stream = Files.newInputStream(file)) {
            for (int read = stream.read(piece); read >= 0; read = stream.read(piece)) {
                digest.update(piece, 0, read);
                done += read;
                watcher.at(file.getFileName().toString(), done, total);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Writes a manifest, or over it, all at once. */
    public void write(Path file) {
        Path fresh = file.resolveSibling("." + file.getFileName() + ".part");
        try {
            Files.writeString(fresh, hashes.entrySet().stream().map(entry -> entry.getValue() + "  " + entry.getKey() + "\n")
                    .collect(Collectors.joining()));
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new WeightsException("'" + file + "' cannot be written (" + e.getMessage() + ")", e);
        }
    }

    /** What is otherwise than it should be, a sentence each. Files that this does not name may be there or not. */
    List<String> differences(Map<String, String> found) {
        List<String> differences = new ArrayList<>();
        hashes.forEach((name, hash) -> {
            if (!found.containsKey(name)) {
                differences.add("the file '" + name + "' of the manifest is missing");
            } else if (!found.get(name).equals(hash)) {
                differences.add("the file '" + name + "' has the SHA-256 " + found.get(name) + ", but should have " + hash);
            }
        });
        return differences;
    }
}
