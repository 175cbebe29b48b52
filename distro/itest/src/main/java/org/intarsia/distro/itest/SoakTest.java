package org.intarsia.distro.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.Map;
import org.intarsia.engine.api.Engine;
import org.intarsia.soak.api.Soak;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * Everything is swapped under generations, as {@code distro/intarsia soak} does it, for a short time;
 * {@code mvn verify -Pnightly} makes it the five minutes and hundred generations of that command.
 */
class SoakTest {
    private static final int SECONDS = Integer.getInteger("soak.seconds");
    /** As many a minute as the command does. */
    private static final int SWAPS = SECONDS * 200 / 300;
    private static final Soak.Settings SETTINGS = new Soak.Settings(Engine.DEFAULT_MODEL, SECONDS,
            Integer.getInteger("soak.generations"), SWAPS, 2026);

    private final Platform platform = new Platform();

    /** Other tests wait for nothing long; here generations wait as long as they do where nothing is set. */
    @BeforeEach
    void waitAsUsual() throws Exception {
        configuration().update(new Hashtable<>(Map.of("patience", 10.0)));
    }

    @AfterEach
    void waitAsBefore() throws Exception {
        configuration().delete();
    }

    private Configuration configuration() throws Exception {
        return platform.service(ConfigurationAdmin.class).getConfiguration("org.intarsia.engine", null);
    }

    @Test
    void nothingIsLostAndNothingStays() throws Exception {
        Soak.Report report = platform.service(Soak.class).run(SETTINGS, step -> { });

        System.out.println("soak: " + report);
        assertThat(report.isClean()).as(report.toString()).isTrue();
        assertThat(report.told()).isZero();
        assertThat(report.swaps()).isEqualTo(SETTINGS.swaps());
        assertThat(report.generations()).isGreaterThanOrEqualTo(SETTINGS.generations());
        assertThat(report.seconds()).isGreaterThanOrEqualTo(SETTINGS.seconds());
        // Where the system tells of mapped files, it was looked at.
        assertThat(report.leakedMappings()).isEqualTo(Files.isReadable(Path.of("/proc/self/maps")) ? 0 : -1);
    }
}
