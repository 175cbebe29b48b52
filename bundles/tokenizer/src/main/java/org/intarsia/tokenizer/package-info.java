/**
 * Text ↔ ids by the very library that published checkpoints were made with: Hugging Face's {@code tokenizers}, a native
 * library, in the build that the DJL project makes for Java.
 *
 * <p>Begin with {@link org.intarsia.tokenizer.HuggingFaceTokenizerFactory}, the service;
 * {@link org.intarsia.tokenizer.TokenizerJson} opens any {@code tokenizer.json}.
 *
 * <p>We call the native methods directly. DJL's own Java layer above them would add a cache in the user's home, look-ups
 * through the thread's context class loader, downloads where something is missing, and truncation to 512 tokens; without
 * it two small classes and the library itself remain. The framework unpacks the library into the bundle's cache (see
 * Bundle-NativeCode in bnd.bnd), once for each revision of the bundle, so processes do not share files, an updated bundle
 * loads a library of its own, and nothing remains when the bundle is gone.
 *
 * <p>Nothing is loaded before the first tokenizer is opened. Measured on two Zen 4 cores inside Felix, that first opening
 * takes 90 ms of processor time, of which the library itself is 3 and the vocabulary of some hundred tokens 2 (the rest is
 * the loading of Java classes), and 170 ms when the framework has yet to unpack the library.
 */
package org.intarsia.tokenizer;
