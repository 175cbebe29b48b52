package org.intarsia.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.intarsia.page.PanelsServlet.Listed;
import org.intarsia.page.api.Panel;
import org.junit.jupiter.api.Test;

class PanelsServletTest {
    @Test
    void listsThePanelsThatThereAreInTheirOrder() {
        PanelsServlet servlet = new PanelsServlet();
        Panel late = panel("example-late", 200);
        servlet.addPanel(late);
        servlet.addPanel(panel("example-b", 100));
        servlet.addPanel(panel("example-a", 100));
        assertThat(servlet.listed()).extracting(Listed::name).containsExactly("example-a", "example-b", "example-late");
        servlet.removePanel(late);
        assertThat(servlet.listed()).extracting(Listed::name).containsExactly("example-a", "example-b");
    }

    private static Panel panel(String name, int order) {
        return new Panel() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Map<String, String> titles() {
                return Map.of("en", name);
            }

            @Override
            public String module() {
                return "/page/panels/" + name + ".js";
            }

            @Override
            public int order() {
                return order;
            }
        };
    }
}
