package org.intarsia.provisioning;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Why reading or writing has failed, in words: the messages of many exceptions are nothing but a name. */
final class Reason {
    private Reason() {
    }

    static String of(IOException failure) {
        return switch (failure) {
            case NoSuchFileException e -> "there is no such file";
            case FileNotFoundException e -> "there is no such file";
            case AccessDeniedException e -> "access is denied";
            case FileSystemException e when e.getReason() != null -> e.getReason();
            case UnknownHostException e -> "there is no host " + e.getMessage();
            case ConnectException e -> "the host does not answer (" + e.getMessage() + ")";
            case SocketTimeoutException e -> "the host does not answer in time";
            default -> failure.getMessage() == null ? failure.toString() : failure.getMessage();
        };
    }
}
