/**
 * Carries descriptions and tensor frames over gRPC: begin with {@link org.intarsia.remote.wire.HostServer}, which lets others
 * reach a {@link org.intarsia.remote.api.Host}, and {@link org.intarsia.remote.wire.HostConnection}, the same interface at the
 * other end.
 * <p>
 * {@link org.intarsia.remote.wire.HostMethods} lists all that can be called: two methods. Their messages have a fixed layout
 * ({@link org.intarsia.remote.wire.FrameFormat}, {@link org.intarsia.remote.wire.DescriptionFormat}); no object of a class
 * that the sender names is ever made. {@link org.intarsia.remote.wire.WireSecurity} decides who may connect,
 * {@link org.intarsia.remote.wire.WireLimits} how long and how large anything may be.
 */
package org.intarsia.remote.wire;
