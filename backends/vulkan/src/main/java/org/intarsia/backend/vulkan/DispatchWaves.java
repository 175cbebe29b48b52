package org.intarsia.backend.vulkan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.intarsia.backend.gpu.Driver;

/**
 * Which dispatches of a program may run at the same time. On a large device a barrier after each would cost more than many
 * kernels take: it waits until the last thread is done, and small kernels fill only a part of the device.
 */
final class DispatchWaves {

    /** A part of a block of memory that some wave reads or writes. */
    private record Access(long from, long to, boolean written, int wave) {
        boolean meets(Access other) {
            return from < other.to && other.from < to && (written || other.written);
        }

        boolean covers(Access other) {
            return from <= other.from && other.to <= to;
        }
    }

    private final Map<Driver.Memory, List<Access>> accesses = new HashMap<>();
    private final List<List<Driver.Dispatch>> waves = new ArrayList<>();

    private DispatchWaves() {
    }

    /**
     * The dispatches in the earliest waves that they can be in: each comes after those before it that write what it reads
     * or writes, or that read what it writes. Within a wave the order is as it was.
     */
    static List<List<Driver.Dispatch>> of(List<Driver.Dispatch> dispatches) {
        DispatchWaves waves = new DispatchWaves();
        dispatches.forEach(waves::add);
        return waves.waves;
    }

    private void add(Driver.Dispatch dispatch) {
        int wave = 0;
        for (int i = 0; i < dispatch.bindings().size(); i++) {
            Access access = access(dispatch, i, 0);
            for (Access before : before(dispatch, i)) {
                wave = access.meets(before) ? Math.max(wave, before.wave() + 1) : wave;
            }
        }
        for (int i = 0; i < dispatch.bindings().size(); i++) {
            Access access = access(dispatch, i, wave);
            List<Access> before = before(dispatch, i);
            if (access.written()) {
                // Who comes after what this overwrites comes after this, too.
                before.removeIf(access::covers);
            }
            before.add(access);
        }
        if (wave == waves.size()) {
            waves.add(new ArrayList<>());
        }
        waves.get(wave).add(dispatch);
    }

    private static Access access(Driver.Dispatch dispatch, int binding, int wave) {
        Driver.Binding range = dispatch.bindings().get(binding);
        return new Access(range.offset(), range.offset() + range.bytes(), dispatch.written().contains(binding), wave);
    }

    private List<Access> before(Driver.Dispatch dispatch, int binding) {
        return accesses.computeIfAbsent(dispatch.bindings().get(binding).memory(), memory -> new ArrayList<>());
    }
}
