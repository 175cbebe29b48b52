/**
 * Which codes a picture of the painted world has, and the tables of weights behind codes.
 *
 * <p>Begin with {@link org.intarsia.training.codes.SceneCodes}. {@link org.intarsia.training.codes.BlockCodes} are learnt
 * from pictures, {@link org.intarsia.training.codes.PieceCodes} follow from the scene alone; with these, a
 * {@link org.intarsia.training.codes.FactorTable} stands for the codebook in training, and
 * {@link org.intarsia.training.codes.FactoredTables} for the transformer's tables.
 * {@link org.intarsia.training.codes.FreshWeights} are what a training begins with; they are for one thread at a time, all
 * else is safe to share.
 */
package org.intarsia.training.codes;
