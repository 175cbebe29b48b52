package org.intarsia.backend.opencl;

import static org.intarsia.backend.opencl.DeviceQueries.dotAccelerated;
import static org.intarsia.backend.opencl.DeviceQueries.is;
import static org.intarsia.backend.opencl.DeviceQueries.languageFeatures;
import static org.intarsia.backend.opencl.DeviceQueries.number;
import static org.intarsia.backend.opencl.DeviceQueries.platformText;
import static org.intarsia.backend.opencl.DeviceQueries.text;
import static org.lwjgl.opencl.CL10.CL_DEVICE_AVAILABLE;
import static org.lwjgl.opencl.CL10.CL_DEVICE_COMPILER_AVAILABLE;
import static org.lwjgl.opencl.CL10.CL_DEVICE_ENDIAN_LITTLE;
import static org.lwjgl.opencl.CL10.CL_DEVICE_EXTENSIONS;
import static org.lwjgl.opencl.CL10.CL_DEVICE_GLOBAL_MEM_SIZE;
import static org.lwjgl.opencl.CL10.CL_DEVICE_MAX_COMPUTE_UNITS;
import static org.lwjgl.opencl.CL10.CL_DEVICE_MAX_MEM_ALLOC_SIZE;
import static org.lwjgl.opencl.CL10.CL_DEVICE_MEM_BASE_ADDR_ALIGN;
import static org.lwjgl.opencl.CL10.CL_DEVICE_NAME;
import static org.lwjgl.opencl.CL10.CL_DEVICE_SINGLE_FP_CONFIG;
import static org.lwjgl.opencl.CL10.CL_DEVICE_TYPE;
import static org.lwjgl.opencl.CL10.CL_DEVICE_TYPE_ACCELERATOR;
import static org.lwjgl.opencl.CL10.CL_DEVICE_TYPE_ALL;
import static org.lwjgl.opencl.CL10.CL_DEVICE_TYPE_GPU;
import static org.lwjgl.opencl.CL10.CL_DEVICE_VERSION;
import static org.lwjgl.opencl.CL10.CL_DRIVER_VERSION;
import static org.lwjgl.opencl.CL10.CL_FP_FMA;
import static org.lwjgl.opencl.CL10.CL_PLATFORM_NAME;
import static org.lwjgl.opencl.CL10.CL_PLATFORM_VERSION;
import static org.lwjgl.opencl.CL10.clGetDeviceIDs;
import static org.lwjgl.opencl.CL10.clGetPlatformIDs;
import static org.lwjgl.opencl.CL11.CL_DEVICE_HOST_UNIFIED_MEMORY;
import static org.lwjgl.opencl.CL12.CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT;

import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.intarsia.backend.api.DeviceInfo;
import org.intarsia.backend.gpu.GpuDevices;
import org.lwjgl.PointerBuffer;
import org.lwjgl.system.MemoryStack;

/**
 * A device that OpenCL offers.
 *
 * @param platform     OpenCL's handle of the platform that it belongs to
 * @param id           OpenCL's handle of it
 * @param info         what users see; names are the kind and a number, such as {@code gpu0}
 * @param identity     whatever a compiled kernel depends on: device, driver and platform with their versions
 * @param flags        what its compiler is told beside the version of the language
 * @param subgroups    the version of the language in which kernels may use subgroup operations; empty when it offers none
 * @param sideBySide   whether the threads of a group run side by side; on a processor, one runs after the other
 * @param dots         whether there is a product of four bytes with four others
 * @param keepsKernels whether the driver keeps what it compiled for later processes, so that nobody else need do it
 * @param alignment    bytes that the offset of a part of a buffer must be a multiple of
 * @param largestBlock bytes that one buffer holds for certain
 */
