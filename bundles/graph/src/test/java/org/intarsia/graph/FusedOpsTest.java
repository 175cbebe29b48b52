package org.intarsia.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.intarsia.graph.op.Activation;
import org.intarsia.graph.op.Attention;
import org.intarsia.graph.op.Conv2d.WeightGradient;
import org.intarsia.graph.op.Conv2d.Window;
import org.intarsia.graph.op.CrossEntropy;
import org.intarsia.graph.op.PagedAttention;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the decompositions of the fused ops say, against plain loops that were written from the definitions alone. */
class FusedOpsTest {

    private static void equal(double[] actual, double... expected) {
        assertThat(actual).hasSize(expected.length);
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).as("element %d", i).isCloseTo(expected[i], within(1e-9 * Math.max(1, Math.abs(expected[i]))));
        }
    }

    // Activations

    @Test
    void activations() {
        Sample s = new Sample();
        Node x = s.between(-4, 4, 3, 7);
        Node up = s.x(3, 7);
        double[] v = s.value(x);
        double[] u = s.value(up);
        double[] silu = Arrays.stream(v).map(a -> a / (1 + Math.exp(-a))).toArray();
        equal(s.run(s.graph.silu(x)), silu);
        double[] gated = silu.clone();
        for (int i = 0; i < gated.length; i++) {
            gated[i] *= u[i];
        }
        equal(s.run(s.graph.swiGlu(x, up)), gated);
        equal(s.run(s.graph.gelu(x)), Arrays.stream(v).map(a ->
                a / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (a + 0.044715 * Math.pow(a, 3))))).toArray());
        equal(s.run(s.graph.sigmoid(x)), Arrays.stream(v).map(a -> 1 / (1 + Math.exp(-a))).toArray());
        double[] slope = new double[v.length];
        for (int i = 0; i < v.length; i++) {
            double sigmoid = 1 / (1 + Math.exp(-v[i]));
            slope[i] = u[i] * (sigmoid + v[i] * sigmoid * (1 - sigmoid));
        }
        equal(s.run(s.graph.add(new Activation.SiluGradient(), x, up)), slope);
    }

    @Test
    void siluFarOut() {
        Sample s = new Sample();
        equal(s.run(s.graph.silu(s.given(new double[] {-1e4, 1e4, 0}, 3))), 0, 1e4, 0);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1000, -1e6})
    void softmaxIsSafeAgainstAnyShift(double shift) {
        Sample s = new Sample();
        Node x = s.x(4, 5);
        double[] v = s.value(x);
        double[] expected = softmax(v, 5);
        Arrays.setAll(v, i -> v[i] + shift);
        assertThat(s.run(s.graph.softmax(x))).containsExactly(expected, within(1e-9));
    }

    private static double[] softmax(double[] values, int row) {
        double[] result = new double[values.length];
        for (int start = 0; start < values.length; start += row) {
            double sum = 0;
            for (int i = start; i < start + row; i++) {
                sum += Math.exp(values[i]);
            }
            for (int i = start; i < start + row; i++) {
                result[i] = Math.exp(values[i]) / sum;
            }
        }
        return result;
    }

    // Normalisation

    @Test
    void rmsNorm() {
        Sample s = new Sample();
        Node x = s.x(2, 3, 5);
        Node weight = s.x(5);
        double[] v = s.value(x);
        double[] expected = new double[30];
        for (int row = 0; row < 6; row++) {
            double square = 0;
            for (int i = 0; i < 5; i++) {
                square += v[row * 5 + i] * v[row * 5 + i] / 5;
            }
            for (int i = 0; i < 5; i++) {
                expected[row * 5 + i] = v[row * 5 + i] / Math.sqrt(square + 0.01) * s.value(weight)[i];
            }
        }
        equal(s.run(s.graph.rmsNorm(x, weight, 0.01)), expected);
    }

    @Test
    void layerNormWithAWeightForEachHead() {
        Sample s = new Sample();
        Node x = s.x(2, 3, 4);
        Node weight = s.x(3, 4);
        Node bias = s.x(3, 4);
        double[] expected = new double[24];
        for (int row = 0; row < 6; row++) {
            double[] normal = standardized(Arrays.copyOfRange(s.value(x), row * 4, row * 4 + 4), 0.01);
            for (int i = 0; i < 4; i++) {
                int at = row % 3 * 4 + i;
                expected[row * 4 + i] = normal[i] * s.value(weight)[at] + s.value(bias)[at];
            }
        }
        equal(s.run(s.graph.layerNorm(x, weight, bias, 0.01)), expected);
    }

    @Test
    void groupNorm() {
        Sample s = new Sample();
        int channels = 6;
        int pixels = 4;
        Node x = s.x(2, channels, 2, 2);
        Node weight = s.x(channels);
        Node bias = s.x(channels);
        double[] expected = new double[2 * channels * pixels];
        for (int group = 0; group < 2 * 3; group++) {
            int size = channels / 3 * pixels;
            double[] normal = standardized(Arrays.copyOfRange(s.value(x), group * size, group * size + size), 1e-3);
            for (int i = 0; i < size; i++) {
                int channel = (group % 3 * size + i) / pixels;
                expected[group * size + i] = normal[i] * s.value(weight)[channel] + s.value(bias)[channel];
            }
        }
        equal(s.run(s.graph.groupNorm(x, weight, bias, 3, 1e-3)), expected);
    }

    private static double[] standardized(double[] values, double epsilon) {
        double mean = Arrays.stream(values).average().orElseThrow();
        double variance = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
        return Arrays.stream(values).map(v -> (v - mean) / Math.sqrt(variance + epsilon)).toArray();
    }

    // Sequences

    @Test
    void ropeTurnsTheTwoHalvesOfEachHeadAgainstEachOther() {
        Sample s = new Sample();
        double[] frequencies = {1, 0.1, 0.02};
        Node x = s.x(2, 3, 2, 6);
        Node position = s.indices(50, 2, 3);
        double[] v = s.value(x);
        double[] expected = new double[v.length];
        for (int place = 0; place < 6; place++) {
            for (int head = 0; head < 2; head++) {
                for (int i = 0; i < 3; i++) {
                    double angle = s.value(position)[place] * frequencies[i];
                    int first = (place * 2 + head) * 6 + i;
                    int second = first + 3;
                    // A complex number (first, second) times e^(i·angle).
                    expected[first] = v[first] * Math.cos(angle) - v[second] * Math.sin(angle);
                    expected[second] = v[first] * Math.sin(angle) + v[second] * Math.cos(angle);
                }
            }
        }
        equal(s.run(s.graph.rope(x, position, List.of(1.0, 0.1, 0.02))), expected);
    }

    @ParameterizedTest
    @CsvSource({"1,1,1,1,1,1,false,false,0,0", "2,3,5,4,4,3,false,false,0,0", "2,3,6,4,2,3,true,false,0,0",
            "2,2,7,6,1,4,true,true,0,0", "3,1,9,2,2,5,true,true,0,0", "2,3,9,4,2,3,true,false,1,0", "3,2,9,4,2,3,true,true,3,0",
            "2,3,6,2,2,4,true,false,99,0", "1,3,5,2,1,4,false,false,0,0.5", "2,3,9,4,2,3,true,true,4,1.5"})
    void attention(int sequences, int length, int context, int heads, int keyHeads, int size, boolean causal, boolean slots,
            int window, double cap) {
        Sample s = new Sample();
        int rows = slots ? sequences + 2 : sequences;
        Node q = s.x(sequences, length, heads, size);
        Node k = s.x(rows, context, keyHeads, size);
        Node v = s.x(rows, context, keyHeads, size);
        Node position = s.indices(context, sequences, length);
        Node slot = s.indices(rows, sequences);
        double[] expected = new double[s.value(q).length];
        for (int n = 0; n < sequences; n++) {
            int row = slots ? (int) s.value(slot)[n] : n;
            for (int l = 0; l < length; l++) {
                int seen = causal ? (int) s.value(position)[n * length + l] + 1 : context;
                for (int h = 0; h < heads; h++) {
                    int keyHead = h / (heads / keyHeads);
                    int query = ((n * length + l) * heads + h) * size;
                    double[] scores = new double[seen];
                    for (int c = 0; c < seen; c++) {
                        for (int i = 0; i < size; i++) {
                            scores[c] += 0.3 * s.value(q)[query + i] * s.value(k)[((row * context + c) * keyHeads + keyHead) * size + i];
                        }
                    }
                    for (int c = 0; c < seen; c++) {
                        scores[c] = cap > 0 ? cap * Math.tanh(scores[c] / cap) : scores[c];
                        scores[c] = window > 0 && c <= seen - 1 - window ? Double.NEGATIVE_INFINITY : scores[c];
                    }
                    double[] share = softmax(scores, seen);
                    for (int c = 0; c < seen; c++) {
                        for (int i = 0; i < size; i++) {
                            expected[query + i] += share[c] * s.value(v)[((row * context + c) * keyHeads + keyHead) * size + i];
                        }
                    }
                }
            }
        }
        Node result;
        if (window > 0 || cap > 0) {
            Attention op = new Attention(0.3, causal, window, cap);
            result = slots ? s.graph.add(op, q, k, v, position, slot)
                    : causal ? s.graph.add(op, q, k, v, position) : s.graph.add(op, q, k, v);
        } else if (slots) {
            result = s.graph.causalAttention(q, k, v, position, slot, 0.3);
        } else {
            result = causal ? s.graph.causalAttention(q, k, v, position, 0.3) : s.graph.attention(q, k, v, 0.3);
        }
        equal(s.run(result), expected);
    }

    @ParameterizedTest
    @CsvSource({"F32,0,0", "F32,3,0", "F32,0,2.5", "F16,0,0", "BF16,4,1"})
    void pagedAttentionIsAttentionToTheKeysInTheBlocks(Encoding encoding, int window, double cap) {
        Sample s = new Sample();
        int[] positions = {5, 6, 0, 7, 3};
        int[] rows = {0, 0, 1, 2, 2};
        int[][] table = {{4, 1, 0}, {3, 0, 0}, {2, 5, 0}};
        Node q = s.x(5, 4, 2);
        Node keys = s.x(encoding, 6, 4, 2, 2);
        Node values = s.x(encoding, 6, 4, 2, 2);
        Node result = s.graph.add(new PagedAttention(0.3, window, cap), q, keys, values, s.integers(positions, 5), s.integers(rows, 5),
                s.integers(Arrays.stream(table).flatMapToInt(Arrays::stream).toArray(), 3, 3));
        double[] all = s.run(result);
        for (int token = 0; token < 5; token++) {
            Sample alone = new Sample();
            double[] asked = Arrays.copyOfRange(s.value(q), token * 8, (token + 1) * 8);
            int[] blocks = table[rows[token]];
            Node mixed = alone.graph.add(new Attention(0.3, true, window, cap), alone.given(asked, 1, 1, 4, 2),
                    alone.given(seen(s.value(keys), blocks, positions[token]), 1, positions[token] + 1, 2, 2),
                    alone.given(seen(s.value(values), blocks, positions[token]), 1, positions[token] + 1, 2, 2),
                    alone.integers(new int[] {positions[token]}, 1, 1));
            equal(Arrays.copyOfRange(all, token * 8, (token + 1) * 8), alone.run(mixed));
        }
    }

    /** The keys from place 0 to the last, from blocks of four with four numbers each. */
    private static double[] seen(double[] pool, int[] blocks, int last) {
        double[] keys = new double[4 * (last + 1)];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = pool[16 * blocks[i / 16] + i % 16];
        }
        return keys;
    }

    @Test
    void stateAppendRoundsToTheEncodingOfTheState() {
        GraphBuilder g = new GraphBuilder();
        Node state = g.state("cache", new TensorType(Shape.of(1, 2, 1), Encoding.BF16));
        Node written = g.stateAppend(state, g.input("values", TensorType.f32(1, 1, 1)), g.input("position", TensorType.i32(1, 1)),
                g.input("slot", TensorType.i32(1)));
        double[] cache = {3, 4};
        Interpreter.run(g.build(Map.of("written", written)), Map.of("cache", cache, "values", new double[] {1.00390625 + 0.001},
                "position", new double[] {1}, "slot", new double[] {0}), Map.of());
        assertThat(cache).containsExactly(3, 1.0078125);
    }

    @Test
    void stateAppendWritesOnlyItsPlaces() {
        GraphBuilder g = new GraphBuilder();
        Node state = g.state("cache", TensorType.f32(3, 4, 2));
        Node values = g.input("values", TensorType.f32(2, 2, 2));
        Node written = g.stateAppend(state, values, g.input("position", TensorType.i32(2, 2)), g.input("slot", TensorType.i32(2)));
        Graph graph = g.build(Map.of("written", written));
        double[] cache = new double[24];
        Arrays.setAll(cache, i -> -i);
        double[] expected = cache.clone();
        double[] added = {1, 2, 3, 4, 5, 6, 7, 8};
        int[] positions = {3, 0, 1, 2};
        int[] slots = {2, 0};
        for (int n = 0; n < 2; n++) {
            for (int l = 0; l < 2; l++) {
                for (int i = 0; i < 2; i++) {
                    expected[(slots[n] * 4 + positions[n * 2 + l]) * 2 + i] = added[(n * 2 + l) * 2 + i];
                }
            }
        }
        double[] result = Interpreter.run(graph, Map.of("cache", cache, "values", added, "position", new double[] {3, 0, 1, 2},
                "slot", new double[] {2, 0}), Map.of()).get("written");
        assertThat(cache).isEqualTo(expected);
        assertThat(result).isEqualTo(expected);
    }

    // Pictures

    @ParameterizedTest
    @CsvSource({"1,1,1,1, 1,1,1, 1,0,0,0,0", "2,3,5,4, 2,3,3, 1,1,1,1,1", "1,2,6,6, 3,3,3, 2,0,1,0,1", "1,2,7,5, 2,2,3, 3,1,0,2,1",
            "2,1,3,8, 1,1,5, 1,0,0,2,2"})
    void conv2d(int n, int in, int height, int width, int out, int kernelHeight, int kernelWidth, int stride, int top, int bottom,
            int left, int right) {
        Sample s = new Sample();
        Node x = s.x(n, in, height, width);
        Node weight = s.x(out, in, kernelHeight, kernelWidth);
        int outHeight = (height + top + bottom - kernelHeight) / stride + 1;
        int outWidth = (width + left + right - kernelWidth) / stride + 1;
        double[] expected = new double[n * out * outHeight * outWidth];
        Node gradient = s.x(n, out, outHeight, outWidth);
        double[] forWeight = new double[s.value(weight).length];
        int at = 0;
        for (int picture = 0; picture < n; picture++) {
            for (int o = 0; o < out; o++) {
                for (int row = 0; row < outHeight; row++) {
                    for (int column = 0; column < outWidth; column++, at++) {
                        for (int i = 0; i < in; i++) {
                            for (int kr = 0; kr < kernelHeight; kr++) {
                                for (int kc = 0; kc < kernelWidth; kc++) {
                                    int r = row * stride + kr - top;
                                    int c = column * stride + kc - left;
                                    if (r >= 0 && r < height && c >= 0 && c < width) {
                                        double pixel = s.value(x)[((picture * in + i) * height + r) * width + c];
                                        int w = ((o * in + i) * kernelHeight + kr) * kernelWidth + kc;
                                        expected[at] += pixel * s.value(weight)[w];
                                        forWeight[w] += pixel * s.value(gradient)[at];
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        Window window = new Window(stride, top, bottom, left, right);
        Node result = s.graph.conv2d(x, weight, window);
        assertThat(result.shape()).isEqualTo(Shape.of(n, out, outHeight, outWidth));
        equal(s.run(result), expected);
        equal(s.run(s.graph.add(new WeightGradient(window, kernelHeight, kernelWidth), x, gradient)), forWeight);
    }

    @Test
    void upsampleRepeatsPixels() {
        Sample s = new Sample();
        Node x = s.given(new double[] {1, 2, 3, 4, 5, 6}, 1, 1, 2, 3);
        equal(s.run(s.graph.upsample(x, 2)), 1, 1, 2, 2, 3, 3, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 4, 4, 5, 5, 6, 6);
    }

    // Losses

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.3})
    void crossEntropy(double zLoss) {
        Sample s = new Sample();
        Node logits = s.x(4, 5);
        Node target = s.integers(new int[] {4, 0, 2, 2}, 4);
        Node gradient = s.x(4);
        double[] expected = new double[4];
        double[] slope = new double[20];
        for (int row = 0; row < 4; row++) {
            double[] line = Arrays.copyOfRange(s.value(logits), row * 5, row * 5 + 5);
            double normalizer = Math.log(Arrays.stream(line).map(Math::exp).sum());
            int wanted = (int) s.value(target)[row];
            expected[row] = normalizer - line[wanted] + zLoss * normalizer * normalizer;
            double[] share = softmax(line, 5);
            for (int i = 0; i < 5; i++) {
                slope[row * 5 + i] = s.value(gradient)[row]
                        * (share[i] - (i == wanted ? 1 : 0) + 2 * zLoss * normalizer * share[i]);
            }
        }
        equal(s.run(s.graph.crossEntropy(logits, target, zLoss)), expected);
        equal(s.run(s.graph.add(new CrossEntropy.Gradient(zLoss), logits, target, gradient)), slope);
    }

    @Test
    void crossEntropyOfHugeLogitsIsFinite() {
        Sample s = new Sample();
        equal(s.run(s.graph.crossEntropy(s.given(new double[] {2000, 0, -3000, 0}, 2, 2), s.integers(new int[] {0, 0}, 2), 0)), 0, 3000);
    }

    @Test
    void nearestCodeIsTheFirstOfTheNearest() {
        Sample s = new Sample();
        Node x = s.x(20, 3);
        Node codes = s.x(9, 3);
        double[] book = s.value(codes);
        System.arraycopy(book, 6, book, 15, 3);
        double[] expected = new double[20];
        for (int row = 0; row < 20; row++) {
            double best = Double.POSITIVE_INFINITY;
            for (int code = 0; code < 9; code++) {
                double distance = 0;
                for (int i = 0; i < 3; i++) {
                    distance += Math.pow(s.value(x)[row * 3 + i] - book[code * 3 + i], 2);
                }
                if (distance < best) {
                    best = distance;
                    expected[row] = code;
                }
            }
        }
        assertThat(s.run(s.graph.nearestCode(x, codes))).isEqualTo(expected);
    }

    @Test
    void everyFusedOpEndsInCoreOps() {
        Sample s = new Sample();
        List<Node> fused = new ArrayList<>();
        Node rows = s.x(2, 3, 2, 4);
        Node position = s.indices(3, 2, 3);
        fused.add(s.graph.causalAttention(rows, rows, rows, position, 0.5));
        fused.add(s.graph.rope(rows, position, List.of(1.0, 0.5)));
        fused.add(s.graph.conv2d(rows, s.x(Encoding.BF16, 5, 3, 1, 1), Window.same(0)));
        fused.add(s.graph.groupNorm(rows, s.x(3), s.x(3), 3, 1e-5));
        fused.add(s.graph.crossEntropy(s.x(2, 3), s.indices(3, 2), 0.1));
        Node loss = s.graph.scalar(0);
        for (Node node : fused) {
            Node flat = s.graph.reshape(node, Shape.of(node.shape().elements()));
            loss = s.graph.add(loss, s.graph.reshape(s.graph.sum(flat, 0), Shape.SCALAR));
        }
        Graph core = Lowering.toCore(s.graph.build(Map.of("loss", loss, "gradient", Gradients.of(s.graph, loss, List.of(rows)).getFirst())));
        for (Node node : core.nodes()) {
            GraphBuilder scratch = new GraphBuilder();
            List<Node> operands = new ArrayList<>();
            node.operands().forEach(operand -> operands.add(scratch.input("x" + operands.size(), operand.type())));
            assertThat(node.op().decompose(scratch, operands)).as("%s", node).isEmpty();
        }
    }
}
