package org.intarsia.shell;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.FileNotFoundException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import org.intarsia.shell.api.Json;
import org.intarsia.shell.api.Syntax;
import org.intarsia.shell.api.UsageException;
import org.intarsia.text.Quoted;

/**
 * What the user is told when a command ends with an exception.
 *
 * @param status the exit status: 1 where the command failed, 2 where it was called wrongly, 130 where it was interrupted
 * @param sentence one line, without the program's name
 */
public record Failure(int status, String sentence) {
    private static final int FAILED = 1;
    private static final int CALLED_WRONGLY = 2;
    /** As shells say of what SIGINT has ended. */
    static final int INTERRUPTED = 130;

    public static Failure of(Throwable thrown) {
        return new Failure(thrown instanceof UsageException ? CALLED_WRONGLY
                : thrown instanceof CancellationException ? INTERRUPTED : FAILED,
                Quoted.lines(sentence(thrown).strip().replaceAll("\\s*\\R\\s*", " ")));
    }

    /** Returns the line that {@code --json} prints in place of a result. */
    public String json() {
        try {
            return Json.line(new Told(sentence, status));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts and numbers are JSON", e);
        }
    }

    private record Told(String error, int status) {
    }

    private static String sentence(Throwable thrown) {
        String message = thrown.getMessage();
        return switch (thrown) {
            // The messages of these are nothing but the file's name.
            case NoSuchFileException e -> e.getFile() + ": there is no such file or folder";
            case AccessDeniedException e -> e.getFile() + ": access is denied";
            case NotDirectoryException e -> e.getFile() + ": this is not a folder";
            case FileAlreadyExistsException e -> e.getFile() + ": this file is there already";
            case FileSystemException e when e.getReason() != null -> e.getFile() + ": " + e.getReason();
            case FileNotFoundException e -> fileNotFound(message);
            // Gogo wraps an error of a command's thread.
            case ExecutionException e when e.getCause() != null -> sentence(e.getCause());
            // Wrapped without a word of its own.
            case UncheckedIOException e when e.getCause().toString().equals(message) -> sentence(e.getCause());
            case OutOfMemoryError e -> "there is not enough memory (" + message
                    + "); give the JVM more with INTARSIA_JAVA_OPTS=-Xmx…";
            case NullPointerException e -> internal(thrown);
            case IndexOutOfBoundsException e -> internal(thrown);
            case ClassCastException e -> internal(thrown);
            case ArithmeticException e -> internal(thrown);
            case Error e -> internal(thrown);
            case Throwable e when message == null || message.isBlank() -> internal(thrown);
            default -> message;
        };
    }

    /** The reason stands in brackets behind the name, in the words of the operating system. */
    private static String fileNotFound(String message) {
        return message.endsWith("(No such file or directory)")
                ? message.substring(0, message.lastIndexOf(" (")) + ": there is no such file or folder" : message;
    }

    private static String internal(Throwable thrown) {
        return "internal error, " + thrown + "; " + Syntax.VERBOSE + " shows where it comes from";
    }
}
