/**
 * Matrix products and convolutions.
 *
 * <p>Begin with {@link org.intarsia.backend.cpu.product.ProductSteps}, which chooses how a product is computed.
 * {@link org.intarsia.backend.cpu.product.Gemm} packs panels and multiplies tiles, for any operands;
 * {@link org.intarsia.backend.cpu.product.Convolution} is made of such products. {@link org.intarsia.backend.cpu.product.DotProduct}
 * reads weights as they are stored, for up to 512 rows, a few of them by machine code where that has the same bits, and a row has the
 * same bits beside any number of others. Where a plan may round,
 * {@link org.intarsia.backend.cpu.product.PackedProduct} and {@link org.intarsia.backend.cpu.product.Bf16Product} multiply rounded rows
 * by machine code, {@link org.intarsia.backend.cpu.product.LibraryProduct} by a library, and
 * {@link org.intarsia.backend.cpu.product.MixedProduct} rounds both sides of a {@code Gemm} to BF16.
 *
 * <p>Sums have an order that depends on the shape alone, so bits do not depend on the number of threads. README.md says which encoding
 * is read how, and how fast.
 */
package org.intarsia.backend.cpu.product;