record Hardware(long platform, long id, DeviceInfo info, String identity, String flags, String subgroups,
        boolean sideBySide, Dots dots, boolean keepsKernels, long alignment, long largestBlock) {

    /** What there is: usable devices, best first, and one clause for each that cannot be used. */
    record Found(List<Hardware> usable, List<String> refused) {
    }

    /** How a device multiplies four bytes with four others: it cannot, as slowly as by other means, or faster. */
    enum Dots {
        NONE, SLOW, FAST
    }

    /** Best first. */
    private enum Kind {
        DISCRETE("gpu"), INTEGRATED("gpu"), ACCELERATOR("accelerator"), PROCESSOR("cpu");

        private final String prefix;

        Kind(String prefix) {
            this.prefix = prefix;
        }
    }

    private record Candidate(long platform, long id, Kind kind) {
    }

    private static final String DOT_PRODUCT = "cl_khr_integer_dot_product";
    /** Keeps compiled kernels itself, and compiles each once more, for groups of any size, when it is asked for a binary. */
    private static final String POCL = "Portable Computing Language";
    private static final Pattern VERSION = Pattern.compile("OpenCL (\\d+)\\.(\\d+).*");

    /** All devices of all platforms. The loader must be there. */
    static Found find() {
        List<Candidate> candidates = new ArrayList<>();
        for (long platform : platforms()) {
            for (long device : devices(platform)) {
                candidates.add(new Candidate(platform, device, kind(device)));
            }
        }
        // Devices of one kind stay in the order of the platforms, which the system keeps.
        candidates.sort(Comparator.comparing(Candidate::kind));
        List<Hardware> usable = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        Map<String, Integer> count = new TreeMap<>();
        for (Candidate candidate : candidates) {
            String refusal = refusal(text(candidate.id(), CL_DEVICE_VERSION), is(candidate.id(), CL_DEVICE_AVAILABLE),
                    is(candidate.id(), CL_DEVICE_COMPILER_AVAILABLE), is(candidate.id(), CL_DEVICE_ENDIAN_LITTLE));
            if (refusal.isEmpty()) {
                String prefix = candidate.kind().prefix;
                usable.add(describe(candidate, prefix + (count.merge(prefix, 1, Integer::sum) - 1)));
            } else {
                refused.add(text(candidate.id(), CL_DEVICE_NAME) + " " + refusal);
            }
        }
        return new Found(List.copyOf(usable), List.copyOf(refused));
    }

    private static long[] platforms() {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            IntBuffer count = stack.mallocInt(1);
            // Loaders answer with an error where no driver is installed.
            if (clGetPlatformIDs(null, count) != ClErrors.SUCCESS || count.get(0) == 0) {
                return new long[0];
            }
            PointerBuffer ids = stack.mallocPointer(count.get(0));
            ClErrors.check("this machine", "clGetPlatformIDs", clGetPlatformIDs(ids, (IntBuffer) null));
            return all(ids);
        }
    }

    private static long[] devices(long platform) {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            IntBuffer count = stack.mallocInt(1);
            // A platform without a device answers with an error.
            if (clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, null, count) != ClErrors.SUCCESS || count.get(0) == 0) {
                return new long[0];
            }
            PointerBuffer ids = stack.mallocPointer(count.get(0));
            ClErrors.check("a platform", "clGetDeviceIDs", clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, ids, (IntBuffer) null));
            return all(ids);
        }
    }

    private static long[] all(PointerBuffer ids) {
        long[] values = new long[ids.remaining()];
        ids.get(values);
        return values;
    }

    private static Kind kind(long device) {
        long type = number(device, CL_DEVICE_TYPE);
        if ((type & CL_DEVICE_TYPE_GPU) != 0) {
            return number(device, CL_DEVICE_HOST_UNIFIED_MEMORY) != 0 ? Kind.INTEGRATED : Kind.DISCRETE;
        }
        return (type & CL_DEVICE_TYPE_ACCELERATOR) != 0 ? Kind.ACCELERATOR : Kind.PROCESSOR;
    }

    /** Why a device cannot be used, as the rest of a clause; empty when it can. */
    static String refusal(String offered, boolean available, boolean compiles, boolean littleEndian) {
        if (version(offered) < 12) {
            return "offers " + offered + ", and 1.2 is the least";
        }
        if (!available) {
            return "is not available now";
        }
        if (!compiles) {
            return "has no compiler";
        }
        return littleEndian ? "" : "is not little-endian";
    }

    /** Ten times the version that a device names, or 0 when it names none. */
    private static int version(String offered) {
        Matcher version = VERSION.matcher(offered);
        return version.matches() ? Integer.parseInt(version.group(1)) * 10 + Integer.parseInt(version.group(2)) : 0;
    }

    /** The version of the language in which kernels may use subgroup operations; empty when the device offers none. */
    static String subgroups(String offered, Set<String> extensions, Set<String> languageFeatures) {
        if (version(offered) < 30) {
            return version(offered) >= 20 && extensions.contains("cl_khr_subgroups") ? "CL2.0" : "";
        }
        return languageFeatures.contains("__opencl_c_subgroups") ? "CL3.0" : "";
    }

    private static Hardware describe(Candidate candidate, String name) {
        long device = candidate.id();
        String platform = platformText(candidate.platform(), CL_PLATFORM_NAME);
        String driver = text(device, CL_DRIVER_VERSION);
        String version = text(device, CL_DEVICE_VERSION);
        Set<String> extensions = Set.copyOf(List.of(text(device, CL_DEVICE_EXTENSIONS).split("\\s+")));
        String subgroups = subgroups(version, extensions, version(version) < 30 ? Set.of() : languageFeatures(device));
        Dots dots = extensions.contains(DOT_PRODUCT) ? dotAccelerated(device) ? Dots.FAST : Dots.SLOW : Dots.NONE;
        DeviceInfo info = new DeviceInfo(name, text(device, CL_DEVICE_NAME) + " (" + platform + ", driver " + driver + ")",
                number(device, CL_DEVICE_GLOBAL_MEM_SIZE), features(candidate, version, extensions, subgroups, dots));
        return new Hardware(candidate.platform(), device, info,
                String.join("\n", platform, platformText(candidate.platform(), CL_PLATFORM_VERSION), info.description(), version),
                flags(number(device, CL_DEVICE_SINGLE_FP_CONFIG)), subgroups,
                candidate.kind() != Kind.PROCESSOR, dots, platform.equals(POCL),
                // OpenCL counts this one in bits.
                Math.max(number(device, CL_DEVICE_MEM_BASE_ADDR_ALIGN) / 8, 16), number(device, CL_DEVICE_MAX_MEM_ALLOC_SIZE));
    }

    /** @param arithmetic what the device can do with floats of 32 bits */
    static String flags(long arithmetic) {
        // Division and square root in OpenCL C may be off by some units in the last place unless one asks.
        return ((arithmetic & CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT) != 0 ? " -cl-fp32-correctly-rounded-divide-sqrt" : "")
                + ((arithmetic & CL_FP_FMA) != 0 ? " -DFUSED_MULTIPLY_ADD" : "");
    }

    private static List<String> features(Candidate candidate, String version, Set<String> extensions, String subgroups,
            Dots dots) {
        List<String> features = new ArrayList<>();
        features.add(version.strip());
        features.add(number(candidate.id(), CL_DEVICE_MAX_COMPUTE_UNITS) + " compute units");
        if (candidate.kind() == Kind.INTEGRATED) {
            features.add("shares the host's memory");
        }
        features.add(GpuDevices.SAME_BITS);
        features.addAll(arithmetic(extensions, !subgroups.isEmpty(), dots));
        return features;
    }

    /** What kernels could compute with, in the words that the Vulkan backend uses too. */
    static List<String> arithmetic(Set<String> extensions, boolean subgroups, Dots dots) {
        List<String> features = new ArrayList<>();
        if (extensions.contains("cl_khr_fp16")) {
            features.add("fp16");
        }
        if (subgroups) {
            features.add("subgroups");
        }
        if (dots != Dots.NONE) {
            features.add(dots == Dots.FAST ? "int8-dot-product" : "int8-dot-product-emulated");
        }
        return features;
    }

    /** What its compiler is told. */
    String options(boolean withSubgroups) {
        return "-cl-std=" + (withSubgroups ? subgroups : "CL1.2") + flags;
    }

    /** Whether a user who wrote this means this device. */
    boolean isCalled(String called) {
        return info.name().equalsIgnoreCase(called)
                || info.description().toLowerCase(Locale.ROOT).contains(called.toLowerCase(Locale.ROOT));
    }
}
