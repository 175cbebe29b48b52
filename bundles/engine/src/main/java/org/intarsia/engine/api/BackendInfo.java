package org.intarsia.engine.api;

import java.util.List;
import org.intarsia.backend.api.DeviceInfo;

/**
 * An installed backend.
 *
 * @param name        what users type
 * @param bundle      symbolic name and version of the bundle that registered it
 * @param devices     its devices, best first
 * @param unavailable why there is no device and what would mend it; empty where there is one
 * @param usedBy      names of the open models that run on it
 * @param chosen      whether generations begin on it that name no backend
 */
public record BackendInfo(String name, String bundle, List<DeviceInfo> devices, String unavailable,
        List<String> usedBy, boolean chosen) {
    public BackendInfo {
        devices = List.copyOf(devices);
        usedBy = List.copyOf(usedBy);
    }
}
