package org.intarsia.engine.scheduler;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import org.intarsia.graph.Graph;
import org.intarsia.graph.Node;
import org.intarsia.graph.op.Leaf;
import org.intarsia.io.Sha256;

/** Tells by a hash whether two hosts compute the same: another configuration or version of the model makes another graph. */
final class GraphHash {
    private GraphHash() {
    }

    /** Returns the 64 hexadecimal digits of a graph: of its ops with all that they are given, their operands and types. */
    static String of(Graph graph) {
        MessageDigest digest = Sha256.digest();
        for (Node node : graph.nodes()) {
            Object op = node.op() instanceof Leaf.Constant constant ? Arrays.toString(constant.values()) : node.op();
            String line = node + " " + op + "\n";
            digest.update(line.getBytes(StandardCharsets.UTF_8));
        }
        graph.outputs().forEach((name, node) -> digest.update((name + " %" + node.id() + "\n").getBytes(StandardCharsets.UTF_8)));
        return Sha256.hexadecimal(digest);
    }
}
