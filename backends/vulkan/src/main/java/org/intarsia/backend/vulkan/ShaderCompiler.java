package org.intarsia.backend.vulkan;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.gpu.KernelCache;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the SPIR-V of kernels: what was compiled when the bundle was built, else what was kept on disk, else what a compiler
 * makes of it now. Safe for use by several threads.
 */
final class ShaderCompiler implements AutoCloseable {
    /** Where the bundle has what was compiled when it was built. */
    static final String FOLDER = "spirv";
    private static final Logger LOGGER = LoggerFactory.getLogger(ShaderCompiler.class);

    private final KernelCache cache;
    private final GlslCompiler compiler = new GlslCompiler();

    ShaderCompiler(KernelCache cache) {
        this.cache = cache;
    }

    /**
     * The SPIR-V of a compute shader.
     *
     * @throws BackendException with the compiler's log when there is a mistake in it
     */
    byte[] compile(String name, String source) {
        String file = GlslCompiler.file(source);
        return bundled(file).or(() -> cache.load(file)).orElseGet(() -> {
            LOGGER.debug("vulkan: kernel {} is compiled now", name);
            byte[] words = compiler.compile(name, source);
            cache.store(file, words);
            return words;
        });
    }

    private static Optional<byte[]> bundled(String file) {
        try (InputStream stream = ShaderCompiler.class.getResourceAsStream("/" + FOLDER + "/" + file)) {
            return stream == null ? Optional.empty() : Optional.of(stream.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("vulkan: the bundle's file " + file + " cannot be read", e);
        }
    }

    @Override
    public void close() {
        compiler.close();
    }
}
