package org.intarsia.http.platform;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.List;
import org.intarsia.engine.api.Metrics;
import org.intarsia.http.server.HttpServer;
import org.intarsia.http.server.RequestStatistics;

/** Puts what the engine and the server count into Prometheus' terms. */
final class Measurements {
    private static final double MILLIS = 1e-3;

    private Measurements() {
    }

    static MetricSnapshots of(Metrics metrics, HttpServer server) {
        List<MetricSnapshot> all = new ArrayList<>();
        int[] queue = server.queue();
        all.add(gauge("intarsia_requests_running", "Requests that the engine works on", queue[0]));
        all.add(gauge("intarsia_requests_waiting", "Requests that wait in the queue", queue[1]));
        all.add(gauge("intarsia_generations_in_flight", "Generations that run, which is the size of the batch", metrics.inFlight()));
        all.add(gauge("intarsia_generations_paused", "Generations that wait for something that has left", metrics.waiting()));
        all.add(gauge("intarsia_steps_queued", "Steps of generations that wait for their turn", metrics.queue()));
        all.add(gauge("intarsia_tokens_per_second", "Tokens a second, over the last ten seconds", metrics.tokensPerSecond()));
        all.add(counter("intarsia_tokens", "Tokens that were chosen", metrics.tokens()));
        all.add(counter("intarsia_generations_finished", "Generations that ended with answers", metrics.finished()));
        all.add(counter("intarsia_generations_failed", "Generations that ended with an error", metrics.failed()));
        all.add(counter("intarsia_pauses", "Pauses of generations for a swap", metrics.pauses().count()));
        all.add(quantiles("intarsia_pause_seconds", "Pauses of generations for a swap, lately", metrics.pauses()));
        all.add(quantiles("intarsia_gap_seconds", "Times from token to token without a swap, lately", metrics.gaps()));
        GaugeSnapshot.Builder memory = GaugeSnapshot.builder().name("intarsia_device_memory_bytes").help("Bytes that are held on devices");
        metrics.memory().forEach((device, bytes) -> memory.dataPoint(GaugeDataPointSnapshot.builder().value(bytes)
                .labels(Labels.of("device", device)).build()));
        all.add(memory.build());
        all.add(gauge("intarsia_leaked_bytes", "Bytes that devices held when all was closed; anything but 0 is a defect",
                metrics.leakedBytes()));
        Runtime runtime = Runtime.getRuntime();
        all.add(gauge("intarsia_heap_bytes", "Bytes of the Java heap in use", runtime.totalMemory() - runtime.freeMemory()));
        server.statistics().ifPresent(statistics -> {
            all.add(gauge("intarsia_http_requests_in_flight", "Requests that are being answered", statistics.inFlight()));
            all.add(requests(statistics));
        });
        return new MetricSnapshots(all);
    }

    private static MetricSnapshot requests(RequestStatistics statistics) {
        HistogramSnapshot.Builder requests = HistogramSnapshot.builder().name("intarsia_http_request_seconds")
                .help("Times of requests by endpoint and status");
        statistics.counts().forEach((key, count) -> requests.dataPoint(HistogramDataPointSnapshot.builder()
                .labels(Labels.of("endpoint", key.endpoint(), "status", Integer.toString(key.status())))
                .classicHistogramBuckets(ClassicHistogramBuckets.of(RequestStatistics.bounds(), count.requests()))
                .sum(count.seconds()).build()));
        return requests.build();
    }

    private static MetricSnapshot gauge(String name, String help, double value) {
        return GaugeSnapshot.builder().name(name).help(help).dataPoint(GaugeDataPointSnapshot.builder().value(value).build()).build();
    }

    private static MetricSnapshot counter(String name, String help, double value) {
        return CounterSnapshot.builder().name(name).help(help).dataPoint(CounterDataPointSnapshot.builder().value(value).build()).build();
    }

    /** A gauge and no summary, since the engine keeps no sum. */
    private static MetricSnapshot quantiles(String name, String help, Metrics.Spans spans) {
        return GaugeSnapshot.builder().name(name).help(help).dataPoint(quantile("0.5", spans.p50Ms()))
                .dataPoint(quantile("0.99", spans.p99Ms())).dataPoint(quantile("1", spans.maxMs())).build();
    }

    private static GaugeDataPointSnapshot quantile(String quantile, double millis) {
        return GaugeDataPointSnapshot.builder().value(millis * MILLIS).labels(Labels.of("quantile", quantile)).build();
    }
}
