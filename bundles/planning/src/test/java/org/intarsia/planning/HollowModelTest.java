package org.intarsia.planning;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.intarsia.model.api.TransformerCore;
import org.intarsia.weights.Weights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights of 800 GB are opened in a small heap, and a layer of them is run. They are empty: holes in sparse files. */
class HollowModelTest {
    @TempDir
    Path folder;

    @Test
    void weightsFarLargerThanMemoryAreOpenedAndALayerIsRun() throws IOException {
        long before = Files.getFileStore(folder).getUsableSpace();
        HollowModel model = new HollowModel(folder);
        assertThat(model.bytes()).isGreaterThan(800_000_000_000L);
        assertThat(before - Files.getFileStore(folder).getUsableSpace())
                .as("the file system of " + folder + " stores holes in full; set java.io.tmpdir to one that does not")
                .isLessThan(100_000_000_000L);
        try (Weights weights = model.open()) {
            TransformerCore core = model.components(weights);
            assertThat(core.geometry()).isEqualTo(new TransformerCore.Geometry(65536, 8192, 126, 8, 128, 16384));
            System.gc();
            assertThat(ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed()).isLessThan(2L << 30);
            float[] hidden = model.step(weights, 125, 1, Files.createDirectory(folder.resolve("part")), new double[1]);
            assertThat(hidden).hasSize(16384).containsOnly(0);
        }
    }
}
