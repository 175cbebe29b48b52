package org.intarsia.page;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.intarsia.http.api.HttpContext;
import org.intarsia.page.api.Panel;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardContextSelect;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/** Lists the panels of all bundles, in their order, at {@code /intarsia/panels}. */
@Component(service = Servlet.class)
@HttpWhiteboardContextSelect(HttpContext.SELECT)
@HttpWhiteboardServletPattern("/intarsia/panels")
public final class PanelsServlet extends HttpServlet {

    private static final long serialVersionUID = 1;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final transient List<Panel> panels = new CopyOnWriteArrayList<>();

    /** One panel as the page reads it. */
    record Listed(String name, Map<String, String> titles, String module, int order) {
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addPanel(Panel panel) {
        panels.add(panel);
    }

    void removePanel(Panel panel) {
        panels.remove(panel);
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("application/json;charset=utf-8");
        response.setHeader("Cache-Control", "no-store");
        response.getOutputStream().write(MAPPER.writeValueAsBytes(Map.of("panels", listed())));
    }

    List<Listed> listed() {
        return panels.stream().map(panel -> new Listed(panel.name(), panel.titles(), panel.module(), panel.order()))
                .sorted(Comparator.comparingInt(Listed::order).thenComparing(Listed::name)).toList();
    }
}
