package org.intarsia.shell.api;

import java.nio.file.Files;
import java.nio.file.Path;

/** Names of files that a command chooses itself. */
public final class FileNames {
    private FileNames() {
    }

    /** This file, or where it is there already, the next one of its name that is not. */
    public static Path free(Path wanted) {
        Path file = wanted;
        for (int next = 2; Files.exists(file); next++) {
            file = numbered(wanted, next);
        }
        return file;
    }

    /** The file with a number before its ending: {@code star.png} becomes {@code star-2.png}. */
    public static Path numbered(Path file, int number) {
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.') > 0 ? name.lastIndexOf('.') : name.length();
        return file.resolveSibling(name.substring(0, dot) + "-" + number + name.substring(dot));
    }
}
