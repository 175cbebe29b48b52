package org.intarsia.engine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.intarsia.engine.stages.Stage;
import org.intarsia.engine.stages.StageHost;
import org.intarsia.engine.stages.StageHosts;
import org.intarsia.engine.stages.StageLayers;
import org.intarsia.engine.stages.StageLostException;
import org.intarsia.engine.stages.StageStep;
import org.intarsia.model.api.ModelException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.ComponentServiceObjects;

/** Other engines in this process that compute layers, without a network between. */
final class OtherHosts implements StageHosts, ComponentServiceObjects<StageHosts> {
    final List<OtherHost> hosts = new ArrayList<>();
    private final List<Runnable> watchers = new CopyOnWriteArrayList<>();

    /** Adds a host that has a model. */
    OtherHost add(Path model) {
        return add(new Workshop().withAllFamilies(), model);
    }

    /** Adds a host with that engine. */
    OtherHost add(Workshop workshop, Path model) {
        OtherHost host = new OtherHost("host" + hosts.size(), workshop, model);
        hosts.add(host);
        return host;
    }

    /** Tells those who watch. */
    void tell() {
        watchers.forEach(Runnable::run);
    }

    @Override
    public List<StageHost> hosts(List<String> addresses) {
        return List.copyOf(hosts);
    }

    @Override
    public StageHost.Capacity local() {
        return new StageHost.Capacity(0, 0);
    }

    @Override
    public void watch(Runnable watcher) {
        watchers.add(watcher);
    }

    @Override
    public void unwatch(Runnable watcher) {
        watchers.remove(watcher);
    }

    @Override
    public StageHosts getService() {
        return this;
    }

    @Override
    public void ungetService(StageHosts service) {
    }

    @Override
    public ServiceReference<StageHosts> getServiceReference() {
        return null;
    }

    /** A host with an engine of its own. */
    static final class OtherHost implements StageHost {
        final Workshop workshop;
        final OpenModel model;
        final List<StageLayers> opened = new ArrayList<>();
        int open;
        int steps;
        /** Steps until it is lost. */
        int left = Integer.MAX_VALUE;
        boolean lost;
        boolean refuses;
        private final String address;

        private OtherHost(String address, Workshop workshop, Path directory) {
            this.address = address;
            this.workshop = workshop;
            this.model = workshop.open(directory);
        }

        @Override
        public String address() {
            return address;
        }

        @Override
        public String id() {
            return "process of " + address;
        }

        @Override
        public Optional<String> unusable() {
            return lost ? Optional.of(address + " is lost") : Optional.empty();
        }

        @Override
        public Capacity capacity() {
            return new Capacity(0, 0);
        }

        @Override
        public Stage open(StageLayers layers) {
            if (refuses) {
                throw new ModelException(address + " has other weights now");
            }
            Stage stage = model.stage(layers);
            opened.add(layers);
            open++;
            return new Stage() {
                private boolean closed;

                @Override
                public String where() {
                    return stage.where();
                }

                @Override
                public boolean isAlikeBesideOthers() {
                    return stage.isAlikeBesideOthers();
                }

                @Override
                public void grow(int blocks) {
                    stage.grow(blocks);
                }

                @Override
                public float[] run(StageStep step) {
                    if (left-- == 0) {
                        lost = true;
                        throw new StageLostException(address + " is lost", true);
                    }
                    steps++;
                    return stage.run(step);
                }

                @Override
                public void close() {
                    open -= closed ? 0 : 1;
                    closed = true;
                    stage.close();
                }
            };
        }
    }
}
