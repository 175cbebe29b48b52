/**
 * Health checks, as Apache Felix knows them, for every installed model and backend: begin with
 * {@link org.intarsia.health.HealthChecks}, which registers one
 * {@link org.apache.felix.hc.api.HealthCheck} service for each and takes it back when its bundle leaves.
 * <p>
 * A bundle of its own, since engine and backends are whole without it, and since nobody who embeds the engine should need
 * the health checks' API for that. Only Felix's API is here: its executor ({@code org.apache.felix.healthcheck.core}) wants
 * the servlet API even where nothing listens. The command {@code health} runs the services itself; that executor, where
 * somebody installs it, finds the same services by their tags {@code model} and {@code backend}.
 */
package org.intarsia.health;
