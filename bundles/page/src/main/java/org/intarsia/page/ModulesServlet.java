package org.intarsia.page;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.intarsia.http.api.HttpContext;
import org.intarsia.page.PageFiles.PageFile;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardContextSelect;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/** Serves the modules, styles and drawings of the page below {@code /page}. */
@Component(service = Servlet.class)
@HttpWhiteboardContextSelect(HttpContext.SELECT)
@HttpWhiteboardServletPattern("/page/*")
public final class ModulesServlet extends PageServlet {

    private static final long serialVersionUID = 1;

    private final transient PageFiles files;

    @Activate
    public ModulesServlet(@Reference PageFiles files) {
        this.files = files;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Optional<PageFile> file = Optional.ofNullable(request.getPathInfo()).flatMap(files::find);
        if (file.isEmpty()) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        response.setHeader("Cache-Control", "public, max-age=31536000, immutable");
        response.setHeader("ETag", file.get().tag());
        response.setHeader("Vary", "Accept-Encoding");
        if (Preferences.has(request.getHeader("If-None-Match"), file.get().tag())) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        write(request, response, file.get());
    }
}
