package org.intarsia.shell.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.intarsia.engine.api.PictureFiles;
import org.intarsia.shell.api.Arguments;
import org.intarsia.shell.api.FileNames;
import org.intarsia.shell.api.UsageException;

/** Names of picture files: as somebody asked, or after the text; numbered where there are several. */
final class PictureNames {
    private static final int LONGEST = 60;
    private static final String ENDING = ".png";

    private final boolean named;
    private final Path whole;

    /**
     * Checks the file that was named, before any work begins.
     *
     * @param option names the file; where it is not given, the names come from {@code TEXT}
     * @throws org.intarsia.model.api.ModelException if no picture could be written there
     */
    PictureNames(Arguments arguments, String option) throws UsageException {
        named = arguments.value(option).isPresent();
        whole = named ? arguments.path(option).orElseThrow()
                : arguments.resolve("TEXT", name(arguments.text("TEXT")) + ENDING);
        if (named) {
            PictureFiles.check(whole);
        }
    }

    /** The names of so many pictures; one alone has no number. */
    List<Path> first(int count) {
        List<Path> files = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            files.add(count == 1 ? chosen(whole) : number(i));
        }
        return files;
    }

    /** The name of a picture of which nobody knows yet how many there will be, from 1. */
    Path number(int number) {
        return chosen(FileNames.numbered(whole, number));
    }

    /** Whoever names a file may overwrite it; a name that nobody chose must not. */
    private Path chosen(Path wanted) {
        return named ? wanted : FileNames.free(wanted);
    }

    /** "A red star!" → "a-red-star". */
    private static String name(String text) {
        String name = text.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", "-").replaceAll("^-|-$", "");
        String cut = name.length() <= LONGEST ? name : name.substring(0, LONGEST);
        return cut.isEmpty() ? "picture" : cut;
    }
}
