package org.intarsia.backend.vulkan;

import static org.lwjgl.system.MemoryUtil.NULL;
import static org.lwjgl.util.shaderc.Shaderc.*;

import java.nio.ByteBuffer;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.gpu.KernelCache;
import org.lwjgl.Version;
import org.lwjgl.system.MemoryUtil;

/**
 * Turns GLSL into SPIR-V, by shaderc, whose native library is loaded with the first kernel. Safe for use by several threads.
 */
final class GlslCompiler implements AutoCloseable {
    /** To be raised when the options below change: SPIR-V of old ones must not be found again. */
    private static final String OPTIONS = "vulkan 1.2, performance, 1";

    private long compiler;
    private long options;

    /** The name of a file with the SPIR-V of a source, the same on every machine. */
    static String file(String source) {
        // LWJGL's version says which shaderc comes with it.
        return KernelCache.key(Version.getVersion(), OPTIONS, source) + ".spv";
    }

    /**
     * The SPIR-V of a compute shader.
     *
     * @throws BackendException with the compiler's log when there is a mistake in it
     */
    synchronized byte[] compile(String name, String source) {
        start();
        // Not on the stack of LWJGL, which is small: kernels are long.
        ByteBuffer text = MemoryUtil.memUTF8(source, false);
        ByteBuffer file = MemoryUtil.memUTF8(name);
        ByteBuffer entry = MemoryUtil.memUTF8("main");
        long result = shaderc_compile_into_spv(compiler, text, shaderc_compute_shader, file, entry, options);
        try {
            if (result == NULL) {
                throw new BackendException("vulkan: the compiler has no memory left for kernel " + name);
            }
            if (shaderc_result_get_compilation_status(result) != shaderc_compilation_status_success) {
                throw new BackendException("vulkan: kernel " + name + " does not compile: "
                        + shaderc_result_get_error_message(result).strip());
            }
            ByteBuffer words = shaderc_result_get_bytes(result);
            byte[] copy = new byte[words.remaining()];
            words.get(copy);
            return copy;
        } finally {
            if (result != NULL) {
                shaderc_result_release(result);
            }
            MemoryUtil.memFree(text);
            MemoryUtil.memFree(file);
            MemoryUtil.memFree(entry);
        }
    }

    private void start() {
        if (compiler == NULL) {
            compiler = shaderc_compiler_initialize();
            options = shaderc_compile_options_initialize();
            shaderc_compile_options_set_target_env(options, shaderc_target_env_vulkan, shaderc_env_version_vulkan_1_2);
            shaderc_compile_options_set_optimization_level(options, shaderc_optimization_level_performance);
        }
    }

    @Override
    public synchronized void close() {
        if (compiler != NULL) {
            shaderc_compile_options_release(options);
            shaderc_compiler_release(compiler);
            compiler = NULL;
        }
    }
}
