package org.intarsia.backend.opencl;

import static org.lwjgl.opencl.CL10.clGetDeviceInfo;
import static org.lwjgl.opencl.CL10.clGetPlatformInfo;
import static org.lwjgl.opencl.CL30.CL_DEVICE_OPENCL_C_FEATURES;
import static org.lwjgl.opencl.KHRIntegerDotProduct.CL_DEVICE_INTEGER_DOT_PRODUCT_ACCELERATION_PROPERTIES_4x8BIT_PACKED_KHR;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Collectors;
import org.lwjgl.PointerBuffer;
import org.lwjgl.opencl.CLDeviceIntegerDotProductAccelerationPropertiesKHR;
import org.lwjgl.opencl.CLNameVersion;
import org.lwjgl.system.MemoryStack;

/** Asks OpenCL what a device or a platform is. */
final class DeviceQueries {
    private DeviceQueries() {
    }

    /** How a value is asked for: name and place are given, the size of what is there is returned. */
    @FunctionalInterface
    private interface Question {
        int ask(int name, ByteBuffer value, PointerBuffer size);
    }

    static String text(long device, int name) {
        return text(bytes(name, ofDevice(device)));
    }

    static String platformText(long platform, int name) {
        return text(bytes(name, (question, value, size) -> clGetPlatformInfo(platform, question, value, size)));
    }

    /** A number of four or eight bytes. */
    static long number(long device, int name) {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            PointerBuffer size = stack.mallocPointer(1);
            ByteBuffer value = stack.calloc(8, 8);
            ClErrors.check("a device", "clGetDeviceInfo", clGetDeviceInfo(device, name, value, size));
            return size.get(0) == Integer.BYTES ? Integer.toUnsignedLong(value.getInt(0)) : value.getLong(0);
        }
    }

    static boolean is(long device, int name) {
        return number(device, name) != 0;
    }

    /** The optional parts of the language that the compiler knows. Only devices of OpenCL 3.0 or newer tell. */
    static Set<String> languageFeatures(long device) {
        return new CLNameVersion.Buffer(bytes(CL_DEVICE_OPENCL_C_FEATURES, ofDevice(device))).stream()
                .map(CLNameVersion::nameString).collect(Collectors.toSet());
    }

    /** Whether a device that multiplies and adds four signed bytes at once has an instruction for it. */
    static boolean dotAccelerated(long device) {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            ByteBuffer value = stack.calloc(8, CLDeviceIntegerDotProductAccelerationPropertiesKHR.SIZEOF);
            int code = clGetDeviceInfo(device, CL_DEVICE_INTEGER_DOT_PRODUCT_ACCELERATION_PROPERTIES_4x8BIT_PACKED_KHR, value, null);
            // The extension's first version does not tell.
            return code != ClErrors.SUCCESS || new CLDeviceIntegerDotProductAccelerationPropertiesKHR(value).signed_accelerated();
        }
    }

    private static Question ofDevice(long device) {
        return (question, value, size) -> clGetDeviceInfo(device, question, value, size);
    }

    private static String text(ByteBuffer bytes) {
        String text = StandardCharsets.UTF_8.decode(bytes).toString();
        int end = text.indexOf('\0');
        return (end < 0 ? text : text.substring(0, end)).strip();
    }

    private static ByteBuffer bytes(int name, Question question) {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            PointerBuffer size = stack.mallocPointer(1);
            ClErrors.check("a device", "clGetDeviceInfo", question.ask(name, null, size));
            // Extensions take kilobytes, more than the stack should give.
            ByteBuffer value = ByteBuffer.allocateDirect(Math.toIntExact(size.get(0))).order(ByteOrder.nativeOrder());
            ClErrors.check("a device", "clGetDeviceInfo", question.ask(name, value, null));
            return value;
        }
    }
}
