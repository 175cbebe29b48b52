package org.intarsia.shell;

import java.util.Collection;

/** Finds what somebody probably meant, as settings do. */
public final class Nearest {
    private Nearest() {
    }

    /**
     * A question to append to an error message.
     *
     * @param given the word that is not known
     * @param known the words that would have been right
     * @return {@code "; did you mean X?"}, or nothing where no known word is near
     */
    public static String question(String given, Collection<String> known) {
        return org.intarsia.backend.configuration.Nearest.question(given, known);
    }
}
