package org.intarsia.provisioning.command;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.intarsia.provisioning.api.Change;
import org.intarsia.provisioning.api.Provisioning;
import org.intarsia.provisioning.api.ProvisioningException;
import org.intarsia.shell.api.Arguments;
import org.intarsia.shell.api.Result;
import org.intarsia.shell.api.UsageException;
import org.intarsia.text.Nearest;

/** How commands name bundles, and what they say of changes. */
final class Bundles {
    private static final Pattern URL = Pattern.compile("(?i)(file:|[a-z]+://).*");
    private static final String OURS = "org.intarsia.";

    private Bundles() {
    }

    /** Whether a word means a file or a URL, and not a symbolic name. */
    static boolean isSource(String word) {
        return URL.matcher(word).matches() || word.contains("/") || word.endsWith(".jar");
    }

    /** The URI of a file, relative to the caller's folder, or of a URL. */
    static URI source(Arguments arguments, String name, String word) throws UsageException {
        if (!URL.matcher(word).matches()) {
            return arguments.resolve(name, word).toAbsolutePath().normalize().toUri();
        }
        if (!word.matches("(?i)(file|https?):.*")) {
            throw arguments.wrong(name + " is a file, or a URL that begins with file:, http: or https:, not " + word);
        }
        try {
            URI uri = URI.create(word);
            // Of the ways to write a file's URL, this is the one that Path understands.
            return uri.getScheme().equalsIgnoreCase("file") && uri.getPath() != null
                    ? URI.create("file://" + uri.getRawPath()) : uri;
        } catch (IllegalArgumentException e) {
            throw arguments.wrong(name + " is not a URL: " + word);
        }
    }

    /** The name itself, where a bundle has it. */
    static String known(Provisioning provisioning, String name) {
        SortedSet<String> names = provisioning.names();
        if (names.contains(name) || name.matches("\\d+")) {
            return name;
        }
        String question = names.contains(OURS + name) ? "; did you mean " + OURS + name + "?" : Nearest.question(name, names);
        throw new ProvisioningException("there is no bundle " + name + question);
    }

    /** Does the same to each bundle; none is touched where one of the names is unknown. */
    static Result each(Provisioning provisioning, List<String> names, Function<String, Change> act) {
        names.forEach(name -> known(provisioning, name));
        return result(names.stream().map(act).toList());
    }

    /** The changes as values and in words; a failure where something that should run does not. */
    static Result result(List<Change> changes) {
        List<String> problems = changes.stream().flatMap(change -> change.problems().stream()).distinct().toList();
        return new Result(changes, changes.stream().map(Bundles::line).collect(Collectors.joining("\n")),
                problems.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", problems)));
    }

    private static String line(Change change) {
        String bundle = change.version().isEmpty() ? change.bundle() : change.bundle() + " " + change.version();
        String runs = change.running() ? " and runs" : ", but does not run";
        List<String> line = new ArrayList<>();
        line.add(bundle + switch (change.what()) {
            case INSTALLED -> " is installed" + runs;
            case UPDATED -> (change.before().equals(change.version()) ? " is read again" : " takes the place of " + change.before())
                    + runs;
            case KEPT -> " is kept for the next start; until then " + change.before() + " runs";
            case UNINSTALLED -> change.running() ? " is uninstalled, but runs until this process ends" : " is uninstalled";
            case REVERTED -> ", which the platform brings, takes the place of " + change.before() + " again" + runs;
            case STARTED -> change.running() ? " runs" : " does not run";
            case STOPPED -> " is stopped";
            case UNCHANGED -> change.running() ? " runs already" : " does not run anyway";
        });
        if (!change.lasting()) {
            line.add(switch (change.what()) {
                case UNINSTALLED -> "the next start of the platform brings it back";
                case STOPPED -> "the next start of the platform starts it again";
                default -> "in this process only";
            });
        }
        add(line, "it was used by ", change.users());
        add(line, "no longer running: ", change.stopped());
        add(line, "running again: ", change.revived());
        return String.join("; ", line);
    }

    private static void add(List<String> line, String what, List<String> names) {
        if (!names.isEmpty()) {
            line.add(what + String.join(", ", names));
        }
    }
}
