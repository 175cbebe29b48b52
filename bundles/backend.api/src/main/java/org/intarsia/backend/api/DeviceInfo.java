package org.intarsia.backend.api;

import java.util.List;

/**
 * What a device says of itself.
 *
 * @param name        unique within its backend
 * @param description the maker's name for it
 * @param memoryBytes memory that the device can use, in bytes
 * @param features    what it offers beyond the least, for example {@code avx512} or {@code fp16}
 */
public record DeviceInfo(String name, String description, long memoryBytes, List<String> features) {
    public DeviceInfo {
        features = List.copyOf(features);
    }
}
