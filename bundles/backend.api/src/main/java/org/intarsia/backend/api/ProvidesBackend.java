package org.intarsia.backend.api;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.annotation.bundle.Attribute;
import org.osgi.annotation.bundle.Capability;

/**
 * Declares in the bundle's manifest that a {@link Backend} is in it, so that a resolver finds the bundle for a model that
 * requires a backend ({@code org.intarsia.backend;effective:=active}), or one of this name.
 */
@Capability(namespace = ProvidesBackend.NAMESPACE)
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface ProvidesBackend {
    /** The namespace of the capability. */
    String NAMESPACE = "org.intarsia.backend";

    /** The version of a backend that needs neither a driver nor hardware of a kind. */
    String EVERYWHERE = "1.1.0";

    /** The same as {@link Backend#name}. */
    @Attribute("name")
    String name();

    /**
     * The order among backends, highest first, for a resolver that has to take any one: {@link #EVERYWHERE} for a backend
     * that runs on every machine. Resolvers order capabilities by this attribute and by no other.
     */
    @Attribute("version:Version")
    String version() default "1.0.0";
}
