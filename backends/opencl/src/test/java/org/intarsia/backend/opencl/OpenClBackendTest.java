package org.intarsia.backend.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import java.util.Map;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.api.DeviceInfo;
import org.junit.jupiter.api.Test;

/** The list of devices, and what is said when there is none. */
class OpenClBackendTest {

    @Test
    void devicesHaveNamesMemoryAndFeatures() {
        OpenClBackend backend = Backends.present();
        assertThat(backend.unavailable()).isEmpty();
        assertThat(backend.devices()).extracting(DeviceInfo::name).doesNotHaveDuplicates()
                .allSatisfy(name -> assertThat(name).matches("(gpu|cpu|accelerator)\\d+"));
        DeviceInfo best = backend.devices().getFirst();
        assertThat(best.memoryBytes()).isPositive();
        assertThat(best.description()).contains(", driver ");
        assertThat(best.features()).anySatisfy(feature -> assertThat(feature).startsWith("OpenCL "));
        backend.deactivate();
    }

    @Test
    void oneOfTheTwoIsSaid() {
        OpenClBackend backend = new OpenClBackend(Map.of());
        assertThat(backend.devices().isEmpty()).isNotEqualTo(backend.unavailable().isEmpty());
        backend.deactivate();
        assertThat(backend.unavailable()).isEqualTo("the bundle has been stopped; start it again");
    }

    @Test
    void anUnknownDeviceIsRefusedWithThoseThatAreThere() {
        OpenClBackend backend = Backends.present();
        String there = backend.devices().getFirst().name();
        assertThatThrownBy(() -> backend.open("gpu99")).isInstanceOf(BackendException.class)
                .hasMessageStartingWith("backend opencl has no device 'gpu99'; its devices are ").hasMessageContaining(there);
        backend.deactivate();
    }

    @Test
    void aConfiguredDeviceComesFirstAndNoOtherStandsIn() {
        OpenClBackend plain = Backends.present();
        DeviceInfo last = plain.devices().getLast();
        OpenClBackend named = Backends.present(Map.of("device", last.name().toUpperCase(Locale.ROOT)));
        assertThat(named.devices().getFirst()).isEqualTo(last);
        assertThat(named.devices()).containsExactlyInAnyOrderElementsOf(plain.devices());

        OpenClBackend wrong = new OpenClBackend(Map.of("device", "abacus"));
        assertThat(wrong.devices()).isEmpty();
        assertThat(wrong.unavailable()).startsWith("no OpenCL device is called 'abacus'; set 'device' under"
                + " org.intarsia.backend.opencl to one of ").contains(last.name());
        assertThatThrownBy(wrong::open).isInstanceOf(BackendException.class).hasMessageContaining("abacus");
        plain.deactivate();
        named.deactivate();
        wrong.deactivate();
    }

    @Test
    void itComesAndGoes() {
        for (int i = 0; i < 20; i++) {
            OpenClBackend backend = Backends.present();
            Backends.driver(backend).close();
            backend.deactivate();
        }
    }
}
