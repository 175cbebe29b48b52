package org.intarsia.distro.itest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;

/** Bundles start, and their services come and go with them. */
class BundlesTest {
    private final Platform platform = new Platform();

    @Test
    void everyBundleIsActive() {
        assertThat(platform.bundles()).hasSizeGreaterThan(10)
                .allSatisfy(bundle -> assertThat(bundle.getState()).as(bundle.getSymbolicName()).isEqualTo(Bundle.ACTIVE));
    }

    @Test
    void exportedPackagesHaveAVersion() {
        assertThat(platform.bundles()).allSatisfy(bundle -> assertThat(platform.exports(bundle))
                .as(bundle.getSymbolicName())
                .allSatisfy((name, version) -> assertThat(version).isNotEqualTo(Version.emptyVersion)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"backend.cpu", "backend.opencl", "backend.vulkan", "tokenizer", "vision.encoder", "transformer.core", "image.decoder", "shell"})
    void implementationsExportNothing(String name) {
        assertThat(platform.exports(platform.bundle("org.intarsia." + name))).isEmpty();
    }

    @Test
    void aBackendGoesAndReturnsWithItsBundle() throws Exception {
        assertThat(platform.backends()).containsExactly("cpu", "opencl", "vulkan");
        platform.without("org.intarsia.backend.cpu",
                () -> assertThat(platform.backends()).containsExactly("opencl", "vulkan"));
        assertThat(platform.backends()).containsExactly("cpu", "opencl", "vulkan");
    }
}
