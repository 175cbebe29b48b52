package org.intarsia.remote.api;

import java.util.List;

/**
 * The description that a host gives of itself.
 *
 * @param id              drawn at random when the process starts, so that a host that was started again is told apart
 * @param name            for people
 * @param version         the version of Intarsia's bundles
 * @param draining        whether it asks for no more work
 * @param memoryBandwidth bytes a second while its processor copies memory, those read and those written, measured when it began to
 *                        listen; 0 where it was not
 * @param devices         devices of all installed backends, best first
 * @param models          the installed models
 * @param running         generations that run
 * @param waiting         generations and steps that wait for others
 */
public record HostDescription(String id, String name, String version, boolean draining, double memoryBandwidth,
        List<HostDevice> devices, List<HostModel> models, int running, int waiting) {
    public HostDescription {
        devices = List.copyOf(devices);
        models = List.copyOf(models);
    }

    /**
     * A device of a host.
     *
     * @param backend     the name of its backend
     * @param name        unique within the backend
     * @param description the maker's name for it
     * @param memoryBytes memory that it can use, in bytes
     */
    public record HostDevice(String backend, String name, String description, long memoryBytes) {
    }

    /**
     * A model of a host.
     *
     * @param name    what users type
     * @param weights {@code sha256:} and the hash of its weights, see {@link org.intarsia.weights.Weights#hash}
     */
    public record HostModel(String name, String weights) {
    }
}
