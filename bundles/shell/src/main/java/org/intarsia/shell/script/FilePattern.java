package org.intarsia.shell.script;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;

/**
 * Finds the files that a pattern such as <code>pictures/*.png</code> stands for: {@code *} and {@code ?} match within a name,
 * {@code **} any folders. Gogo, which does the same, takes quotes and backslashes in the names of files for its own.
 */
final class FilePattern {
    /** Variable of a session, and so a function: returns the names of the files that a pattern stands for. */
    static final String FUNCTION = ".files";
    private static final String ANY_FOLDERS = "**";

    private final List<String> found = new ArrayList<>();
    private final List<String> parts;

    private FilePattern(List<String> parts) {
        this.parts = parts;
    }

    static void addTo(CommandSession session) {
        session.put(FUNCTION, (Function) (caller, arguments) -> matches(
                caller.currentDir() == null ? Path.of("") : caller.currentDir(), String.valueOf(arguments.getFirst())));
    }

    /**
     * Returns the names of files, in order, as the pattern names them: relative to the folder, or absolute. Names that begin
     * with a dot match only where the pattern says the dot.
     *
     * @throws IOException where no file matches, or a folder cannot be read
     */
    static List<String> matches(Path folder, String pattern) throws IOException {
        boolean absolute = pattern.startsWith("/");
        FilePattern files = new FilePattern(List.of((absolute ? pattern.substring(1) : pattern).split("/+")));
        files.collect(absolute ? Path.of("/") : folder, absolute ? "/" : "", 0);
        if (files.found.isEmpty()) {
            throw new IOException("no matches found: " + pattern);
        }
        return files.found.stream().distinct().sorted().toList();
    }

    /** Adds what matches the parts from an index on, below a folder whose name as typed is the prefix. */
    private void collect(Path folder, String prefix, int index) throws IOException {
        String part = parts.get(index);
        boolean last = index == parts.size() - 1;
        if (part.equals(ANY_FOLDERS) && !last) {
            collect(folder, prefix, index + 1);
        }
        for (String name : names(folder, part)) {
            Path file = folder.resolve(name);
            boolean isFolder = Files.isDirectory(file);
            if (last) {
                found.add(prefix + name);
            } else if (part.equals(ANY_FOLDERS) && isFolder && !Files.isSymbolicLink(file)) {
                collect(file, prefix + name + "/", index);
            } else if (!part.equals(ANY_FOLDERS) && isFolder) {
                collect(file, prefix + name + "/", index + 1);
            }
        }
    }

    private static List<String> names(Path folder, String part) throws IOException {
        if (part.indexOf('*') < 0 && part.indexOf('?') < 0) {
            return Files.exists(folder.resolve(part), LinkOption.NOFOLLOW_LINKS) ? List.of(part) : List.of();
        }
        Pattern expression = Pattern.compile(part.codePoints().mapToObj(Character::toString)
                .map(c -> c.equals("*") ? ".*" : c.equals("?") ? "." : Pattern.quote(c)).collect(Collectors.joining()), Pattern.DOTALL);
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (expression.matcher(name).matches() && (part.startsWith(".") || !name.startsWith("."))) {
                    names.add(name);
                }
            }
        }
        return names;
    }
}
