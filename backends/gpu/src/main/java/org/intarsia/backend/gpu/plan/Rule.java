package org.intarsia.backend.gpu.plan;

import java.util.List;
import org.intarsia.graph.Node;

/** How a node is computed by kernels. */
@FunctionalInterface
interface Rule {
    /**
     * The kernels, in their order.
     *
     * @param shape the node as it stands in the plan, with named sizes: kernels and arrays depend on this alone
     * @param fixed the same node with sizes: numbers and groups come from this
     */
    List<Launch> launches(Node shape, Node fixed);
}
