package org.intarsia.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import org.intarsia.engine.api.Topics;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;
import org.osgi.service.event.Event;

class EventLogTest {
    private final EventLog log = new EventLog();
    private final EventFeed feed = new EventFeed(log);

    @Test
    void aMessageStandsForTheEvent() {
        feed.handleEvent(new Event(Topics.BACKEND_SWAPPED, Map.of("timestamp", 0L, Topics.MODEL, "picturebook",
                "message", "picturebook runs on vulkan now")));

        assertThat(log.last(9)).singleElement().hasToString(
                "1970-01-01T00:00:00Z org/intarsia/swap/BACKEND: picturebook runs on vulkan now");
    }

    @Test
    void aBundleIsNamedAndItsObjectsAreNotHeld() {
        Bundle bundle = (Bundle) Proxy.newProxyInstance(Bundle.class.getClassLoader(), new Class<?>[] {Bundle.class},
                (self, method, arguments) -> method.getName().equals("getVersion") ? Version.parseVersion("1.2.3") : null);
        feed.handleEvent(new Event(Topics.BUNDLES + "STARTED", Map.of("timestamp", 1000L, "bundle", bundle,
                "bundle.symbolicName", "org.intarsia.tokenizer")));

        assertThat(log.last(9)).singleElement()
                .hasToString("1970-01-01T00:00:01Z org/osgi/framework/BundleEvent/STARTED: org.intarsia.tokenizer 1.2.3")
                .satisfies(happening -> assertThat(happening.properties()).doesNotContainKey("bundle"));
    }

    @Test
    void theOldestIsForgottenFirst() {
        for (int i = 0; i <= EventLog.CAPACITY; i++) {
            feed.handleEvent(new Event(Topics.GENERATION_PAUSED, Map.of("number", i)));
        }

        assertThat(log.last(Integer.MAX_VALUE)).hasSize(EventLog.CAPACITY).first()
                .satisfies(happening -> assertThat(happening.properties()).containsEntry("number", 1));
        assertThat(log.last(2)).extracting(happening -> happening.properties().get("number"))
                .containsExactly(EventLog.CAPACITY - 1, EventLog.CAPACITY);
    }

    @Test
    void whoFollowsHearsOfTheLastAndOfAllThatComes() throws InterruptedException {
        feed.handleEvent(new Event(Topics.GENERATION_PAUSED, Map.of("number", 1)));
        feed.handleEvent(new Event(Topics.GENERATION_PAUSED, Map.of("number", 2)));
        try (EventLog.Following following = log.follow(1)) {
            feed.handleEvent(new Event(Topics.GENERATION_RESUMED, Map.of("number", 3)));

            assertThat(List.of(following.next(), following.next()))
                    .extracting(happening -> happening.properties().get("number")).containsExactly(2, 3);
        }
    }
}
