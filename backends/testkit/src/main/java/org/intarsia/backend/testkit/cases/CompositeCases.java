package org.intarsia.backend.testkit.cases;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.intarsia.backend.testkit.suite.Case;
import org.intarsia.backend.testkit.suite.Tolerance;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Gradients;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.graph.op.Conv2d.Window;

/** Small whole models: what ops do together, in one plan's memory. */
final class CompositeCases {
    private CompositeCases() {
    }

    static void addTo(Catalogue all) {
        for (Encoding encoding : new Encoding[] {Encoding.F32, Encoding.BF16}) {
            transformer(all, encoding);
            pictures(all, encoding);
        }
        all.add(trainingStep());
        all.smooth("composite", "a long chain", Tolerance.of(2000), CompositeCases::chain);
        all.smooth("composite", "a wide fan", Tolerance.of(200), CompositeCases::fan);
    }

    private static void transformer(Catalogue all, Encoding encoding) {
        String name = "transformer block " + encoding;
        Tolerance tolerance = Tolerance.of(400);
        all.smooth("composite", name, tolerance, d -> {
            GraphBuilder g = d.graph;
            Node x = d.input("x", 2, 9, 24);
            Node position = AttentionCases.counting(d, 2, 9, 0);
            Node normal = g.rmsNorm(x, near(d, "attentionNorm", encoding, 24), 1e-5);
            Node q = heads(g, g.linear(normal, small(d, "wq", encoding, 24, 24)), 4);
            Node k = heads(g, g.linear(normal, small(d, "wk", encoding, 12, 24)), 2);
            Node v = heads(g, g.linear(normal, small(d, "wv", encoding, 12, 24)), 2);
            q = g.layerNorm(q, d.weight("queryNorm", 4, 6), d.weight("queryBias", 4, 6), 1e-5);
            Node mixed = g.causalAttention(g.rope(q, position, Draft.frequencies(6)), g.rope(k, position, Draft.frequencies(6)), v,
                    position, 1 / Math.sqrt(6));
            Node attended = g.add(x, g.linear(g.reshape(mixed, x.shape()), small(d, "wo", encoding, 24, 24)));
            Node inner = g.rmsNorm(attended, near(d, "feedForwardNorm", encoding, 24), 1e-5);
            Node gated = g.swiGlu(g.linear(inner, small(d, "w1", encoding, 40, 24)), g.linear(inner, small(d, "w3", encoding, 40, 24)));
            Node result = g.add(attended, g.linear(gated, small(d, "w2", encoding, 24, 40)));
            Node logits = g.linear(result, small(d, "output", encoding, 33, 24));
            return g.crossEntropy(g.reshape(logits, Shape.of(18, 33)), d.indices("target", 33, 18), 1e-4);
        });
    }

    private static Node heads(GraphBuilder g, Node x, long heads) {
        return g.reshape(x, Shape.of(x.shape().size(0), x.shape().size(1), heads, x.shape().size(2) / heads));
    }

    /** Encoder, nearest code, straight-through gradient, decoder. */
    private static void pictures(Catalogue all, Encoding encoding) {
        all.smooth("composite", "picture tokenizer " + encoding, Tolerance.of(1000), d -> {
            GraphBuilder g = d.graph;
            Node x = d.input("x", 2, 3, 8, 8);
            Node first = g.conv2d(x, small(d, "in", encoding, 8, 3, 3, 3), Window.same(1));
            Node normal = g.silu(g.groupNorm(first, near(d, "norm", encoding, 8), d.weight("bias", 8), 4, 1e-6));
            Node down = g.conv2d(normal, small(d, "down", encoding, 8, 8, 3, 3), new Window(2, 0, 1, 0, 1));
            Node latent = g.conv2d(down, small(d, "quant", encoding, 4, 8, 1, 1), Window.same(0));
            Node flat = g.reshape(g.permute(latent, 0, 2, 3, 1), Shape.of(32, 4));
            Node codebook = d.weight("codebook", TensorType.f32(17, 4), Draft.uniform(-1, 1));
            Node codes = g.gather(codebook, g.nearestCode(flat, codebook));
            Node quantized = g.permute(g.reshape(g.add(codes, flat), Shape.of(2, 4, 4, 4)), 0, 3, 1, 2);
            Node up = g.upsample(g.conv2d(quantized, small(d, "post", encoding, 8, 4, 3, 3), Window.same(1)), 2);
            Node out = g.conv2d(g.silu(up), small(d, "out", encoding, 3, 8, 3, 3), Window.same(1));
            Node difference = g.sub(out, x);
            return g.mean(g.reshape(g.mul(difference, difference), Shape.of(2, 192)), 1);
        });
    }

