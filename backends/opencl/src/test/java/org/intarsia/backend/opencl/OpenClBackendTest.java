package org.intarsia.backend.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.lwjgl.opencl.CL10.CL_FP_FMA;
import static org.lwjgl.opencl.CL12.CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.api.DeviceInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The list of devices, and what is said when there is none. */
class OpenClBackendTest {
    private static final String NO_LOADER = "no OpenCL loader was found; ";

    /** Prints why there is no device; run as a process of its own, since the system's drivers are looked up once. */
    static final class Asked {
        public static void main(String[] arguments) {
            System.out.print(new OpenClBackend(Map.of()).unavailable());
        }
    }

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

    @Test
    void whatADeviceLacksIsSaid() {
        assertThat(Hardware.refusal("OpenCL 1.1 Mesa", true, true, true)).isEqualTo("offers OpenCL 1.1 Mesa, and 1.2 is the least");
        assertThat(Hardware.refusal("OpenCL 1.2 CUDA", false, true, true)).isEqualTo("is not available now");
        assertThat(Hardware.refusal("OpenCL 2.0 x", true, false, true)).isEqualTo("has no compiler");
        assertThat(Hardware.refusal("OpenCL 2.0 x", true, true, false)).isEqualTo("is not little-endian");
        assertThat(Hardware.refusal("OpenCL 3.0 PoCL", true, true, true)).isEmpty();
    }

    @Test
    void subgroupsNeedALanguageThatHasThem() {
        Set<String> extension = Set.of("cl_khr_subgroups");
        Set<String> feature = Set.of("__opencl_c_int64", "__opencl_c_subgroups");
        assertThat(Hardware.subgroups("OpenCL 1.2 x", extension, Set.of())).isEmpty();
        assertThat(Hardware.subgroups("OpenCL 2.0 x", extension, Set.of())).isEqualTo("CL2.0");
        assertThat(Hardware.subgroups("OpenCL 2.1 x", Set.of("cl_khr_fp16"), Set.of())).isEmpty();
        assertThat(Hardware.subgroups("OpenCL 3.0 x", extension, Set.of("__opencl_c_int64"))).isEmpty();
        assertThat(Hardware.subgroups("OpenCL 3.1", Set.of(), feature)).isEqualTo("CL3.0");
    }

    @Test
    void theCompilerIsToldWhatAKernelNeeds() {
        DeviceInfo info = new DeviceInfo("gpu0", "a card", 1, List.of());
        Hardware hardware = new Hardware(1, 2, info, "", " -DFLAG", "CL3.0", true, Hardware.Dots.NONE, false, 16, 1);
        assertThat(hardware.options(false)).isEqualTo("-cl-std=CL1.2 -DFLAG");
        assertThat(hardware.options(true)).isEqualTo("-cl-std=CL3.0 -DFLAG");
        assertThat(Hardware.flags(0)).isEmpty();
        assertThat(Hardware.flags(CL_FP_FMA | CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT))
                .isEqualTo(" -cl-fp32-correctly-rounded-divide-sqrt -DFUSED_MULTIPLY_ADD");
    }

    @Test
    void featuresHaveTheNamesThatOtherBackendsUse() {
        assertThat(Hardware.arithmetic(Set.of("cl_khr_fp64"), false, Hardware.Dots.NONE)).isEmpty();
        assertThat(Hardware.arithmetic(Set.of("cl_khr_fp16"), true, Hardware.Dots.FAST))
                .containsExactly("fp16", "subgroups", "int8-dot-product");
        assertThat(Hardware.arithmetic(Set.of(), false, Hardware.Dots.SLOW))
                .containsExactly("int8-dot-product-emulated");
    }

    @Test
    void settingsMayBeTextOrMissing() {
        assertThat(settings(Map.of()).subgroups()).isTrue();
        assertThat(settings(Map.of("subgroups", "false")).subgroups()).isFalse();
        assertThat(settings(Map.of("subgroups", true, "profile", true)).profile()).isTrue();
    }

    @Test
    void aWrongSettingIsToldAndCountsAsNotSet() {
        List<String> told = new ArrayList<>();

        assertThat(Settings.of(Map.of("subgroups", "banana", "profil", "true"), told::add))
                .isEqualTo(settings(Map.of()));
        assertThat(told).containsExactly(
                OpenClBackend.PID + ": there is no setting 'profil'; did you mean profile?",
                OpenClBackend.PID + ": subgroups is true or false, not 'banana'; it counts as not set");
    }

    private static Settings settings(Map<String, ?> properties) {
        return Settings.of(properties, sentence -> {
            throw new AssertionError(sentence);
        });
    }

    @Test
    void withoutALoaderItIsSaidWhatToInstall() throws Exception {
        assertThat(unavailable(Map.of(), "-Dorg.lwjgl.opencl.libname=no-such-library")).startsWith(NO_LOADER);
    }

    @Test
    void withoutADriverItIsSaidWhatToInstall(@TempDir Path noDrivers) throws Exception {
        String said = unavailable(Map.of("OCL_ICD_VENDORS", noDrivers.toString()), "-Dnothing");
        assumeFalse(said.startsWith(NO_LOADER), said);
        assertThat(said).isEqualTo("the OpenCL loader is there, but no driver with a device; install the driver of the graphics"
                + " card, or one for the processor, for example with: apt install pocl-opencl-icd");
    }

    private static String unavailable(Map<String, String> environment, String flag) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", flag, "-cp",
                System.getProperty("java.class.path"), Asked.class.getName());
        builder.environment().putAll(environment);
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return said;
    }
}
