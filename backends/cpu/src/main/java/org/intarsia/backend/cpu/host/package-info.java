/**
 * Memory and threads of the machine: what everything else in this backend stands on.
 *
 * <p>Begin with {@link org.intarsia.backend.cpu.host.Memory}: all native memory is one segment, and kernels take addresses.
 * {@link org.intarsia.backend.cpu.host.CpuBuffer} is a tensor in it, and {@link org.intarsia.backend.cpu.host.ReadAhead} brings mapped
 * weights from the disk in time when they are larger than memory. {@link org.intarsia.backend.cpu.host.ThreadTeam} shares out loops;
 * {@link org.intarsia.backend.cpu.host.Worker} is what one of its threads has for itself.
 *
 * <p>Threads begin here and nowhere else in the backend. A team owns its threads, from its constructor to {@code close}, and a plan's
 * {@code ReadAhead} owns one. There is no lock: one thread at a time may use a team, and whoever holds the team sees to that.
 */
package org.intarsia.backend.cpu.host;
