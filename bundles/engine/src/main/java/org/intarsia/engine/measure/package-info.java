/**
 * Measurements: the speed of devices and models, and counts of the running engine.
 *
 * <p>Begin with {@link org.intarsia.engine.measure.MeterService}, the service that measures on request: {@link
 * org.intarsia.engine.measure.ProductMeter} and {@link org.intarsia.engine.measure.AttentionMeter} measure devices, {@link
 * org.intarsia.engine.measure.ModelMeter} models, through what users call; {@link org.intarsia.engine.measure.Stopwatch} says how long.
 * {@link org.intarsia.engine.measure.Recorder} counts generations, tokens and pauses (a {@link
 * org.intarsia.engine.measure.SpanRecorder} keeps their lengths), and publishes swaps and waits as events where EventAdmin runs.
 *
 * <p><em>Threads.</em> Meters measure on the caller's thread and end when it is interrupted. The recorder may be used by several
 * threads; its monitors are held for moments.
 */
package org.intarsia.engine.measure;
