package org.intarsia.distro;

import java.util.logging.Level;
import java.util.logging.Logger;

/** Sets what bundles log: to standard error, warnings only, unless somebody asks for more. */
final class Logs {
    private static final String SIMPLE_LOGGER = "org.slf4j.simpleLogger.";

    /** Kept here because java.util.logging itself forgets loggers, with their levels, that nobody holds. */
    private static final Logger SPI_FLY = Logger.getLogger("org.apache.aries.spifly");

    /** Warns, with stack traces, of terminals that it does not know, and at every line that it cannot keep. */
    private static final Logger JLINE = Logger.getLogger("org.jline");

    private Logs() {
    }

    /**
     * Must run before the first bundle starts. Properties that are given on the command line win.
     *
     * @param verbose whether debug messages are shown
     */
    static void configure(boolean verbose) {
        setDefault("defaultLogLevel", verbose ? "debug" : "warn");
        setDefault("showThreadName", "false");
        setDefault("showShortLogName", "true");
        // Silent unless the server is asked to log its requests.
        setDefault("log.org.intarsia.http.access", "info");
        // SPI-Fly greets every provider that it finds through java.util.logging.
        SPI_FLY.setLevel(verbose ? Level.INFO : Level.WARNING);
        JLINE.setLevel(verbose ? Level.WARNING : Level.SEVERE);
    }

    private static void setDefault(String name, String value) {
        if (System.getProperty(SIMPLE_LOGGER + name) == null) {
            System.setProperty(SIMPLE_LOGGER + name, value);
        }
    }
}