    private static Node small(Draft d, String name, Encoding encoding, long... sizes) {
        double spread = 1 / Math.sqrt((double) Shape.of(sizes).elements() / sizes[0]);
        return d.weight(name, new TensorType(Shape.of(sizes), encoding), random -> spread * random.nextGaussian());
    }

    private static Node near(Draft d, String name, Encoding encoding, long size) {
        return d.weight(name, new TensorType(Shape.of(size), encoding), Draft.uniform(0.5, 1.5));
    }

    /** Weights and moments in states, loss, gradients and their update in one graph, run three times. */
    private static Case trainingStep() {
        Draft d = new Draft("composite training step").runs(3);
        GraphBuilder g = d.graph;
        Node w1 = d.state("w1", TensorType.f32(17, 7), random -> 0.4 * random.nextGaussian());
        Node w2 = d.state("w2", TensorType.f32(5, 17), random -> 0.25 * random.nextGaussian());
        Node hidden = g.gelu(g.linear(d.input("x", 9, 7), w1));
        Node losses = g.crossEntropy(g.linear(hidden, w2), d.indices("target", 5, 9), 1e-4);
        Node loss = g.reshape(g.mean(losses, 0), Shape.SCALAR);
        List<Node> weights = List.of(w1, w2);
        List<Node> gradients = Gradients.of(g, loss, weights);
        Map<String, Node> outputs = new LinkedHashMap<>();
        outputs.put("loss", loss);
        for (int i = 0; i < weights.size(); i++) {
            Node weight = weights.get(i);
            Node momentum = d.state("momentum" + i, weight.type(), random -> 0);
            Node renewed = g.assign(momentum, g.add(g.mul(momentum, g.scalar(0.9)), gradients.get(i)));
            outputs.put("weight" + i, g.assign(weight, g.sub(weight, g.mul(g.scalar(0.1), renewed))));
        }
        return d.ask("composite", Tolerance.of(400), outputs);
    }

    /** Many short-lived values of two sizes: memory is used again and again. */
    private static Node chain(Draft d) {
        GraphBuilder g = d.graph;
        Node x = d.input("x", 17, 9);
        Node weight = d.weight("weight", TensorType.f32(9, 9), random -> 0.3 * random.nextGaussian());
        for (int i = 0; i < 12; i++) {
            Node product = g.matMul(x, weight, false, i % 2 == 0);
            Node turned = g.permute(g.tanh(product), 1, 0);
            Node wide = g.concat(0, turned, g.mul(turned, turned));
            x = g.add(x, g.permute(g.slice(wide, 0, i % 9, i % 9 + 9), 1, 0));
        }
        return x;
    }

    /** Values that live long beside ones that do not. */
    private static Node fan(Draft d) {
        GraphBuilder g = d.graph;
        Node x = d.input("x", 5, 31);
        List<Node> kept = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Node scaled = g.mul(x, g.scalar(0.2 * i - 1));
            kept.add(i % 3 == 0 ? g.slice(g.sin(scaled), 1, i, i + 17) : g.permute(g.slice(g.permute(g.cos(scaled), 1, 0), 0, i, i + 17), 1, 0));
        }
        Node sum = kept.getLast();
        for (int i = kept.size() - 2; i >= 0; i--) {
            sum = g.add(g.mul(sum, kept.get(i)), kept.get((i * 7 + 3) % kept.size()));
        }
        return sum;
    }
}
