package org.intarsia.model.blocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.weights.Weights;
import org.junit.jupiter.api.Test;

/** Sizes of VQ-GANs that no file should have. */
class VqGanConfigTest {
    /** A model of this {@code config.json} alone. */
    private record Alone(String text) implements ModelFiles {
        @Override
        public Path directory() {
            return Path.of("alone");
        }

        @Override
        public String family() {
            return "emu3";
        }

        @Override
        public Optional<String> json(String fileName) {
            return Optional.of(text);
        }

        @Override
        public Weights weights() {
            return Weights.of(List.of());
        }
    }

    private static Emu3Config read(String fields) {
        ConfigFile file = ConfigFile.read(new Alone("{\"vq_config\": {" + fields + "}}"), "config.json");
        Emu3Config read = Emu3Config.read(file);
        file.check();
        return read;
    }

    @Test
    void whatIsLeftOutHasThePublishedSize() {
        assertThat(read("").spatial().channels(3)).isEqualTo(1024);
    }

    @Test
    void channelsThatOverflowAreNamed() {
        assertThatThrownBy(() -> read("\"base_channels\": 2147483640, \"channel_multiplier\": [1, 8]"))
                .isInstanceOf(ModelException.class).hasMessageEndingWith("cannot be used: vq_config.base_channels times 1"
                        + " (channel_multiplier) should be at most 65536; vq_config.base_channels times 8"
                        + " (channel_multiplier) should be at most 65536");
    }

    @Test
    void blocksWithoutEndAreNamed() {
        assertThatThrownBy(() -> read("\"num_res_blocks\": 2147483647")).isInstanceOf(ModelException.class)
                .hasMessageEndingWith("cannot be used: vq_config.num_res_blocks should be at most 100, not 2147483647");
    }

    @Test
    void aPictureIsNotRepeatedWithoutEnd() {
        assertThat(read("\"temporal_downsample_factor\": 64").halvings()).isEqualTo(6);
        assertThatThrownBy(() -> read("\"temporal_downsample_factor\": 128")).isInstanceOf(ModelException.class)
                .hasMessageEndingWith("cannot be used: vq_config.temporal_downsample_factor should be at most 64, not 128");
    }
}
