package org.intarsia.http;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.intarsia.http.api.HttpContext;
import org.osgi.service.component.annotations.ComponentPropertyType;

/**
 * Registers a component that is a servlet under paths of the server, such as {@code @Endpoint(servlet_pattern = "/v1/models")}.
 * Multipart bodies stay in memory, within the limits of a request.
 */
@ComponentPropertyType
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface Endpoint {
    String PREFIX_ = "osgi.http.whiteboard.";

    /** The paths, as servlets have them: {@code /v1/models}, or {@code /v1/models/*} with all below. */
    String[] servlet_pattern();

    String context_select() default HttpContext.SELECT;

    boolean servlet_multipart_enabled() default true;

    /** Larger parts would be written to files. */
    int servlet_multipart_fileSizeThreshold() default 1 << 30;
}
