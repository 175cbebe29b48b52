package org.intarsia.page;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.intarsia.page.PageFiles.PageFile;

/**
 * Writes files of the page. Servlets and not resource patterns of the Whiteboard serve them, since files are compressed, and
 * since the index has a policy that is computed from what it holds.
 */
abstract class PageServlet extends HttpServlet {

    private static final long serialVersionUID = 1;

    /** Writes a file with its content type, compressed where the browser takes that. */
    static void write(HttpServletRequest request, HttpServletResponse response, PageFile file) throws IOException {
        boolean zipped = Preferences.takesGzip(request.getHeader("Accept-Encoding"));
        response.setContentType(file.type());
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Vary", "Accept-Encoding");
        if (zipped) {
            response.setHeader("Content-Encoding", "gzip");
        }
        byte[] bytes = zipped ? file.zipped() : file.bytes();
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }
}
