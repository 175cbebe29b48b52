package org.intarsia.distro;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Configuration files of the deploy folder count in every mode, and stay as their author wrote them. */
class ConfigurationFilesIT extends Launched {
    private static final int STARTS = 50;
    private static final String ADMIN = "org.osgi.service.cm.ConfigurationAdmin";
    private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));

    @Test
    void fiftyStartsReadAFileAndNeverWriteIt() throws Exception {
        Path deploy = Files.createDirectory(folder.resolve("deploy"));
        String content = "# Mine.\ndevice = gpu0\nsubgroups=false\n";
        Path file = Files.writeString(deploy.resolve("org.example.painter.cfg"), content);
        Files.setLastModifiedTime(file, LONG_AGO);

        for (int start = 0; start < STARTS; start++) {
            try (Container container = new Container(folder.resolve("storage" + start),
                    Launcher.watching(deploy, folder.resolve("packed")),
                    "org.apache.felix.configadmin", "org.apache.felix.fileinstall")) {
                assertThat((Object[]) container.call(ADMIN, "listConfigurations", "(subgroups=false)", String.class)).hasSize(1);
            }
            assertThat(file).as("after start " + start).hasContent(content);
            assertThat(Files.getLastModifiedTime(file)).as("after start " + start).isEqualTo(LONG_AGO);
        }
    }

    @Test
    void aFileCountsInASingleCommandAScriptAndTheShell() throws Exception {
        Path file = Files.createDirectory(folder.resolve("deploy")).resolve("org.intarsia.backend.cpu.cfg");
        Files.writeString(file, "readahead=banana\nreadahed=1\n");
        Files.writeString(folder.resolve("ask.gosh"), "backends\n");

        Process shell = open();
        shell.outputWriter().append("backends\nexit\n").close();
        Call answered = end(shell);
        // Without a terminal the shell shows on standard output what bundles log.
        for (String told : List.of(call("backends").err(), call("run", "ask.gosh").err(), answered.out() + answered.err())) {
            // Once: what FileInstall goes on watching in the shell is not configured a second time.
            assertThat(told).containsOnlyOnce("WARN CpuBackend - org.intarsia.backend.cpu: there is no setting 'readahed'; "
                    + "did you mean readahead? (" + file.toFile().toURI() + ")");
            assertThat(told).containsOnlyOnce("WARN CpuBackend - org.intarsia.backend.cpu: readahead is a number of at least 0, "
                    + "not 'banana'; it counts as not set (" + file.toFile().toURI() + ")");
        }
    }
}
