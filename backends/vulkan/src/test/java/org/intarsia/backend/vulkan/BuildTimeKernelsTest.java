package org.intarsia.backend.vulkan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the build does beside compiling, which {@link ShaderCompilerTest} sees the results of. */
class BuildTimeKernelsTest {
    private static final String FIRST = "#version 450\nlayout(local_size_x = 1) in;\nvoid main() { }\n";
    private static final String SECOND = FIRST.replace("= 1", "= 2");

    @TempDir
    private Path folder;

    private Path file(String source) {
        return folder.resolve(GlslCompiler.file(source));
    }

    @Test
    void onlyWhatIsNotThereIsCompiled() throws Exception {
        BuildTimeKernels.fill(folder, Map.of(FIRST, "first"));
        Files.setLastModifiedTime(file(FIRST), FileTime.fromMillis(0));
        BuildTimeKernels.fill(folder, Map.of(FIRST, "first", SECOND, "second"));
        assertThat(Files.getLastModifiedTime(file(FIRST)).toMillis()).isZero();
        assertThat(file(SECOND)).isNotEmptyFile();
    }

    @Test
    void whatIsWantedNoMoreGoes() throws Exception {
        BuildTimeKernels.fill(folder, Map.of(FIRST, "first"));
        Files.createFile(folder.resolve("part"));
        BuildTimeKernels.fill(folder, Map.of(SECOND, "second"));
        assertThat(folder).isDirectoryNotContaining(path -> !path.equals(file(SECOND))).isNotEmptyDirectory();
    }

    /** A process of its own, since a JVM loads a library once. */
    @Test
    void withoutShadercTheBuildGoesOnWithAWarning() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED", "-Dorg.lwjgl.shaderc.libname=no-such-library", "-cp",
                System.getProperty("java.class.path"), BuildTimeKernels.class.getName(), folder.toString(),
                folder.resolve("hash").toString()).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        assertThat(said).startsWith("[WARNING] vulkan: kernels are not compiled into the bundle").contains("no-such-library");
        assertThat(folder).as("so the next build tries again").isEmptyDirectory();
    }
}
