package org.intarsia.backend.vulkan;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.intarsia.backend.api.Buffer;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.gpu.CooperativeMatrix;
import org.intarsia.backend.gpu.GpuDevices;
import org.intarsia.backend.gpu.SubgroupCheck;
import org.intarsia.backend.testkit.Conformance;
import org.intarsia.backend.testkit.suite.Case;
import org.intarsia.graph.Graph;
import org.intarsia.graph.op.Leaf;
import org.intarsia.io.AtomicFile;
import org.intarsia.io.Sha256;
import org.lwjgl.util.shaderc.Shaderc;

/**
 * Compiles kernels into the bundle; the build runs it, and needs no device for it. Which kernels there are is asked of the
 * plans of all conformance cases, for every answer that a device may give about itself. Kernels that were written for one
 * chain of ops stay out: other graphs have other chains.
 */
final class BuildTimeKernels {
    private static final String WRITTEN_FOR_ONE_CHAIN = "fused";

    private BuildTimeKernels() {
    }

    /** @param arguments the folder of classes, and a file that remembers what its kernels were made of */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]).resolve(ShaderCompiler.FOLDER);
        Path remembered = Path.of(arguments[1]);
        String ingredients = hashOfClassPath(folder);
        if (Files.isDirectory(folder) && Files.exists(remembered) && Files.readString(remembered).equals(ingredients)) {
            return;
        }
        try {
            Shaderc.getLibrary();
        } catch (LinkageError e) {
            System.out.println("[WARNING] vulkan: kernels are not compiled into the bundle, since shaderc does not load on this"
                    + " machine: " + e.getMessage() + "; they will be compiled at run time, where it loads");
            return;
        }
        fill(folder, kernels());
        Files.writeString(remembered, ingredients);
    }

    static void fill(Path folder, Map<String, String> kernels) throws IOException {
        Files.createDirectories(folder);
        Set<Path> wanted = new HashSet<>();
        try (GlslCompiler compiler = new GlslCompiler()) {
            for (Map.Entry<String, String> kernel : kernels.entrySet()) {
                Path file = folder.resolve(GlslCompiler.file(kernel.getKey()));
                wanted.add(file);
                if (!Files.exists(file)) {
                    // The build may be interrupted, but a file that is there is whole.
                    AtomicFile.write(file, compiler.compile(kernel.getValue(), kernel.getKey()));
                }
            }
        }
        for (Path file : files(folder)) {
            if (!wanted.contains(file)) {
                Files.delete(file);
            }
        }
    }

    /** The names of kernels, by their sources. */
    private static Map<String, String> kernels() {
        Map<String, String> names = new LinkedHashMap<>();
        List<Graph> graphs = Conformance.cases().stream().map(Case::graph).toList();
        // What the matrices are like are specialisation constants: one answer stands for all.
        Optional<CooperativeMatrix> matrix = Optional.of(new CooperativeMatrix(16, 16, 16, 32));
        for (ListingDriver driver : List.of(new ListingDriver(true, true, matrix, names),
                new ListingDriver(true, true, Optional.empty(), names), new ListingDriver(true, false, Optional.empty(), names),
                new ListingDriver(false, false, Optional.empty(), names))) {
            // It finds a fault, of course; what it has asked for is what counts.
            SubgroupCheck.fault(driver);
            try (Device device = GpuDevices.of(driver, () -> { })) {
                graphs.forEach(graph -> compile(device, graph));
                device.measureLimits();
            }
        }
        names.values().removeIf(WRITTEN_FOR_ONE_CHAIN::equals);
        return names;
    }

    static void compile(Device device, Graph graph) {
        Map<String, Buffer> bound = new HashMap<>();
        graph.leaves(Leaf.Parameter.class).forEach((name, node) -> bound.put(name, device.allocate(node.type())));
        graph.leaves(Leaf.State.class).forEach((name, node) -> bound.put(name, device.allocate(node.type())));
        device.compile(graph, bound, 0).close();
        bound.values().forEach(Buffer::close);
    }

    private static String hashOfClassPath(Path made) throws IOException {
        MessageDigest digest = Sha256.digest();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            for (Path file : files(Path.of(entry))) {
                if (!file.startsWith(made)) {
                    digest.update(Files.readAllBytes(file));
                }
            }
        }
        return Sha256.hexadecimal(digest);
    }

    /** A file itself, or all files in a folder, always in the same order. */
    private static List<Path> files(Path top) throws IOException {
        try (Stream<Path> files = Files.walk(top)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
