package org.intarsia.http.platform;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.intarsia.engine.api.BackendInfo;
import org.intarsia.engine.api.ComponentInfo;
import org.intarsia.engine.api.Engine;
import org.intarsia.engine.api.FamilyInfo;
import org.intarsia.engine.api.InUse;
import org.intarsia.engine.api.Metrics;
import org.intarsia.engine.api.ModelInfo;
import org.intarsia.http.server.HttpServer;

/** Writes what is installed, in use and going on as JSON. */
final class Snapshot {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private Snapshot() {
    }

    /** Returns models, components, families, backends and what of them is in use. */
    static ObjectNode of(Engine engine) {
        ObjectNode snapshot = JSON.objectNode();
        ArrayNode models = snapshot.putArray("models");
        for (ModelInfo model : engine.models()) {
            models.addObject().put("name", model.name()).put("bundle", model.bundle()).put("bytes", model.bytes())
                    .put("chosen", model.chosen());
        }
        ArrayNode components = snapshot.putArray("components");
        for (ComponentInfo component : engine.components()) {
            ObjectNode json = components.addObject().put("kind", component.kind()).put("name", component.name())
                    .put("bundle", component.bundle());
            component.usedBy().forEach(json.putArray("used_by")::add);
        }
        ArrayNode families = snapshot.putArray("families");
        for (FamilyInfo family : engine.families()) {
            ObjectNode json = families.addObject().put("name", family.name()).put("bundle", family.bundle());
            family.usedBy().forEach(json.putArray("used_by")::add);
        }
        ArrayNode backends = snapshot.putArray("backends");
        for (BackendInfo backend : engine.backends()) {
            ObjectNode json = backends.addObject().put("name", backend.name()).put("bundle", backend.bundle())
                    .put("unavailable", backend.unavailable());
            ArrayNode devices = json.putArray("devices");
            backend.devices().forEach(device -> devices.addObject().put("name", device.name()).put("description", device.description()));
            backend.usedBy().forEach(json.putArray("used_by")::add);
        }
        ArrayNode inUse = snapshot.putArray("in_use");
        for (InUse use : engine.inUse()) {
            ObjectNode json = inUse.addObject().put("model", use.model()).put("device", use.device().orElse(null))
                    .put("outdated", use.outdated());
            ArrayNode parts = json.putArray("components");
            use.components().forEach(part -> parts.addObject().put("kind", part.kind()).put("name", part.name())
                    .put("bundle", part.bundle()));
        }
        return snapshot.put("default_backend", engine.backends().stream().filter(BackendInfo::chosen).map(BackendInfo::name).findFirst()
                .orElse(null));
    }

    /** Returns what goes on at this moment. */
    static ObjectNode metrics(Engine engine, HttpServer server) {
        Metrics metrics = engine.metrics();
        int[] queue = server.queue();
        ObjectNode json = JSON.objectNode().put("in_flight", metrics.inFlight()).put("waiting", metrics.waiting())
                .put("running", queue[0]).put("queue", queue[1]).put("tokens", metrics.tokens())
                .put("tokens_per_second", metrics.tokensPerSecond());
        json.set("pauses", spans(metrics.pauses()));
        json.set("gaps", spans(metrics.gaps()));
        return json;
    }

    private static ObjectNode spans(Metrics.Spans spans) {
        return JSON.objectNode().put("count", spans.count()).put("p50_ms", spans.p50Ms()).put("p99_ms", spans.p99Ms())
                .put("max_ms", spans.maxMs());
    }
}
